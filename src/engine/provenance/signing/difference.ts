import type { Piece } from '../../labels/writing/pieces.ts';
import type { ByteSource } from '../../media/bytes.ts';

/**
 * The new bytes told by the old file: a manifest put in or exchanged at one place, numbers patched elsewhere. What stayed need
 * not be carried along. Looks at the old file once; where bytes moved by another distance than the whole file grew, they count
 * as new.
 */
export function piecesBetween(source: ByteSource, made: Uint8Array): Piece[] {
  const grown = made.length - source.size;
  const pieces: Piece[] = [];
  const start = sameFrom(source, made);
  push(pieces, { from: 0, length: start });
  for (let at = start; at < made.length; at += blockBytes) {
    const block = made.subarray(at, at + blockBytes);
    const from = at - grown;
    // Blocks before the manifest's place would be read backwards over what `start` already covers.
    const same = from >= start && from + block.length <= source.size && isSame(source.read(from, block.length), block);
    push(pieces, same ? { from, length: block.length } : { bytes: block });
  }
  return pieces;
}

const blockBytes = 4096;
const windowBytes = 1024 * 1024;

/** How many bytes both begin with. */
function sameFrom(source: ByteSource, made: Uint8Array): number {
  const most = Math.min(source.size, made.length);
  for (let at = 0; at < most; at += windowBytes) {
    const old = source.read(at, Math.min(windowBytes, most - at));
    const fresh = made.subarray(at, at + old.length);
    if (!isSame(old, fresh)) return at + old.findIndex((byte, index) => byte !== fresh[index]);
    // The file ended before its size: what comes after cannot be told by it.
    if (old.length === 0) return at;
  }
  return most;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** Joins what continues the last piece. Literal pieces are views of the one new file, so neighbours can grow together. */
function push(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  if ('bytes' in piece) {
    if (last && 'bytes' in last)
      last.bytes = new Uint8Array(last.bytes.buffer, last.bytes.byteOffset, last.bytes.length + piece.bytes.length);
    else if (piece.bytes.length > 0) pieces.push(piece);
    return;
  }
  if (last && 'from' in last && last.from + last.length === piece.from) last.length += piece.length;
  else if (piece.length > 0) pieces.push(piece);
}
