import type { Piece } from '../../labels/writing/pieces.ts';
import type { ByteSource } from '../../media/bytes.ts';

/**
 * The new bytes told by the old file, where a manifest was put in, exchanged or appended and some numbers were patched: what
 * stayed in its place, or moved by as much as the file grew, need not be carried along. Everything else counts as new.
 */
export function piecesBetween(source: ByteSource, made: Uint8Array): Piece[] {
  const grown = made.length - source.size;
  const pieces: Piece[] = [];
  const start = sameFrom(source, made);
  push(pieces, { from: 0, length: start });
  for (let at = start; at < made.length; at += blockBytes) {
    const block = made.subarray(at, at + blockBytes);
    const from = [at, at - grown].find((place) => isAt(source, place, block));
    push(pieces, from === undefined ? { bytes: block } : { from, length: block.length });
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

function isAt(source: ByteSource, place: number, block: Uint8Array): boolean {
  return place >= 0 && place + block.length <= source.size && isSame(source.read(place, block.length), block);
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
