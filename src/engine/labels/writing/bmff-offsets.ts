import type { ByteSource } from '../../media/bytes.ts';
import { metaStart } from '../containers/bmff.ts';
import { type Box, eachBox } from '../containers/boxes.ts';
import { u16be, u32be, u64be } from '../containers/integers.ts';
import { maxDepth } from '../metadata.ts';
import type { BoxChange } from './bmff-change.ts';
import { LabelRefusal } from './change.ts';
import type { Moved } from './moved.ts';
import { ascii, be } from './numbers.ts';
import type { Edit } from './pieces.ts';

/** A `stco` or `co64` box (ISO 14496-12 8.7.5). */
export interface ChunkTable {
  box: Box;
  within: readonly Box[];
  count: number;
  /** Whether an offset would no longer fit. */
  overflows(moved: Moved): boolean;
  edits(moved: Moved): Edit[];
  /** Writes the moved offsets into the `co64` box that `widened` began. */
  fill(wide: Uint8Array, moved: Moved): void;
}

/** Everything in a file that counts from its beginning, and the segment indexes, whose distances a change may stretch. */
export interface AbsoluteOffsets {
  chunkTables: ChunkTable[];
  edits(moved: Moved): Edit[];
}

/**
 * Finds the absolute offsets of an ISO media file: chunk tables, auxiliary sample information, item locations, fragments with a base
 * of their own, random access tables, and the first offset of segment indexes (ISO 14496-12 8.7.5, 8.7.9, 8.8.7, 8.8.10, 8.11.3,
 * 8.16.3). Throws a LabelRefusal where a table is damaged.
 */
export function absoluteOffsets(source: ByteSource, top: readonly Box[]): AbsoluteOffsets {
  const walk: Walk = { source, boxes: 0, tableBytes: 0, chunks: [], dataReferences: new Map(), fields: [] };
  for (const each of top) {
    if (each.type === 'moov' || each.type === 'meta') visit(walk, each, []);
    else if (each.type === 'moof') visitFragment(walk, each);
    else if (each.type === 'mfra') visitRandomAccess(walk, each);
    else if (each.type === 'sidx') visitIndex(walk, each);
  }
  return {
    chunkTables: walk.chunks.filter((table) => isInThisFile(walk, table)).map((table) => chunkTable(walk, table)),
    edits: (moved) => walk.fields.flatMap((field) => field(moved)),
  };
}

/** The change that gives a table of 32-bit offsets room for 64 bits. */
export function widened(table: ChunkTable): BoxChange {
  const insert = new Uint8Array(16 + 8 * table.count);
  insert.set(be(insert.length, 4), 0);
  insert.set(ascii('co64'), 4);
  insert.set(be(table.count, 4), 12);
  return { within: table.within, at: table.box.start, remove: table.box.end - table.box.start, insert };
}

interface Walk {
  source: ByteSource;
  boxes: number;
  tableBytes: number;
  chunks: { box: Box; within: readonly Box[] }[];
  /** Whether media data of a track, told by the start of its box, lies in this file. */
  dataReferences: Map<number, Set<boolean>>;
  fields: ((moved: Moved) => Edit[])[];
}

/** Boxes of all levels together; fragments of a day of live video are fewer. */
const maxBoxes = 1_000_000;
/** All tables together: they are held in memory. */
const maxTableBytes = 32 * 1024 * 1024;
/** Other fields, each of which is a change of its own. */
const maxFields = 300_000;
const containers = new Set('moov trak udta mdia minf stbl dinf meco strk'.split(' '));

function* children(walk: Walk, parent: Box, start: number): Generator<Box> {
  for (const child of eachBox(walk.source, start, parent.end)) {
    walk.boxes += 1;
    if (walk.boxes > maxBoxes) throw new LabelRefusal('container-too-large', parent.type);
    if (child.truncated) throw new LabelRefusal('container-damaged', `${parent.type}/${child.type}`);
    yield child;
  }
}

function visit(walk: Walk, each: Box, within: readonly Box[]): void {
  const { type } = each;
  if (within.length > maxDepth) throw new LabelRefusal('container-damaged', type);
  const isSampleTable = within.at(-1)?.type === 'stbl';
  if (containers.has(type) || type === 'meta') {
    const start = type === 'meta' ? metaStart(walk.source, each) : each.bodyStart;
    for (const child of children(walk, each, start)) visit(walk, child, [...within, each]);
  } else if (isSampleTable && (type === 'stco' || type === 'co64')) walk.chunks.push({ box: each, within });
  // In a track fragment its offsets count from the fragment.
  else if (isSampleTable && type === 'saio') visitAuxiliary(walk, each);
  else if (type === 'iloc') visitItemLocations(walk, each);
  else if (type === 'dref') visitDataReferences(walk, each, within);
}

/** A table's bytes behind version and flags and all. */
function body(walk: Walk, each: Box): Uint8Array {
  const length = each.end - each.bodyStart;
  walk.tableBytes += length;
  if (walk.tableBytes > maxTableBytes) throw new LabelRefusal('container-too-large', each.type);
  const bytes = walk.source.read(each.bodyStart, length);
  if (bytes.length < length) throw new LabelRefusal('container-damaged', each.type);
  return bytes;
}

function chunkTable(walk: Walk, { box, within }: { box: Box; within: readonly Box[] }): ChunkTable {
  const bytes = body(walk, box);
  const width = box.type === 'co64' ? 8 : 4;
  const count = u32be(bytes, 4);
  if (count > (bytes.length - 8) / width) throw new LabelRefusal('container-damaged', box.type);
  const at = (index: number) => number(bytes, 8 + index * width, width);
  const inFile = (offset: number, moved: Moved) => (offset <= walk.source.size ? moved(offset) : offset);
  return {
    box,
    within,
    count,
    overflows: (moved) => {
      if (width === 8) return false;
      for (let index = 0; index < count; index += 1) if (inFile(at(index), moved) > 0xffffffff) return true;
      return false;
    },
    edits: (moved) => {
      // Not `slice`: that of a Buffer does not copy.
      const insert = Uint8Array.from(bytes.subarray(8, 8 + count * width));
      let isChanged = false;
      for (let index = 0; index < count; index += 1) {
        const target = inFile(at(index), moved);
        if (target === at(index)) continue;
        isChanged = true;
        put(insert, index * width, target, width);
      }
      return isChanged ? [{ at: box.bodyStart + 8, remove: insert.length, insert }] : [];
    },
    fill: (wide, moved) => {
      for (let index = 0; index < count; index += 1) put(wide, 16 + index * 8, inFile(at(index), moved), 8);
    },
  };
}

/** QuickTime reference movies and ISO data references may point at other files: their offsets are not ours to change. */
function isInThisFile(walk: Walk, { box, within }: { box: Box; within: readonly Box[] }): boolean {
  const track = within.find(({ type }) => type === 'trak');
  const places = track ? walk.dataReferences.get(track.start) : undefined;
  if (places && places.size > 1) throw new LabelRefusal('container-variant', `${box.type} of several files`);
  return !places?.has(false);
}

function visitDataReferences(walk: Walk, dref: Box, within: readonly Box[]): void {
  const track = within.find(({ type }) => type === 'trak');
  if (!track) return;
  const places = walk.dataReferences.get(track.start) ?? new Set();
  walk.dataReferences.set(track.start, places);
  for (const entry of children(walk, dref, dref.bodyStart + 8)) {
    const flags = u32be(walk.source.read(entry.bodyStart, 4), 0);
    places.add((flags & 1) === 1);
  }
}

/** One field that counts from the beginning of the file. */
function field(walk: Walk, each: Box, at: number, value: number, width: number): void {
  if (value > walk.source.size) return;
  if (walk.fields.length >= maxFields) throw new LabelRefusal('container-too-large', each.type);
  walk.fields.push((moved) => {
    const target = moved(value);
    if (target === value) return [];
    if (target > 256 ** width - 1) throw new LabelRefusal('no-room', each.type);
    return [{ at, remove: width, insert: be(target, width) }];
  });
}

function visitAuxiliary(walk: Walk, saio: Box): void {
  const bytes = body(walk, saio);
  const width = bytes[0] === 0 ? 4 : 8;
  const start = (bytes[3] ?? 0) & 1 ? 12 : 4;
  const count = u32be(bytes, start);
  if (count > (bytes.length - start - 4) / width) throw new LabelRefusal('container-damaged', 'saio');
  for (let index = 0; index < count; index += 1) {
    const at = start + 4 + index * width;
    field(walk, saio, saio.bodyStart + at, number(bytes, at, width), width);
  }
}

function visitFragment(walk: Walk, moof: Box): void {
  for (const traf of children(walk, moof, moof.bodyStart)) {
    if (traf.type !== 'traf') continue;
    for (const tfhd of children(walk, traf, traf.bodyStart)) {
      if (tfhd.type !== 'tfhd') continue;
      const bytes = walk.source.read(tfhd.bodyStart, 16);
      const hasBase = ((bytes[3] ?? 0) & 1) === 1 && tfhd.end - tfhd.bodyStart >= 16;
      if (hasBase) field(walk, tfhd, tfhd.bodyStart + 8, u64be(bytes, 8), 8);
    }
  }
}

function visitRandomAccess(walk: Walk, mfra: Box): void {
  for (const tfra of children(walk, mfra, mfra.bodyStart)) {
    if (tfra.type !== 'tfra') continue;
    const bytes = body(walk, tfra);
    const width = bytes[0] === 1 ? 8 : 4;
    const lengths = u32be(bytes, 8);
    const numbers = 3 + ((lengths >> 4) & 3) + ((lengths >> 2) & 3) + (lengths & 3);
    const entryBytes = 2 * width + numbers;
    const count = u32be(bytes, 12);
    if (count > (bytes.length - 16) / entryBytes) throw new LabelRefusal('container-damaged', 'tfra');
    for (let index = 0; index < count; index += 1) {
      const at = 16 + index * entryBytes + width;
      field(walk, tfra, tfra.bodyStart + at, number(bytes, at, width), width);
    }
  }
}

/** Its first offset counts from behind the index itself. */
function visitIndex(walk: Walk, sidx: Box): void {
  const bytes = walk.source.read(sidx.bodyStart, 28);
  const width = bytes[0] === 0 ? 4 : 8;
  const at = 12 + width;
  if (sidx.end - sidx.bodyStart < at + width) throw new LabelRefusal('container-damaged', 'sidx');
  const first = number(bytes, at, width);
  if (sidx.end + first > walk.source.size) return;
  walk.fields.push((moved) => {
    const distance = moved(sidx.end + first) - moved(sidx.end);
    if (distance === first) return [];
    if (distance > 256 ** width - 1) throw new LabelRefusal('no-room', 'sidx');
    return [{ at: sidx.bodyStart + at, remove: width, insert: be(distance, width) }];
  });
}

function visitItemLocations(walk: Walk, iloc: Box): void {
  const bytes = body(walk, iloc);
  const version = bytes[0] ?? 0;
  const [offsetBytes, lengthBytes, baseBytes] = [(bytes[4] ?? 0) >> 4, (bytes[4] ?? 0) & 15, (bytes[5] ?? 0) >> 4];
  const indexBytes = version === 0 ? 0 : (bytes[5] ?? 0) & 15;
  const idBytes = version < 2 ? 2 : 4;
  const count = number(bytes, 6, idBytes);
  let at = 6 + idBytes;
  for (let seen = 0; seen < count; seen += 1) {
    if (at >= bytes.length) throw new LabelRefusal('container-damaged', 'iloc');
    at += idBytes;
    const method = version === 0 ? 0 : u16be(bytes, at) & 15;
    at += version === 0 ? 0 : 2;
    const isHere = method === 0 && u16be(bytes, at) === 0;
    const baseAt = at + 2;
    const base = number(bytes, baseAt, baseBytes);
    const extents = u16be(bytes, baseAt + baseBytes);
    at = baseAt + baseBytes + 2;
    const extentBytes = indexBytes + offsetBytes + lengthBytes;
    if (at + extents * extentBytes > bytes.length) throw new LabelRefusal('container-damaged', 'iloc');
    if (isHere && offsetBytes === 0) field(walk, iloc, iloc.bodyStart + baseAt, base, baseBytes);
    else if (isHere) {
      for (let extent = 0; extent < extents; extent += 1) {
        const offsetAt = at + extent * extentBytes + indexBytes;
        extentField(walk, iloc, {
          at: offsetAt,
          base,
          offset: number(bytes, offsetAt, offsetBytes),
          width: offsetBytes,
        });
      }
    }
    at += extents * extentBytes;
  }
}

/** The base stays: only the extents know where their bytes went. */
function extentField(
  walk: Walk,
  iloc: Box,
  { at, base, offset, width }: { at: number; base: number; offset: number; width: number },
): void {
  if (base + offset > walk.source.size) return;
  if (walk.fields.length >= maxFields) throw new LabelRefusal('container-too-large', 'iloc');
  walk.fields.push((moved) => {
    const target = moved(base + offset) - base;
    if (target === offset) return [];
    if (target < 0 || target > 256 ** width - 1) throw new LabelRefusal('no-room', 'iloc');
    return [{ at: iloc.bodyStart + at, remove: width, insert: be(target, width) }];
  });
}

function number(bytes: Uint8Array, at: number, width: number): number {
  if (width === 2) return u16be(bytes, at);
  if (width === 4) return u32be(bytes, at);
  return width === 8 ? u64be(bytes, at) : 0;
}

function put(bytes: Uint8Array, at: number, value: number, width: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 4) view.setUint32(at, value);
  else view.setBigUint64(at, BigInt(value));
}
