import type { ByteSource } from '../../media/bytes.ts';
import type { Collector } from './collect.ts';
import { decodeText } from './decode-text.ts';
import { concat, findLastBytes, startsWith, u16le, u32le, u64le } from './integers.ts';

/** One file of a zip archive, as the central directory describes it. */
export interface ZipMember {
  name: string;
  encrypted: boolean;
  method: number;
  packedBytes: number;
  bytes: number;
  /** Offset of the local header in the source. */
  at: number;
}

const maxDirectoryBytes = 16 * 1024 * 1024;
/** Longest end record: 22 bytes and a comment of 65,535, and the zip64 locator before it. */
const maxTailBytes = 65_557 + 20;
/** Deflate reaches 1032:1; office parts of text stay far below this. */
const maxRatio = 300;

/**
 * The members of a zip archive in the order of its central directory, zip64 included (PKWARE APPNOTE 4.3, 4.5.3).
 * Bytes before the archive are allowed for. Damage is a finding and yields the members before it.
 */
export function listZip(collector: Collector, source: ByteSource): ZipMember[] {
  const tailAt = Math.max(0, source.size - maxTailBytes);
  const tail = source.read(tailAt, maxTailBytes);
  const endAt = findLastBytes(tail, 'PK\x05\x06');
  if (endAt < 0 || endAt + 22 > tail.length) {
    collector.finding('truncated', 'central directory');
    return [];
  }
  const directory = directoryOf(source, tail, tailAt, endAt);
  if (!directory) {
    collector.finding('bad-structure', 'central directory');
    return [];
  }
  if (directory.bytes > maxDirectoryBytes) collector.finding('too-many-entries', 'central directory');
  return membersOf(collector, source.read(directory.at, Math.min(directory.bytes, maxDirectoryBytes)), directory.shift);
}

interface Directory {
  at: number;
  bytes: number;
  /** What must be added to every offset, because something stands before the archive. */
  shift: number;
}

function directoryOf(source: ByteSource, tail: Uint8Array, tailAt: number, endAt: number): Directory | null {
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
  if (startsWith(source.read(at, 4), 'PK\x01\x02') || bytes === 0) return { at, bytes, shift: 0 };
  const shift = endsAt - bytes - at;
  return shift > 0 && startsWith(source.read(at + shift, 4), 'PK\x01\x02') ? { at: at + shift, bytes, shift } : null;
}

function membersOf(collector: Collector, directory: Uint8Array, shift: number): ZipMember[] {
  const members: ZipMember[] = [];
  let at = 0;
  while (at + 46 <= directory.length) {
    if (!startsWith(directory, 'PK\x01\x02', at)) {
      collector.finding('bad-structure', 'central directory');
      break;
    }
    if (!collector.step('central directory')) break;
    const nameBytes = u16le(directory, at + 28);
    const extraBytes = u16le(directory, at + 30);
    const extraAt = at + 46 + nameBytes;
    const extra = directory.subarray(extraAt, extraAt + extraBytes);
    members.push(
      withZip64(extra, {
        name: decodeText(directory.subarray(at + 46, extraAt)),
        encrypted: (u16le(directory, at + 8) & 1) === 1,
        method: u16le(directory, at + 10),
        packedBytes: u32le(directory, at + 20),
        bytes: u32le(directory, at + 24),
        at: u32le(directory, at + 42),
      }),
    );
    at = extraAt + extraBytes + u16le(directory, at + 32);
  }
  return members.map((member) => ({ ...member, at: member.at + shift }));
}

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

/** Content of a small member, empty where it is encrypted, too large, a bomb or damaged; each of these is a finding. */
export function readZipMember(collector: Collector, source: ByteSource, member: ZipMember, limit: number): Uint8Array {
  const none = new Uint8Array(0);
  const where = member.name;
  if (member.encrypted) {
    collector.finding('encrypted-document', where);
    return none;
  }
  const ratio = member.bytes / Math.max(1, member.packedBytes);
  if (member.bytes > limit || member.packedBytes > limit || (member.bytes > 65_536 && ratio > maxRatio)) {
    collector.finding('compressed-too-large', where);
    return none;
  }
  const local = source.read(member.at, 30);
  if (!startsWith(local, 'PK\x03\x04')) {
    collector.finding('bad-structure', where);
    return none;
  }
  const dataAt = member.at + 30 + u16le(local, 26) + u16le(local, 28);
  const packed = collector.read(source, dataAt, member.packedBytes, where);
  if (member.method === 0) return packed;
  if (member.method === 8) return collector.inflate(concat([packed]), 'raw', where, limit);
  collector.finding('bad-structure', where);
  return none;
}
