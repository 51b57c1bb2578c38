import type { ByteSource } from '../../media/bytes.ts';
import { maxReadBytes } from '../../media/bytes.ts';

/** One change to a file: `remove` bytes at `at` give way to `insert`. Both may be empty. */
export interface Edit {
  at: number;
  remove: number;
  insert: Uint8Array;
}

/** A stretch of the new file: kept from the old one, or new bytes. A file of many gigabytes is told in a handful of them. */
export type Piece = { from: number; length: number } | { bytes: Uint8Array };

/**
 * The new file as pieces in order. Edits may come in any order; several at the same place keep the order they came in.
 * Throws a RangeError where edits overlap or reach beyond the file: a mistake of the writer, never of the file.
 */
export function piecesOf(size: number, edits: readonly Edit[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.at - b.at)) {
    if (edit.at < at || edit.at + edit.remove > size)
      throw new RangeError(`edit at ${edit.at} overlaps or reaches out`);
    if (edit.at > at) pieces.push({ from: at, length: edit.at - at });
    if (edit.insert.length > 0) pieces.push({ bytes: edit.insert });
    at = edit.at + edit.remove;
  }
  if (at < size) pieces.push({ from: at, length: size - at });
  return pieces;
}

/** A second change told in terms of the file that a first one makes, as one change of the first file. */
export function composed(first: readonly Piece[], second: readonly Piece[]): Piece[] {
  const starts = startsOf(first);
  return second.flatMap((piece) => {
    if ('bytes' in piece) return [piece];
    const parts: Piece[] = [];
    const end = piece.from + piece.length;
    for (let index = pieceAt(starts, piece.from); index < first.length; index += 1) {
      const start = starts[index] ?? 0;
      if (start >= end) break;
      const inner = first[index] as Piece;
      const from = Math.max(0, piece.from - start);
      const to = Math.min(lengthOf(inner), end - start);
      if (to <= from) continue;
      parts.push(
        'bytes' in inner ? { bytes: inner.bytes.subarray(from, to) } : { from: inner.from + from, length: to - from },
      );
    }
    return parts;
  });
}

/** Size in bytes of the file that the pieces make. */
export function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
}

/** The new file as a ByteSource, without making it. */
export function pieceSource(source: ByteSource, pieces: readonly Piece[]): ByteSource {
  const starts = startsOf(pieces);
  const size = sizeOf(pieces);

  function read(offset: number, length: number): Uint8Array {
    if (!(offset >= 0) || !(length > 0) || offset >= size) return new Uint8Array(0);
    const to = Math.min(size, offset + Math.min(length, maxReadBytes));
    const parts: Uint8Array[] = [];
    for (let index = pieceAt(starts, offset); index < pieces.length && (starts[index] ?? size) < to; index += 1) {
      const piece = pieces[index] as Piece;
      const start = starts[index] ?? 0;
      const from = Math.max(0, offset - start);
      const end = Math.min(lengthOf(piece), to - start);
      parts.push('bytes' in piece ? piece.bytes.subarray(from, end) : source.read(piece.from + from, end - from));
    }
    const [only] = parts;
    return parts.length === 1 && only ? only : new Uint8Array(Buffer.concat(parts));
  }

  return { size, read };
}

/** All bytes of the new file; for small files. */
export function bytesOf(source: ByteSource, pieces: readonly Piece[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(pieces.map((piece) => ('bytes' in piece ? piece.bytes : source.read(piece.from, piece.length)))),
  );
}

function lengthOf(piece: Piece): number {
  return 'bytes' in piece ? piece.bytes.length : piece.length;
}

/** Where each piece begins in the new file. */
function startsOf(pieces: readonly Piece[]): number[] {
  const starts: number[] = [];
  let at = 0;
  for (const piece of pieces) {
    starts.push(at);
    at += lengthOf(piece);
  }
  return starts;
}

/** Index of the piece that holds the offset. */
function pieceAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
