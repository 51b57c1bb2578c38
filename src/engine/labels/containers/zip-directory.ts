import type { ByteSource } from '../../media/bytes.ts';
import { decodeText } from './decode-text.ts';
import { findLastBytes, startsWith, u16le, u32le, u64le } from './integers.ts';

/** One file of a zip archive, as the central directory describes it. */
export interface ZipMember {
  name: string;
  encrypted: boolean;
  method: number;
  packedBytes: number;
  bytes: number;
  /** Offset of the local header from the archive's start. */
  at: number;
}

export interface ZipDirectory {
  status: 'found';
  at: number;
  bytes: number;
  /** What must be added to every offset, because something stands before the archive. */
  shift: number;
}

/** Where the central directory lies, zip64 included (PKWARE APPNOTE 4.3); bytes before the archive are allowed for. */
export function findZipDirectory(source: ByteSource): ZipDirectory | { status: 'no-end-record' | 'misplaced' } {
  const tailAt = Math.max(0, source.size - maxTailBytes);
  const tail = source.read(tailAt, maxTailBytes);
  // The last one that has room for its 22 bytes.
  const endAt = findLastBytes(tail.subarray(0, Math.max(0, tail.length - 18)), 'PK\x05\x06');
  if (endAt < 0) return { status: 'no-end-record' };
  let bytes = u32le(tail, endAt + 12);
  let at = u32le(tail, endAt + 16);
  let endsAt = tailAt + endAt;
  const locatorAt = endAt - 20;
  if (locatorAt >= 0 && startsWith(tail, 'PK\x06\x07', locatorAt)) {
    const recordAt = u64le(tail, locatorAt + 8);
    const record = source.read(recordAt, 56);
    if (startsWith(record, 'PK\x06\x06')) {
      bytes = u64le(record, 40);
      at = u64le(record, 48);
      endsAt = recordAt;
    }
  }
  if (bytes === 0 || startsWith(source.read(at, 4), memberMark)) return { status: 'found', at, bytes, shift: 0 };
  const shift = endsAt - bytes - at;
  if (shift <= 0 || !startsWith(source.read(at + shift, 4), memberMark)) return { status: 'misplaced' };
  return { status: 'found', at: at + shift, bytes, shift };
}

/** The entry at an offset of the directory's bytes and where the next one begins; null where none begins. */
export function zipMemberAt(directory: Uint8Array, at: number): { member: ZipMember; next: number } | null {
  if (at + memberBytes > directory.length || !startsWith(directory, memberMark, at)) return null;
  const extraAt = at + memberBytes + u16le(directory, at + 28);
  const extraEnd = extraAt + u16le(directory, at + 30);
  const member = withZip64(directory.subarray(extraAt, extraEnd), {
    name: decodeText(directory.subarray(at + memberBytes, extraAt)),
    encrypted: (u16le(directory, at + 8) & 1) === 1,
    method: u16le(directory, at + 10),
    packedBytes: u32le(directory, at + 20),
    bytes: u32le(directory, at + 24),
    at: u32le(directory, at + 42),
  });
  return { member, next: extraEnd + u16le(directory, at + 32) };
}

/** An entry without its name, extra field and comment. */
export const memberBytes = 46;
const memberMark = 'PK\x01\x02';
/** Longest end record: 22 bytes and a comment of 65,535, and the zip64 locator before it. */
const maxTailBytes = 65_557 + 20;

/** Values of 0xFFFFFFFF stand in the zip64 extra field instead, in this order, only those that are needed. */
function withZip64(extra: Uint8Array, member: ZipMember): ZipMember {
  let at = 0;
  while (at + 4 <= extra.length && u16le(extra, at) !== 0x0001) at += 4 + u16le(extra, at + 2);
  if (at + 4 > extra.length) return member;
  let next = at + 4;
  const take = (value: number) => {
    if (value !== 0xffffffff) return value;
    next += 8;
    return u64le(extra, next - 8);
  };
  return { ...member, bytes: take(member.bytes), packedBytes: take(member.packedBytes), at: take(member.at) };
}
