import { crc32, deflateRawSync } from 'node:zlib';
import type { ByteSource } from '../../media/bytes.ts';
import { collect, maxFieldBytes } from '../containers/collect.ts';
import { concat, findLastBytes, startsWith, u16le, u32le } from '../containers/integers.ts';
import { readZipMember } from '../containers/zip.ts';
import { memberBytes, type ZipMember, zipMemberAt } from '../containers/zip-directory.ts';
import { maxNodes } from '../metadata.ts';
import { LabelRefusal } from './change.ts';
import type { Edit } from './pieces.ts';

/** A zip archive whose directory is beyond doubt (PKWARE APPNOTE 4.3): not split, no zip64, nothing before it. */
export interface ZipArchive {
  members: ZipEntry[];
  directoryAt: number;
  directoryBytes: number;
  /** Offset of the end record. */
  endAt: number;
}

export interface ZipEntry extends ZipMember {
  /** The entry of the central directory, as it stands. */
  record: Uint8Array;
}

export function openZip(source: ByteSource): ZipArchive {
  const damaged = new LabelRefusal('container-damaged', 'central directory');
  const tailAt = Math.max(0, source.size - maxTailBytes);
  const tail = source.read(tailAt, maxTailBytes);
  const found = findLastBytes(tail.subarray(0, Math.max(0, tail.length - 18)), 'PK\x05\x06');
  if (found < 0) throw damaged;
  const end = tail.subarray(found);
  const endAt = tailAt + found;
  const [directoryBytes, directoryAt] = [u32le(end, 12), u32le(end, 16)];
  const count = u16le(end, 10);
  const isZip64 = found >= 20 && startsWith(tail, 'PK\x06\x07', found - 20);
  if (isZip64 || count === 0xffff || directoryAt === 0xffffffff)
    throw new LabelRefusal('container-variant', 'central directory (zip64)');
  if (u16le(end, 4) !== 0 || u16le(end, 6) !== 0 || u16le(end, 8) !== count) {
    throw new LabelRefusal('container-variant', 'central directory (split)');
  }
  if (directoryAt + directoryBytes !== endAt || endAt + 22 + u16le(end, 20) !== source.size) throw damaged;
  if (directoryBytes > maxDirectoryBytes) throw new LabelRefusal('container-too-large', 'central directory');
  const bytes = source.read(directoryAt, directoryBytes);
  const members: ZipEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const entry = zipMemberAt(bytes, at);
    if (!entry || entry.next > bytes.length || members.length >= maxNodes) throw damaged;
    if ([20, 24, 42].some((field) => u32le(bytes, at + field) === 0xffffffff))
      throw new LabelRefusal('container-variant', 'central directory (zip64)');
    members.push({ ...entry.member, record: bytes.subarray(at, entry.next) });
    at = entry.next;
  }
  if (members.length !== count) throw damaged;
  return { members, directoryAt, directoryBytes, endAt };
}

const maxTailBytes = 65_557 + 20;
const maxDirectoryBytes = 16 * 1024 * 1024;

/** Content of a small member, its checksum verified. */
export function memberContent(source: ByteSource, member: ZipEntry): Uint8Array {
  if (member.encrypted) throw new LabelRefusal('container-encrypted', member.name);
  if (member.bytes > maxFieldBytes) throw new LabelRefusal('container-too-large', member.name);
  const collector = collect(source.size);
  const bytes = readZipMember(collector, source, member, maxFieldBytes);
  const isWhole = collector.metadata.findings.length === 0 && bytes.length === member.bytes;
  if (!isWhole || crc32(bytes) !== u32le(member.record, 16)) throw new LabelRefusal('container-damaged', member.name);
  return bytes;
}

/**
 * Edits that give members new content where they stand, put new ones behind all others, and make the directory anew. Members that are
 * not named keep their compressed bytes. `added` takes date and attributes from `like`: nobody asks a clock.
 */
export function editZip(
  source: ByteSource,
  archive: ZipArchive,
  changed: ReadonlyMap<ZipEntry, Uint8Array>,
  added: readonly { name: string; content: Uint8Array; like: ZipEntry }[],
): Edit[] {
  if (changed.size === 0 && added.length === 0) return [];
  const edits: Edit[] = [];
  const moves: { from: number; by: number }[] = [];
  const records = new Map<ZipEntry, Uint8Array>();
  for (const [member, content] of changed) {
    const stored = localEntry(nameOf(member.record), content, member.record, member.method);
    const remove = localBytes(source, archive, member);
    edits.push({ at: member.at, remove, insert: stored.local });
    moves.push({ from: member.at, by: stored.local.length - remove });
    records.set(member, stored.record);
  }
  const newLocals: Uint8Array[] = [];
  const newRecords: Uint8Array[] = [];
  let end = archive.directoryAt + moves.reduce((sum, { by }) => sum + by, 0);
  for (const { name, content, like } of added) {
    const stored = localEntry(Buffer.from(name), content, withoutExtras(like.record), 8);
    newLocals.push(stored.local);
    newRecords.push(at(stored.record, end));
    end += stored.local.length;
  }
  const kept = archive.members.map((member) => {
    const by = moves.reduce((sum, move) => sum + (move.from < member.at ? move.by : 0), 0);
    return at(records.get(member) ?? member.record, member.at + by);
  });
  const directory = concat([...kept, ...newRecords]);
  const counts = Buffer.alloc(12);
  const count = archive.members.length + added.length;
  if (end + directory.length >= 0xffffffff) throw new LabelRefusal('container-too-large', 'central directory');
  if (count >= 0xffff) throw new LabelRefusal('no-room', 'central directory');
  counts.writeUInt16LE(count, 0);
  counts.writeUInt16LE(count, 2);
  counts.writeUInt32LE(directory.length, 4);
  counts.writeUInt32LE(end, 8);
  const insert = concat([...newLocals, directory]);
  edits.push({ at: archive.directoryAt, remove: archive.directoryBytes, insert });
  edits.push({ at: archive.endAt + 8, remove: 12, insert: counts });
  return edits;
}

/** Bytes of a member from its local header to behind its data, or the descriptor that follows the data. */
function localBytes(source: ByteSource, archive: ZipArchive, member: ZipEntry): number {
  const damaged = new LabelRefusal('container-damaged', member.name);
  const head = source.read(member.at, 30);
  const length = 30 + u16le(head, 26) + u16le(head, 28) + member.packedBytes;
  const name = source.read(member.at + 30, u16le(head, 26));
  if (!startsWith(head, 'PK\x03\x04') || Buffer.compare(name, nameOf(member.record)) !== 0) throw damaged;
  const ends = archive.members.map((other) => other.at).filter((other) => other > member.at);
  const limit = ends.reduce((least, other) => Math.min(least, other), archive.directoryAt);
  const others = archive.members.filter((other) => other.at === member.at);
  if (member.at + length > limit || others.length > 1) throw damaged;
  // Bit 3: checksum and sizes follow, with or without a mark of their own (4.3.9).
  if ((u16le(head, 6) & 8) === 0) return length;
  const marked = startsWith(source.read(member.at + length, 4), 'PK\x07\x08') ? 16 : 12;
  if (member.at + length + marked > limit) throw damaged;
  return length + marked;
}

/** A local header with its data, and the directory's entry of it; its offset is still the old one. */
function localEntry(
  name: Uint8Array,
  content: Uint8Array,
  template: Uint8Array,
  method: number,
): { local: Uint8Array; record: Uint8Array } {
  const isDeflated = method === 8;
  const data = isDeflated ? deflateRawSync(content) : content;
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04', 'latin1');
  head.writeUInt16LE(20, 4);
  // Of the flags only the one for names in UTF-8 stays: sizes are known here.
  head.writeUInt16LE(u16le(template, 8) & 0x800, 6);
  head.writeUInt16LE(isDeflated ? 8 : 0, 8);
  head.set(template.subarray(12, 16), 10);
  head.writeUInt32LE(crc32(content), 14);
  head.writeUInt32LE(data.length, 18);
  head.writeUInt32LE(content.length, 22);
  head.writeUInt16LE(name.length, 26);
  const rest = template.subarray(memberBytes + u16le(template, 28));
  const record = Buffer.concat([template.subarray(0, memberBytes), name, rest]);
  record.set(head.subarray(6, 26), 8);
  record.writeUInt16LE(name.length, 28);
  return { local: concat([head, name, data]), record: new Uint8Array(record) };
}

function nameOf(record: Uint8Array): Uint8Array {
  return record.subarray(memberBytes, memberBytes + u16le(record, 28));
}

function withoutExtras(record: Uint8Array): Uint8Array {
  const bare = new Uint8Array(record.subarray(0, memberBytes + u16le(record, 28)));
  bare.fill(0, 30, 34);
  return bare;
}

function at(record: Uint8Array, offset: number): Uint8Array {
  const copy = new Uint8Array(record);
  new DataView(copy.buffer).setUint32(42, offset, true);
  return copy;
}
