import type { ByteSource } from '../../media/bytes.ts';
import { concat, startsWith, u16be, u16le, u32be, u32le, u64be, u64le } from '../containers/integers.ts';
import { maxDepth, maxNodes } from '../metadata.ts';
import { LabelRefusal } from './change.ts';
import { be, le } from './numbers.ts';

/** How a TIFF writes its numbers (TIFF 6.0 §2; BigTIFF proposal of libtiff). */
export interface TiffShape {
  big: boolean;
  u16(bytes: Uint8Array, at: number): number;
  /** An offset or a count: 32 bits, or 64 in a BigTIFF. */
  long(bytes: Uint8Array, at: number): number;
  short(value: number): Uint8Array;
  longBytes(value: number): Uint8Array;
  width: 4 | 8;
}

export interface TiffEntry {
  tag: number;
  type: number;
  /** Offset of the value and its bytes; the value may stand in the entry itself. */
  at: number;
  bytes: number;
  isInline: boolean;
  /** The entry as it stands in the directory, and where. */
  raw: Uint8Array;
  entryAt: number;
}

export interface TiffDirectory {
  /** As the reader names it: `IFD0`, `IFD0/SubIFD[0]`. */
  name: string;
  at: number;
  /** Behind the pointer to the next directory. */
  end: number;
  entries: TiffEntry[];
  next: number;
}

export interface TiffFile {
  shape: TiffShape;
  /** Where the offset of the first directory is written. */
  pointerAt: number;
  first: TiffDirectory;
  /** All directories, the first among them. */
  directories: TiffDirectory[];
}

/** Every directory that the reader opens, pages, previews and EXIF. Throws a LabelRefusal for one that is cut off. */
export function tiffFile(source: ByteSource): TiffFile {
  const header = source.read(0, 16);
  const shape = shapeOf(header);
  const pointerAt = shape.big ? 8 : 4;
  const waiting: Waiting[] = [{ at: shape.long(header, pointerAt), name: 'IFD0', depth: 0, page: 0 }];
  const visited = new Set([0]);
  const directories: TiffDirectory[] = [];
  let entries = 0;
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    // A cycle ends by itself.
    if (visited.has(one.at)) continue;
    visited.add(one.at);
    if (one.depth > maxDepth) throw new LabelRefusal('container-damaged', one.name.slice(0, 200));
    const directory = directoryAt(source, shape, one);
    entries += directory.entries.length + 1;
    if (entries > maxNodes) throw new LabelRefusal('container-too-large', directory.name);
    directories.push(directory);
    if (one.page !== null)
      waiting.push({ at: directory.next, name: `IFD${one.page + 1}`, depth: 0, page: one.page + 1 });
    for (const entry of directory.entries) waiting.push(...childrenOf(source, shape, one, entry));
  }
  const [first] = directories;
  if (!first) throw new LabelRefusal('container-damaged', 'IFD0');
  return { shape, pointerAt, first, directories };
}

/** The bytes of a directory with these entries, in the order of their tags. */
export function directoryBytes(shape: TiffShape, entries: readonly Uint8Array[], next: number): Uint8Array {
  const count = shape.big ? shape.longBytes(entries.length) : shape.short(entries.length);
  const sorted = entries.toSorted((a, b) => shape.u16(a, 0) - shape.u16(b, 0));
  return concat([count, ...sorted, shape.longBytes(next)]);
}

/** An entry of bytes that stand elsewhere. */
export function entryBytes(
  shape: TiffShape,
  { tag, type, count, at }: { tag: number; type: number; count: number; at: number },
): Uint8Array {
  return concat([shape.short(tag), shape.short(type), shape.longBytes(count), shape.longBytes(at)]);
}

function shapeOf(header: Uint8Array): TiffShape {
  const order = startsWith(header, 'II') ? 'little' : startsWith(header, 'MM') ? 'big' : null;
  const u16 = order === 'little' ? u16le : u16be;
  const version = u16(header, 2);
  // 42 is TIFF, 43 BigTIFF; the others are raw cameras', with the same directories.
  if (!order || header.length < 8 || ![42, 43, 85, 0x4f52, 0x5352].includes(version))
    throw new LabelRefusal('container-damaged', 'header');
  const big = version === 43;
  if (big && (u16(header, 4) !== 8 || header.length < 16)) throw new LabelRefusal('container-damaged', 'header');
  const number = order === 'little' ? le : be;
  const width = big ? 8 : 4;
  const [u32, u64] = order === 'little' ? [u32le, u64le] : [u32be, u64be];
  return {
    big,
    u16,
    long: big ? u64 : u32,
    short: (value) => number(value, 2),
    longBytes: (value) => number(value, width),
    width,
  };
}

interface Waiting {
  at: number;
  name: string;
  depth: number;
  /** Its number in the chain of pages, null for directories inside others. */
  page: number | null;
}

function directoryAt(source: ByteSource, shape: TiffShape, { at, name }: Waiting): TiffDirectory {
  const countBytes = shape.big ? 8 : 2;
  const size = entrySize(shape);
  const head = source.read(at, countBytes);
  const count = shape.big ? shape.long(head, 0) : shape.u16(head, 0);
  const end = at + countBytes + count * size + shape.width;
  if (head.length < countBytes || count > 65_535 || end > source.size)
    throw new LabelRefusal('container-damaged', name);
  // A copy: what a source gives may change with its next read.
  const table = Uint8Array.from(source.read(at + countBytes, end - at - countBytes));
  if (table.length < end - at - countBytes) throw new LabelRefusal('container-damaged', name);
  const entries = Array.from({ length: count }, (_, index) => {
    const raw = table.subarray(index * size, (index + 1) * size);
    return entryOf(shape, raw, at + countBytes + index * size);
  });
  return { name, at, end, entries, next: shape.long(table, count * size) };
}

function entrySize(shape: TiffShape): number {
  return shape.big ? 20 : 12;
}

function entryOf(shape: TiffShape, raw: Uint8Array, entryAt: number): TiffEntry {
  const type = shape.u16(raw, 2);
  const bytes = shape.long(raw, 4) * (typeBytes[type] ?? 0);
  const valueAt = 4 + shape.width;
  const isInline = bytes <= shape.width;
  const at = isInline ? entryAt + valueAt : shape.long(raw, valueAt);
  return { tag: shape.u16(raw, 0), type, at, bytes, isInline, raw, entryAt };
}

/** Bytes of one value by type; 129 is the UTF-8 of Exif 3.0. */
const typeBytes: Record<number, number> = {
  ...{ 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4 },
  ...{ 16: 8, 17: 8, 18: 8, 129: 1 },
};

const subDirectories: Record<number, string> = { 34665: 'ExifIFD', 40965: 'InteropIFD', 330: 'SubIFD' };

function childrenOf(source: ByteSource, shape: TiffShape, parent: Waiting, entry: TiffEntry): Waiting[] {
  const name = subDirectories[entry.tag];
  const width = typeBytes[entry.type] ?? 0;
  if (name === undefined || (width !== 4 && width !== 8) || (width === 8 && !shape.big)) return [];
  const count = Math.min(entry.bytes / width, maxChildren);
  const pointers = source.read(entry.at, count * width);
  if (pointers.length < count * width) throw new LabelRefusal('container-damaged', `${parent.name}/${name}`);
  // Where offsets have 64 bits, short ones may stand in fields of 32.
  const at = (index: number) =>
    width === 8 || !shape.big ? shape.long(pointers, index * width) : short32(shape, pointers, index * width);
  return Array.from({ length: count }, (_, index) => {
    const label = entry.tag === 330 ? `${name}[${index}]` : name;
    return { at: at(index), name: `${parent.name}/${label}`, depth: parent.depth + 1, page: null };
  });
}

function short32(shape: TiffShape, bytes: Uint8Array, at: number): number {
  const isLittle = shape.u16(new Uint8Array([1, 0]), 0) === 1;
  return isLittle ? u32le(bytes, at) : u32be(bytes, at);
}

/** As many as the reader follows. */
const maxChildren = 1024;
