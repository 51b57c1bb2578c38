import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { maxDepth } from '../metadata.ts';
import type { Collector, EntryPlace } from './collect.ts';
import { collect } from './collect.ts';
import { decodeText, decodeUserComment, decodeUtf16, decodeXml, nulParts, textOrNull } from './decode-text.ts';
import { startsWith, u16be, u16le, u32be, u32le, u64be, u64le } from './integers.ts';
import { collectIptc, collectPhotoshopResources } from './iptc-iim.ts';

/**
 * Reads the text of an EXIF block: `length` bytes from `start`, which begin with a TIFF header (an `Exif\0\0` before it is skipped).
 * One entry per text tag of IFD0, IFD1 and the EXIF directory, keyed by tag name (`UserComment`, `Software` …); positions are never read.
 * Never throws; what is wrong is a finding. Source: Exif 2.32 and 3.0 (CIPA DC-008), TIFF 6.0.
 */
export function readExif(source: ByteSource, start: number, length: number, location: string): Metadata {
  const collector = collect(source.size);
  collectExif(collector, source, { start, length, location, path: '' });
  return collector.metadata;
}

export interface TiffBlock {
  /** Offset of the TIFF header in the source, and how many bytes belong to the block. */
  start: number;
  length: number;
  location: string;
  /** Location of a whole XMP packet in tag 700, where it differs. */
  xmpLocation?: string;
  /** Way to the block for a person; `IFD0/…` is appended. */
  path: string;
  /** Offset of the source's first byte in the file, when the source is a piece of it. */
  fileOffset?: number;
}

/** As `readExif`, under the limits of a collector that other parts of the same file share. BigTIFF is understood too. */
export function collectExif(collector: Collector, source: ByteSource, block: TiffBlock): void {
  const prefix = source.read(block.start, Math.min(6, block.length));
  const skipped = startsWith(prefix, 'Exif\0') ? 6 : 0;
  const start = block.start + skipped;
  const end = Math.min(source.size, block.start + block.length);
  const where = block.path === '' ? block.location : block.path;
  if (block.start + block.length > source.size) collector.finding('truncated', where);

  const header = source.read(start, Math.min(16, end - start));
  const shape = shapeOf(header);
  if (!shape) {
    collector.finding('bad-structure', where);
    return;
  }
  walk({ collector, source, block, start, end, shape }, firstDirectory(header, shape));
}

/** How numbers are written: byte order, and 32- or 64-bit offsets. */
interface Shape {
  order: 'big' | 'little';
  big: boolean;
  u16(bytes: Uint8Array, at: number): number;
  u32(bytes: Uint8Array, at: number): number;
  u64(bytes: Uint8Array, at: number): number;
}

function shapeOf(header: Uint8Array): Shape | null {
  const order = startsWith(header, 'II') ? 'little' : startsWith(header, 'MM') ? 'big' : null;
  if (!order || header.length < 8) return null;
  const little = order === 'little';
  const u16 = little ? u16le : u16be;
  const version = u16(header, 2);
  // 42 is TIFF, 43 BigTIFF; 85 and "OR"/"RS" are what raw cameras write in its place, with the same directories.
  if (![42, 43, 85, 0x4f52, 0x5352].includes(version)) return null;
  if (version === 43 && (u16(header, 4) !== 8 || header.length < 16)) return null;
  return { order, big: version === 43, u16, u32: little ? u32le : u32be, u64: little ? u64le : u64be };
}

function firstDirectory(header: Uint8Array, shape: Shape): number {
  return shape.big ? shape.u64(header, 8) : shape.u32(header, 4);
}

interface Walk {
  collector: Collector;
  source: ByteSource;
  block: TiffBlock;
  start: number;
  end: number;
  shape: Shape;
}

interface Directory {
  at: number;
  name: string;
  depth: number;
  /** Whether the directory's `next` pointer is followed, with the number the next one gets. */
  chain: number | null;
}

/** Directories are taken from a list instead of by recursion, each offset once: a cycle ends by itself. */
function walk(context: Walk, first: number): void {
  const { collector, shape } = context;
  const waiting: Directory[] = [{ at: first, name: 'IFD0', depth: 0, chain: 1 }];
  const visited = new Set<number>();
  for (let directory = waiting.pop(); directory; directory = waiting.pop()) {
    const where = pathOf(context, directory.name);
    if (directory.at === 0) continue;
    if (visited.has(directory.at)) {
      collector.finding('bad-structure', where);
      continue;
    }
    visited.add(directory.at);
    if (directory.depth > maxDepth) {
      collector.finding('nested-too-deep', where);
      continue;
    }
    if (!collector.step(where)) return;
    const table = readTable(context, directory, where);
    if (!table) continue;
    if (directory.chain !== null && table.next > 0) {
      waiting.push({ at: table.next, name: `IFD${directory.chain}`, depth: 0, chain: directory.chain + 1 });
    }
    for (let i = 0; i < table.count; i += 1) {
      if (!collector.step(where)) return;
      const field = fieldAt(shape, table.bytes, table.at, i);
      const children = childDirectories(context, field, directory);
      if (children) waiting.push(...children);
      else readField(context, field, directory.name);
    }
  }
}

interface Table {
  bytes: Uint8Array;
  count: number;
  /** Offset of the table's first field in the block. */
  at: number;
  next: number;
}

function readTable(context: Walk, directory: Directory, where: string): Table | null {
  const { source, start, end, shape, collector } = context;
  const countBytes = shape.big ? 8 : 2;
  const fieldBytes = shape.big ? 20 : 12;
  const from = start + directory.at;
  const head = within(source, from, countBytes, end);
  if (head.length < countBytes) {
    collector.finding('truncated', where);
    return null;
  }
  const declared = shape.big ? shape.u64(head, 0) : shape.u16(head, 0);
  const room = Math.floor((end - from - countBytes) / fieldBytes);
  if (declared > room) collector.finding('truncated', where);
  const count = Math.min(declared, room, 65_535);
  const bytes = within(source, from + countBytes, count * fieldBytes, end);
  const after = within(source, from + countBytes + count * fieldBytes, shape.big ? 8 : 4, end);
  const whole = declared === count && after.length === (shape.big ? 8 : 4);
  const next = whole ? (shape.big ? shape.u64(after, 0) : shape.u32(after, 0)) : 0;
  return { bytes, count: Math.floor(bytes.length / fieldBytes), at: directory.at + countBytes, next };
}

interface Field {
  tag: number;
  type: number;
  count: number;
  bytes: number;
  /** Offset of the value in the block. */
  at: number;
}

function fieldAt(shape: Shape, table: Uint8Array, tableAt: number, index: number): Field {
  const fieldBytes = shape.big ? 20 : 12;
  const inlineBytes = shape.big ? 8 : 4;
  const at = index * fieldBytes;
  const tag = shape.u16(table, at);
  const type = shape.u16(table, at + 2);
  const count = shape.big ? shape.u64(table, at + 4) : shape.u32(table, at + 4);
  const bytes = count * (typeBytes[type] ?? 0);
  const valueAt = at + fieldBytes - inlineBytes;
  const pointed = shape.big ? shape.u64(table, valueAt) : shape.u32(table, valueAt);
  return { tag, type, count, bytes, at: bytes <= inlineBytes ? tableAt + valueAt : pointed };
}

/** Bytes of one value of each TIFF type; 129 is the UTF-8 of Exif 3.0. */
const typeBytes: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
  129: 1,
};

const subDirectories: Record<number, string> = { 34665: 'ExifIFD', 40965: 'InteropIFD', 330: 'SubIFD' };
/** Where a picture was taken is nobody's business here. */
const gpsDirectory = 0x8825;

function childDirectories(context: Walk, field: Field, parent: Directory): Directory[] | null {
  if (field.tag === gpsDirectory) return [];
  const name = subDirectories[field.tag];
  const width = typeBytes[field.type];
  if (name === undefined || (width !== 4 && width !== 8)) return null;
  const { shape, source, start, end } = context;
  const pointers = within(source, start + field.at, Math.min(field.count, 1024) * width, end);
  const children: Directory[] = [];
  for (let at = 0; at + width <= pointers.length; at += width) {
    const target = width === 8 ? shape.u64(pointers, at) : shape.u32(pointers, at);
    const label = field.tag === 0x014a ? `${name}[${at / width}]` : name;
    children.push({ at: target, name: `${parent.name}/${label}`, depth: parent.depth + 1, chain: null });
  }
  return children;
}

function readField(context: Walk, field: Field, directoryName: string): void {
  const name = tagNames[field.tag];
  const isText = field.type === 2 || field.type === 129;
  // Blocks that have a format of their own are found under any type: Photoshop writes IPTC as 32-bit numbers.
  const isBytes = field.type === 1 || field.type === 7 || blockTags.has(field.tag);
  if (field.bytes === 0 || (!isText && !isBytes)) return;
  // A byte field without a known name is looked at only when it is long enough to say something and not a picture.
  if (!isText && name === undefined && (field.bytes < 8 || field.bytes > maxUnknownBytes)) return;

  const { collector, source, block, start, end, shape } = context;
  const key = name ?? `0x${field.tag.toString(16).padStart(4, '0').toUpperCase()}`;
  const path = pathOf(context, `${directoryName}/${key}`);
  const room = end - start - field.at;
  if (room < field.bytes) collector.finding('truncated', path);
  const value = collector.read(source, start + field.at, Math.min(field.bytes, Math.max(0, room)), path);
  if (value.length === 0) return;
  const place: EntryPlace = {
    location: block.location,
    path,
    offset: (block.fileOffset ?? 0) + start + field.at,
    length: Math.min(field.bytes, room),
  };
  const blockPlace = { ...place, offset: place.offset ?? 0 };

  if (field.tag === 0x02bc) {
    collector.xmp(decodeXml(value), { ...place, location: block.xmpLocation ?? block.location });
    return;
  }
  if (field.tag === 0x83bb) {
    collectIptc(collector, value, blockPlace);
    return;
  }
  if (field.tag === 0x8649) {
    collectPhotoshopResources(collector, value, blockPlace);
    return;
  }
  for (const part of textsOf(field, value, shape.order)) collector.text(key, part, place);
}

const maxUnknownBytes = 65_536;
const blockTags = new Set([0x02bc, 0x83bb, 0x8649]);

function textsOf(field: Field, value: Uint8Array, order: 'big' | 'little'): string[] {
  if (field.tag === 0x9286) return nulParts(decodeUserComment(value, order));
  // Windows Explorer's tags are UTF-16 little-endian in either byte order.
  if (field.tag >= 0x9c9b && field.tag <= 0x9c9f) return nulParts(decodeUtf16(value, 'little'));
  if (field.type === 2 || field.type === 129) return nulParts(decodeText(value));
  const text = textOrNull(value);
  return text === null ? [] : nulParts(text);
}

/** A piece of the block that never reaches beyond it. */
function within(source: ByteSource, offset: number, length: number, end: number): Uint8Array {
  return source.read(offset, Math.min(length, end - offset));
}

function pathOf(context: Walk, name: string): string {
  return context.block.path === '' ? name : `${context.block.path}/${name}`;
}

/** Names as ExifTool and the standard write them. */
const tagNames: Record<number, string> = {
  269: 'DocumentName',
  270: 'ImageDescription',
  271: 'Make',
  272: 'Model',
  285: 'PageName',
  305: 'Software',
  306: 'DateTime',
  315: 'Artist',
  316: 'HostComputer',
  337: 'TargetPrinter',
  700: 'XMP',
  33432: 'Copyright',
  33723: 'IPTC',
  34377: 'Photoshop',
  36867: 'DateTimeOriginal',
  36868: 'DateTimeDigitized',
  36880: 'OffsetTime',
  36881: 'OffsetTimeOriginal',
  36882: 'OffsetTimeDigitized',
  37500: 'MakerNote',
  37510: 'UserComment',
  37520: 'SubSecTime',
  37521: 'SubSecTimeOriginal',
  37522: 'SubSecTimeDigitized',
  40091: 'XPTitle',
  40092: 'XPComment',
  40093: 'XPAuthor',
  40094: 'XPKeywords',
  40095: 'XPSubject',
  40964: 'RelatedSoundFile',
  42016: 'ImageUniqueID',
  42032: 'CameraOwnerName',
  42033: 'BodySerialNumber',
  42035: 'LensMake',
  42036: 'LensModel',
  42037: 'LensSerialNumber',
  42038: 'ImageTitle',
  42039: 'Photographer',
  42040: 'ImageEditor',
  42041: 'CameraFirmware',
  42042: 'RAWDevelopingSoftware',
  42043: 'ImageEditingSoftware',
  42044: 'MetadataEditingSoftware',
  50341: 'PrintIM',
  50708: 'UniqueCameraModel',
  50709: 'LocalizedCameraModel',
  50827: 'OriginalRawFileName',
};
