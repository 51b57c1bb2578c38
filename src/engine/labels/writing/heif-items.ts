import type { ByteSource } from '../../media/bytes.ts';
import { type Box, eachBox } from '../containers/boxes.ts';
import { concat, latin1, u16be, u32be, u64be } from '../containers/integers.ts';
import { maxNodes } from '../metadata.ts';
import { box } from './bmff-changes.ts';
import { LabelRefusal } from './change.ts';
import type { Moved } from './moved.ts';
import { ascii, be } from './numbers.ts';

/** The meta box of a HEIF file with all its items (ISO 14496-12 8.11). */
export interface HeifMeta {
  box: Box;
  iinf: Box;
  iloc: Box;
  iref: Box | null;
  idat: Box | null;
  primary: number;
  items: Item[];
  locations: LocationTable;
  references: Reference[];
  /** Numbers that no new item may have: of items, and of groups of items. */
  takenIds: ReadonlySet<number>;
}

export interface Item {
  id: number;
  type: string;
  contentType: string;
  contentEncoding: string;
  isProtected: boolean;
  infe: Box;
}

/** The `iloc` box, field by field. */
export interface LocationTable {
  version: number;
  flags: Uint8Array;
  offsetBytes: number;
  lengthBytes: number;
  baseBytes: number;
  indexBytes: number;
  locations: ItemLocation[];
  /** What stands behind the last item. */
  rest: Uint8Array;
}

export interface ItemLocation {
  id: number;
  /** 0: in the file; 1: in `idat`; 2: in another item. */
  method: number;
  /** The two bytes that hold it, as they are. */
  methodField: number;
  dataReference: number;
  base: number;
  extents: Extent[];
}

export interface Extent {
  index: number;
  offset: number;
  length: number;
}

export interface Reference {
  type: string;
  from: number;
  to: number[];
}

/** A stretch of the file. */
export interface Span {
  at: number;
  length: number;
}

/** Throws a LabelRefusal where the box has no items, or tables that contradict themselves. */
export function heifMeta(source: ByteSource, meta: Box): HeifMeta {
  const children = [...childrenOf(source, meta, meta.bodyStart + 4)];
  const one = (type: string): Box | null => {
    const found = children.filter((child) => child.type === type);
    if (found.length > 1) throw new LabelRefusal('container-damaged', `meta/${type}`);
    return found[0] ?? null;
  };
  const [iinf, iloc, iref, pitm] = [one('iinf'), one('iloc'), one('iref'), one('pitm')];
  const hdlr = one('hdlr');
  const isPicture = hdlr && latin1(source.read(hdlr.bodyStart + 8, 4)) === 'pict';
  if (!iinf || !iloc || !pitm || !isPicture) throw new LabelRefusal('container-variant', 'meta');
  const primaryBytes = source.read(pitm.bodyStart, 8);
  const items = itemsOf(source, iinf);
  const locations = locationsOf(source, iloc);
  const grpl = one('grpl');
  const groups = grpl
    ? [...childrenOf(source, grpl, grpl.bodyStart)].map((group) => u32be(source.read(group.bodyStart + 4, 4), 0))
    : [];
  return {
    box: meta,
    iinf,
    iloc,
    iref,
    idat: one('idat'),
    primary: primaryBytes[0] === 0 ? u16be(primaryBytes, 4) : u32be(primaryBytes, 4),
    items,
    locations,
    references: iref ? referencesOf(source, iref) : [],
    takenIds: new Set([...items, ...locations.locations].map(({ id }) => id).concat(groups)),
  };
}

/** Where the bytes of an item lie, or null where they are in another file or another item. */
export function spansOf({ idat }: Pick<HeifMeta, 'idat'>, location: ItemLocation, size: number): Span[] | null {
  if (location.dataReference !== 0) return null;
  const start = location.method === 0 ? 0 : location.method === 1 ? (idat?.bodyStart ?? null) : null;
  const end = location.method === 1 ? (idat?.end ?? 0) : size;
  if (start === null) return null;
  return location.extents.map(({ offset, length }) => {
    const at = start + location.base + offset;
    // No length means all there is.
    return { at, length: length === 0 ? Math.max(0, end - at) : length };
  });
}

/**
 * The `iloc` box with every place in the file as it is after a change; null where an offset would not fit its field. The item
 * `placedId` tells its place in the new file already.
 */
export function locationBox(table: LocationTable, moved: Moved, placedId: number | null): Uint8Array | null {
  const parts: Uint8Array[] = [];
  const { version, offsetBytes, lengthBytes, baseBytes, indexBytes } = table;
  const idBytes = version < 2 ? 2 : 4;
  for (const location of table.locations) {
    const { base, offsets } = movedOffsets(table, location, location.id === placedId ? stays : moved);
    if (!fits(base, baseBytes) || offsets.some((offset) => !fits(offset, offsetBytes))) return null;
    if (location.extents.some(({ length }) => !fits(length, lengthBytes))) return null;
    parts.push(be(location.id, idBytes));
    if (version > 0) parts.push(be(location.methodField, 2));
    parts.push(be(location.dataReference, 2), be(base, baseBytes), be(location.extents.length, 2));
    for (const [index, extent] of location.extents.entries()) {
      const number = version > 0 ? be(extent.index, indexBytes) : new Uint8Array(0);
      parts.push(number, be(offsets[index] ?? 0, offsetBytes), be(extent.length, lengthBytes));
    }
  }
  const sizes = new Uint8Array([offsetBytes * 16 + lengthBytes, baseBytes * 16 + indexBytes]);
  const count = be(table.locations.length, idBytes);
  return box('iloc', new Uint8Array([version]), table.flags, sizes, count, ...parts, table.rest);
}

/** The `iref` box, or nothing where no reference is left. */
export function referenceBox(references: readonly Reference[], head: Uint8Array): Uint8Array {
  if (references.length === 0) return new Uint8Array(0);
  const idBytes = head[0] === 0 ? 2 : 4;
  const boxes = references.map(({ type, from, to }) =>
    box(type, be(from, idBytes), be(to.length, 2), ...to.map((id) => be(id, idBytes))),
  );
  return box('iref', head, ...boxes);
}

/** An item that is an XMP packet (ISO 14496-12 8.11.6; ISO 23008-12 A.3). */
export function packetItem(id: number): Uint8Array {
  const [version, width] = id > 0xffff ? [0x0300_0000, 4] : [0x0200_0000, 2];
  // No name, and no encoding.
  return box('infe', be(version, 4), be(id, width), be(0, 2), ascii('mime\0application/rdf+xml\0'));
}

const stays: Moved = (offset) => offset;

function movedOffsets(
  table: LocationTable,
  { method, dataReference, base, extents }: ItemLocation,
  moved: Moved,
): { base: number; offsets: number[] } {
  if (method !== 0 || dataReference !== 0) return { base, offsets: extents.map(({ offset }) => offset) };
  const targets = extents.map(({ offset }) => moved(base + offset));
  const movedBase = base === 0 ? 0 : moved(base);
  const offsets = targets.map((target) => target - movedBase);
  const isFitting = offsets.every((offset) => offset >= 0 && fits(offset, table.offsetBytes));
  return isFitting ? { base: movedBase, offsets } : { base: 0, offsets: targets };
}

function fits(value: number, width: number): boolean {
  return value >= 0 && value < 256 ** width;
}

/** Children of a box, none cut off, and nothing behind the last. */
function* childrenOf(source: ByteSource, parent: Box, start: number): Generator<Box> {
  let at = start;
  let count = 0;
  for (const child of eachBox(source, start, parent.end)) {
    count += 1;
    if (count > maxNodes) throw new LabelRefusal('container-too-large', parent.type);
    if (child.truncated) throw new LabelRefusal('container-damaged', `${parent.type}/${shown(child.type)}`);
    yield child;
    at = child.end;
  }
  if (at !== parent.end) throw new LabelRefusal('container-damaged', parent.type);
}

function shown(type: string): string {
  return type.replaceAll(/[^\x20-\x7e]/g, '.');
}

function itemsOf(source: ByteSource, iinf: Box): Item[] {
  const version = source.read(iinf.bodyStart, 1)[0] ?? 0;
  const start = iinf.bodyStart + 4 + (version === 0 ? 2 : 4);
  const declared = countOf(source.read(iinf.bodyStart + 4, 4), version);
  const items = [...childrenOf(source, iinf, start)].map((infe) => itemOf(source, infe));
  if (declared !== items.length || new Set(items.map(({ id }) => id)).size !== items.length)
    throw new LabelRefusal('container-damaged', 'meta/iinf');
  return items;
}

function countOf(bytes: Uint8Array, version: number): number {
  return version === 0 ? u16be(bytes, 0) : u32be(bytes, 0);
}

function itemOf(source: ByteSource, infe: Box): Item {
  const body = source.read(infe.bodyStart, Math.min(infe.end - infe.bodyStart, 1024));
  const version = body[0] ?? 0;
  if (infe.type !== 'infe' || version > 3) throw new LabelRefusal('container-damaged', 'meta/iinf');
  const idBytes = version >= 3 ? 4 : 2;
  const at = 4 + idBytes + 2;
  const [, contentType = '', contentEncoding = ''] = latin1(body, version >= 2 ? at + 4 : at).split('\0', 3);
  return {
    id: idBytes === 4 ? u32be(body, 4) : u16be(body, 4),
    type: version >= 2 ? latin1(body, at, at + 4) : 'mime',
    contentType,
    contentEncoding,
    isProtected: u16be(body, 4 + idBytes) !== 0,
    infe,
  };
}

function referencesOf(source: ByteSource, iref: Box): Reference[] {
  const idBytes = source.read(iref.bodyStart, 1)[0] === 0 ? 2 : 4;
  let total = 0;
  return [...childrenOf(source, iref, iref.bodyStart + 4)].map((child) => {
    const length = child.end - child.bodyStart;
    const body = source.read(child.bodyStart, Math.min(length, 2 + 4 * 65_536 + 4));
    const count = u16be(body, idBytes);
    total += count;
    if (total > maxNodes) throw new LabelRefusal('container-too-large', 'meta/iref');
    if (child.end - child.start !== length + 8 || body.length !== idBytes + 2 + count * idBytes)
      throw new LabelRefusal('container-damaged', 'meta/iref');
    const to = Array.from({ length: count }, (_, index) => numberAt(body, idBytes + 2 + index * idBytes, idBytes));
    return { type: child.type, from: numberAt(body, 0, idBytes), to };
  });
}

function locationsOf(source: ByteSource, iloc: Box): LocationTable {
  const damaged = new LabelRefusal('container-damaged', 'meta/iloc');
  if (iloc.end - iloc.bodyStart > maxTableBytes) throw new LabelRefusal('container-too-large', 'meta/iloc');
  const bytes = Uint8Array.from(source.read(iloc.bodyStart, iloc.end - iloc.bodyStart));
  const version = bytes[0] ?? 0;
  const [first = 0, second = 0] = [bytes[4], bytes[5]];
  const table: LocationTable = {
    version,
    flags: bytes.slice(1, 4),
    offsetBytes: first >> 4,
    lengthBytes: first & 15,
    baseBytes: second >> 4,
    indexBytes: second & 15,
    locations: [],
    rest: new Uint8Array(0),
  };
  const extentBytes = (version === 0 ? 0 : table.indexBytes) + table.offsetBytes + table.lengthBytes;
  const widths = [table.offsetBytes, table.lengthBytes, table.baseBytes, version === 0 ? 0 : table.indexBytes];
  if (version > 2 || !widths.every((width) => [0, 4, 8].includes(width))) throw damaged;
  const idBytes = version < 2 ? 2 : 4;
  const count = numberAt(bytes, 6, idBytes);
  let at = 6 + idBytes;
  let extentsSeen = 0;
  for (let seen = 0; seen < count; seen += 1) {
    const id = numberAt(bytes, at, idBytes);
    at += idBytes;
    const methodField = version === 0 ? 0 : u16be(bytes, at);
    at += version === 0 ? 0 : 2;
    const dataReference = u16be(bytes, at);
    const base = numberAt(bytes, at + 2, table.baseBytes);
    const extentCount = u16be(bytes, at + 2 + table.baseBytes);
    at += 4 + table.baseBytes;
    extentsSeen += extentCount;
    if (extentsSeen > maxNodes) throw new LabelRefusal('container-too-large', 'meta/iloc');
    if (at + extentCount * extentBytes > bytes.length) throw damaged;
    const extents = Array.from({ length: extentCount }, (_, number) => {
      const start = at + number * extentBytes;
      const offsetAt = start + (version === 0 ? 0 : table.indexBytes);
      return {
        index: version === 0 ? 0 : numberAt(bytes, start, table.indexBytes),
        offset: numberAt(bytes, offsetAt, table.offsetBytes),
        length: numberAt(bytes, offsetAt + table.offsetBytes, table.lengthBytes),
      };
    });
    at += extentCount * extentBytes;
    table.locations.push({ id, method: methodField & 15, methodField, dataReference, base, extents });
  }
  if (at > bytes.length || new Set(table.locations.map(({ id }) => id)).size !== table.locations.length) throw damaged;
  return { ...table, rest: bytes.subarray(at) };
}

/** As much as the reader takes of a field. */
const maxTableBytes = 4 * 1024 * 1024;

/** A field of 0, 2, 4 or 8 bytes. */
function numberAt(bytes: Uint8Array, at: number, width: number): number {
  if (width === 2) return u16be(bytes, at);
  if (width === 4) return u32be(bytes, at);
  return width === 8 ? u64be(bytes, at) : 0;
}

/** The bytes of some spans, one behind the other. */
export function gathered(source: ByteSource, spans: readonly Span[]): Uint8Array {
  return concat(spans.map(({ at, length }) => source.read(at, length)));
}
