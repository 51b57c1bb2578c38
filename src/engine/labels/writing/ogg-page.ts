import type { ByteSource } from '../../media/bytes.ts';
import { concat, latin1, u32le } from '../containers/integers.ts';

/** One page of an Ogg file (RFC 3533 6). */
export interface OggPage {
  at: number;
  serial: number;
  sequence: number;
  /** 1: goes on with a packet, 2: begins a stream, 4: ends it. */
  flags: number;
  /** Eight bytes as they stand. */
  granule: Uint8Array;
  /** Lengths of the segments: 255 goes on, less ends a packet. */
  lacing: Uint8Array;
  bodyAt: number;
  end: number;
}

export const continues = 1;
export const begins = 2;
export const ends = 4;
export const maxSegments = 255;

/** The page at an offset; its body may reach beyond the file. */
export function oggPageAt(source: ByteSource, at: number): OggPage | null {
  const head = source.read(at, headBytes + maxSegments);
  const segments = head[26] ?? 0;
  if (latin1(head, 0, 4) !== 'OggS' || head.length < headBytes + segments || head[4] !== 0) return null;
  const lacing = head.slice(headBytes, headBytes + segments);
  const bodyAt = at + headBytes + segments;
  return {
    at,
    serial: u32le(head, 14),
    sequence: u32le(head, 18),
    flags: head[5] ?? 0,
    granule: head.slice(6, 14),
    lacing,
    bodyAt,
    end: bodyAt + lacing.reduce((sum, length) => sum + length, 0),
  };
}

const headBytes = 27;

/** Bytes of a new page, with its checksum. */
export function buildPage(
  page: Pick<OggPage, 'serial' | 'sequence' | 'flags' | 'granule' | 'lacing'>,
  body: Uint8Array,
): Uint8Array {
  const head = Buffer.alloc(headBytes);
  head.write('OggS', 'latin1');
  head[5] = page.flags;
  head.set(page.granule, 6);
  head.writeUInt32LE(page.serial, 14);
  head.writeUInt32LE(page.sequence, 18);
  head[26] = page.lacing.length;
  const whole = concat([head, page.lacing, body]);
  new DataView(whole.buffer).setUint32(22, checksum(whole), true);
  return whole;
}

/** Whether the page is whole and its checksum right. */
export function isIntact(source: ByteSource, page: OggPage): boolean {
  const bytes = source.read(page.at, page.end - page.at);
  if (bytes.length < page.end - page.at) return false;
  // Never `slice`: the source may hand out its own memory as a Buffer, whose slices are no copies.
  const copy = new Uint8Array(bytes);
  copy.fill(0, 22, 26);
  return checksum(copy) === u32le(bytes, 22);
}

/**
 * Number and checksum of a page (its bytes 18 to 25) with another number. A checksum is linear, so its change follows from the change of
 * the number and the length of the page alone: nothing else of the page is read, and a damaged one stays recognisable as damaged.
 */
export function renumbered(source: ByteSource, at: number, length: number, by: number): Uint8Array {
  const old = source.read(at + 18, 8);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE((u32le(old, 0) + by) >>> 0, 0);
  const difference = Buffer.alloc(4);
  for (let index = 0; index < 4; index += 1) difference[index] = (bytes[index] ?? 0) ^ (old[index] ?? 0);
  const change = multiply(checksum(difference), powers()[length - 22] ?? 0);
  bytes.writeUInt32LE((u32le(old, 4) ^ change) >>> 0, 4);
  return bytes;
}

const polynomial = 0x04c11db7;
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) value = (value << 1) ^ (value < 0 ? polynomial : 0);
  return value >>> 0;
});

/** CRC-32 with the highest bit first, beginning with zero and not inverted (RFC 3533 6). */
function checksum(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = ((value << 8) ^ (table[(value >>> 24) ^ byte] ?? 0)) >>> 0;
  return value;
}

/** Product of two polynomials modulo the checksum's. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 31; bit >= 0; bit -= 1) {
    product = (product << 1) ^ (product < 0 ? polynomial : 0);
    if (((b >>> bit) & 1) === 1) product ^= a;
  }
  return product >>> 0;
}

let knownPowers: Uint32Array | null = null;

/** x^(8n) for every n a page can be long: what n bytes behind a change do to it. */
function powers(): Uint32Array {
  if (knownPowers) return knownPowers;
  const list = new Uint32Array(headBytes + maxSegments * 256 + 1);
  let value = 1;
  for (let index = 0; index < list.length; index += 1) {
    list[index] = value;
    value = ((value << 8) ^ (table[value >>> 24] ?? 0)) >>> 0;
  }
  knownPowers = list;
  return list;
}
