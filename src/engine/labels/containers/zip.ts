import type { ByteSource } from '../../media/bytes.ts';
import type { Collector } from './collect.ts';
import { concat, startsWith, u16le } from './integers.ts';
import { findZipDirectory, memberBytes, type ZipMember, zipMemberAt } from './zip-directory.ts';

const maxDirectoryBytes = 16 * 1024 * 1024;
/** Deflate reaches 1032:1; office parts of text stay far below this. */
const maxRatio = 300;

/**
 * The members of a zip archive in the order of its central directory, their offsets counted from the start of the file.
 * Damage is a finding and yields the members before it.
 */
export function listZip(collector: Collector, source: ByteSource): ZipMember[] {
  const directory = findZipDirectory(source);
  if (directory.status !== 'found') {
    collector.finding(directory.status === 'no-end-record' ? 'truncated' : 'bad-structure', 'central directory');
    return [];
  }
  if (directory.bytes > maxDirectoryBytes) collector.finding('too-many-entries', 'central directory');
  const bytes = source.read(directory.at, Math.min(directory.bytes, maxDirectoryBytes));
  const members: ZipMember[] = [];
  for (let at = 0; at + memberBytes <= bytes.length; ) {
    const found = zipMemberAt(bytes, at);
    if (!found) {
      collector.finding('bad-structure', 'central directory');
      break;
    }
    if (!collector.step('central directory')) break;
    members.push({ ...found.member, at: found.member.at + directory.shift });
    at = found.next;
  }
  return members;
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
