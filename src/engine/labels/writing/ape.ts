import type { ByteSource } from '../../media/bytes.ts';
import { u32le } from '../containers/integers.ts';
import type { MetadataEntry } from '../metadata.ts';
import { LabelRefusal } from './change.ts';
import { blanked, withoutLabels } from './old-labels.ts';
import type { Edit } from './pieces.ts';

/**
 * Edits that take the labels out of an APEv2 tag with its footer at `footerAt`; `entries` are all that the reader found in the file.
 * A tag left without any item goes as a whole.
 */
export function editApe(source: ByteSource, footerAt: number, entries: readonly MetadataEntry[]): Edit[] {
  const footer = source.read(footerAt, 32);
  const itemsAt = footerAt + 32 - u32le(footer, 12);
  const headerAt = u32le(footer, 20) >= 0x8000_0000 ? itemsAt - 32 : itemsAt;
  const count = u32le(footer, 16);
  const edits: Edit[] = [];
  let removedBytes = 0;
  const seen = new Set<number>();
  for (const { key, kind, value, place } of entries) {
    const { offset = -1, length = 0, location } = place;
    if (location !== 'ape.tag' || offset < itemsAt || offset + length > footerAt || seen.has(offset)) continue;
    const rest = withoutLabels({ key, kind, value, location });
    if (rest === value) continue;
    seen.add(offset);
    const bytes = rest === null ? new Uint8Array(0) : blankedBytes(source.read(offset, length));
    edits.push({ at: offset, remove: length, insert: bytes });
    if (rest === null) removedBytes += length;
  }
  const removedItems = edits.filter(({ insert }) => insert.length === 0).length;
  if (removedItems === 0) return edits;
  const end = footerAt + 32;
  if (removedItems >= count) return [{ at: headerAt, remove: end - headerAt, insert: new Uint8Array(0) }];
  if (headerAt < 0) throw new LabelRefusal('container-damaged', 'APEv2');
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(u32le(footer, 12) - removedBytes, 0);
  sizes.writeUInt32LE(count - removedItems, 4);
  const starts = headerAt === itemsAt ? [footerAt] : [headerAt, footerAt];
  return [...edits, ...starts.map((at) => ({ at: at + 12, remove: 8, insert: sizes }))];
}

/** An ID3v1 field has a fixed length: what looks like a label in it becomes zeros. */
export function editId3v1(start: number, entries: readonly MetadataEntry[]): Edit[] {
  return entries.flatMap(({ key, kind, value, place }) => {
    const { offset = -1, length = 0, location } = place;
    if (location !== 'id3.v1' || offset < start || offset + length > start + 128) return [];
    if (withoutLabels({ key, kind, value, location }) === value) return [];
    return [{ at: offset, remove: length, insert: new Uint8Array(length) }];
  });
}

/** Labels in text of one byte a character, or two, turned into blanks of the same length; other bytes stay. */
export function blankedBytes(bytes: Uint8Array): Uint8Array {
  const narrow = Buffer.from(bytes).toString('latin1');
  const blank = blanked(narrow);
  if (blank !== narrow) return Buffer.from(blank, 'latin1');
  for (const start of [0, 1]) {
    for (const order of ['little', 'big'] as const) {
      const pairs = Buffer.from(bytes.subarray(start, bytes.length - ((bytes.length - start) % 2)));
      if (order === 'big') pairs.swap16();
      const wide = pairs.toString('utf16le');
      const without = blanked(wide);
      if (without === wide) continue;
      const out = Buffer.from(without, 'utf16le');
      if (order === 'big') out.swap16();
      return Buffer.concat([bytes.subarray(0, start), out, bytes.subarray(start + out.length)]);
    }
  }
  return bytes;
}
