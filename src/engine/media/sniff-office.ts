import { latin1, startsWith, u16le, u32le } from '../labels/containers/integers.ts';
import { findZipDirectory, zipMemberAt } from '../labels/containers/zip-directory.ts';
import type { ByteSource } from './bytes.ts';
import { document, type Sniffed } from './sniffed.ts';

/** Only zip archives that are Office Open XML: `[Content_Types].xml` and one of the parts every such package has. */
export function sniffOffice(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (!startsWith(head, 'PK\x03\x04')) return null;
  const names = [...centralNames(source), ...firstLocalNames(source)];
  if (!names.includes('[Content_Types].xml')) return null;
  const has = (folder: string) => names.some((name) => name.startsWith(folder));
  const office = 'application/vnd.openxmlformats-officedocument.';
  if (has('word/')) return document('ooxml', `${office}wordprocessingml.document`);
  if (has('ppt/')) return document('ooxml', `${office}presentationml.presentation`);
  if (has('xl/')) return document('ooxml', `${office}spreadsheetml.sheet`);
  return has('docProps/') ? document('ooxml', 'application/octet-stream') : null;
}

/** File names of the central directory, at most the first MiB of it. */
function centralNames(source: ByteSource): string[] {
  const directory = findZipDirectory(source);
  if (directory.status !== 'found') return [];
  const bytes = source.read(directory.at, Math.min(directory.bytes, 1024 * 1024));
  const names: string[] = [];
  for (let found = zipMemberAt(bytes, 0); found; found = zipMemberAt(bytes, found.next)) names.push(found.member.name);
  return names;
}

/** For archives whose end is missing: the local headers, as far as their sizes can be followed. */
function firstLocalNames(source: ByteSource): string[] {
  const names: string[] = [];
  for (let at = 0; names.length < 64; ) {
    const local = source.read(at, 30);
    if (local.length < 30 || !startsWith(local, 'PK\x03\x04')) break;
    const nameBytes = u16le(local, 26);
    names.push(latin1(source.read(at + 30, nameBytes)));
    // Bit 3: the sizes follow the data, so the next header cannot be reached from here.
    if ((u16le(local, 6) & 8) !== 0) break;
    at += 30 + nameBytes + u16le(local, 28) + u32le(local, 18);
  }
  return names;
}
