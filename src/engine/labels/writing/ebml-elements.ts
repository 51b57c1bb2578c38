import { crc32 } from 'node:zlib';
import type { ByteSource } from '../../media/bytes.ts';
import { elementHeaderAt } from '../containers/ebml.ts';
import { concat } from '../containers/integers.ts';
import { LabelRefusal } from './change.ts';
import { be, le } from './numbers.ts';

/** An EBML element whose size is known (RFC 8794). Offsets count from the beginning of what it was read from. */
export interface Element {
  /** With its length marker: `0x1254c367`. */
  id: number;
  start: number;
  bodyStart: number;
  end: number;
}

export const crc32Id = 0xbf;
export const voidId = 0xec;

/**
 * The elements of one level, in order. Throws a LabelRefusal where one reaches out of its parent, has no size or is none:
 * nothing is written into a structure that is not understood to its end.
 */
export function* elementsIn(source: ByteSource, start: number, end: number, where: string): Generator<Element> {
  for (let at = start; at < end; ) {
    const header = elementHeaderAt(source, at);
    if (!header || header.size === null || header.bodyStart + header.size > end) {
      throw new LabelRefusal('container-damaged', where);
    }
    const element = { id: header.id, start: at, bodyStart: header.bodyStart, end: header.bodyStart + header.size };
    yield element;
    at = element.end;
  }
}

/** A whole element; `sizeBytes` at least are spent on its size. */
export function element(id: number, body: Uint8Array, sizeBytes = 1): Uint8Array {
  return concat([idBytes(id), sizeOf(body.length, sizeBytes), body]);
}

/** A master element, with a checksum in front where it had one (RFC 8794 11.3.1). */
export function master(id: number, children: Uint8Array, hasChecksum: boolean, sizeBytes = 1): Uint8Array {
  const body = hasChecksum ? concat([element(crc32Id, le(crc32(children), 4)), children]) : children;
  return element(id, body, sizeBytes);
}

/** An element without meaning, so many bytes long in all: two at least. */
export function voidElement(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[0] = voidId;
  if (length < 10) bytes[1] = 0x80 | (length - 2);
  else bytes.set(sizeOf(length - 9, 8), 1);
  return bytes;
}

/** The element made to take exactly so many bytes, void included; null where it does not fit. */
export function filled(id: number, bytes: Uint8Array, length: number): Uint8Array | null {
  const missing = length - bytes.length;
  if (missing === 0) return bytes;
  if (missing > 1) return concat([bytes, voidElement(missing)]);
  if (missing < 0) return null;
  // A single byte is no element: the size takes it.
  const head = idBytes(id).length;
  const sizeBytes = Math.clz32(bytes[head] ?? 0) - 23;
  return sizeBytes >= 8 ? null : element(id, bytes.subarray(head + sizeBytes), sizeBytes + 1);
}

/** An unsigned integer in as few bytes as it needs, or in so many at least. */
export function unsigned(value: number, least = 1): Uint8Array {
  let width = least;
  while (width < 8 && value >= 256 ** width) width += 1;
  return be(value, width);
}

export function sizeOf(length: number, least = 1): Uint8Array {
  let width = least;
  // All ones mean an unknown size.
  while (width < 8 && length >= 2 ** (7 * width) - 1) width += 1;
  const bytes = be(length, width);
  bytes[0] = (bytes[0] ?? 0) | (0x80 >> (width - 1));
  return bytes;
}

function idBytes(id: number): Uint8Array {
  return unsigned(id);
}
