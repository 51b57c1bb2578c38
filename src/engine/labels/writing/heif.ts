import { inflateSync } from 'node:zlib';
import { type ByteSource, bufferSource } from '../../media/bytes.ts';
import { readHeif } from '../containers/bmff.ts';
import { type Box, boxAt, eachBox } from '../containers/boxes.ts';
import { maxFieldBytes } from '../containers/collect.ts';
import { decodeXml, trimNul } from '../containers/decode-text.ts';
import { readExif } from '../containers/exif.ts';
import { u32be } from '../containers/integers.ts';
import { type Metadata, type MetadataEntry, maxNodes } from '../metadata.ts';
import { box } from './bmff-changes.ts';
import { absoluteOffsets } from './bmff-offsets.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import {
  gathered,
  type HeifMeta,
  heifMeta,
  type Item,
  type ItemLocation,
  type LocationTable,
  locationBox,
  packetItem,
  type Reference,
  referenceBox,
  type Span,
  spansOf,
} from './heif-items.ts';
import { type Moved, movedBy } from './moved.ts';
import { ascii, be } from './numbers.ts';
import { blankedFields, blankedText, confirmedInXmp, readWhole, standingLabels } from './picture-labels.ts';
import { emptyPacket, labelledPacket, paddedPacket, strippedPacket } from './picture-packets.ts';
import { bytesOf, type Edit, piecesOf } from './pieces.ts';

/**
 * The label as `TC260:AIGC` in an XMP packet that is an item of the file and describes the primary picture (practice guide
 * TC260-PG-20259A; ISO 23008-12 A.3): for heic and avif, pictures and sequences. A new packet stands in an `mdat` box at the end.
 * Where the meta box grows, everything behind it moves, and all offsets that point there move with it.
 */
export function writeHeif(source: ByteSource, change: LabelChange): Edit[] {
  return write(source, change, 'heic');
}

/** As `writeHeif`, for AV1 pictures. */
export function writeAvif(source: ByteSource, change: LabelChange): Edit[] {
  return write(source, change, 'avif');
}

function write(source: ByteSource, change: LabelChange, format: 'heic' | 'avif'): Edit[] {
  const file = fileOf(source);
  const metadata = readWhole(readHeif(source));
  const packets = packetsOf(file);
  const main = mainPacket(file, packets);
  const edits = [
    ...mainPacketEdits(file, main, change),
    ...packets.flatMap((packet) => (packet === main ? [] : otherPacketEdits(file, packet, change))),
    ...exifEdits(file, metadata, change),
    ...boxEdits(file, metadata, change),
  ];
  return confirmedInXmp(edits, source, change, { format, read: readHeif });
}

interface File {
  source: ByteSource;
  top: Box[];
  /** The last box: what stands behind it is none. */
  last: Box;
  meta: HeifMeta;
}

interface Packet {
  item: Item;
  location: ItemLocation;
  spans: Span[];
  text: string;
  bytes: number;
  where: string;
}

const nothing = new Uint8Array(0);

function fileOf(source: ByteSource): File {
  const top: Box[] = [];
  for (const each of eachBox(source, 0, source.size)) {
    // Bytes behind the last box that are none, as the reader sees it.
    if (!/^[\x20-\x7e\xa9]{4}$/.test(each.type)) break;
    if (each.truncated) throw new LabelRefusal('container-damaged', each.type);
    if (top.length >= maxNodes) throw new LabelRefusal('container-too-large', 'file');
    top.push(each);
  }
  const last = top.at(-1);
  const [meta, second] = top.filter(({ type }) => type === 'meta');
  if (!last) throw new LabelRefusal('container-damaged', 'file');
  if (!meta || second) throw new LabelRefusal('container-variant', 'meta');
  return { source, top, last, meta: heifMeta(source, meta) };
}

/** Each of them is compared with all items of the file, and read as a whole; so are EXIF items. */
const maxPackets = 50;

function packetsOf(file: File): Packet[] {
  const { meta, source } = file;
  const locations = new Map(meta.locations.locations.map((location) => [location.id, location]));
  const items = meta.items.filter(({ type, contentType }) => type === 'mime' && /rdf\+xml/i.test(contentType));
  if (items.length > maxPackets) throw new LabelRefusal('container-too-large', 'meta/iinf');
  return items.map((item) => {
    const where = `meta/item[${item.id}]`;
    if (item.isProtected) throw new LabelRefusal('container-encrypted', where);
    const location = locations.get(item.id);
    const spans = location ? spansOf(meta, location, source.size) : null;
    if (!location || !spans) throw new LabelRefusal('container-variant', where);
    const bytes = bytesIn(file, spans, where);
    const text = trimNul(decodeXml(item.contentEncoding === '' ? bytes : unpacked(item, bytes, where)));
    return { item, location, spans, text, bytes: bytes.length, where };
  });
}

function bytesIn({ source }: File, spans: readonly Span[], where: string): Uint8Array {
  const total = spans.reduce((sum, { length }) => sum + length, 0);
  if (spans.some(({ at, length }) => at + length > source.size)) throw new LabelRefusal('container-damaged', where);
  if (total > maxFieldBytes) throw new LabelRefusal('container-too-large', where);
  return gathered(source, spans);
}

function unpacked(item: Item, bytes: Uint8Array, where: string): Uint8Array {
  if (item.contentEncoding !== 'deflate') throw new LabelRefusal('container-variant', where);
  try {
    return inflateSync(bytes, { maxOutputLength: maxFieldBytes });
  } catch {
    throw new LabelRefusal('container-damaged', where);
  }
}

/** The packet about the primary picture: others describe depth maps and the like. */
function mainPacket({ meta }: File, packets: readonly Packet[]): Packet | null {
  const describes = ({ item }: Packet) =>
    meta.references.filter(({ type, from }) => type === 'cdsc' && from === item.id).flatMap(({ to }) => to);
  const ofPrimary = packets.find((packet) => describes(packet).includes(meta.primary));
  return ofPrimary ?? packets.find((packet) => describes(packet).length === 0) ?? null;
}

function mainPacketEdits(file: File, main: Packet | null, change: LabelChange): Edit[] {
  const text = labelledPacket(main?.text ?? null, change, main?.where ?? 'meta');
  if (text === (main?.text ?? null)) return [];
  if (main) refuseShared(file, main);
  const { meta } = file;
  if (main && text === null) {
    const locations = meta.locations.locations.filter(({ id }) => id !== main.item.id);
    return rebuilt(file, {
      edits: [...itemRemoved(file, main.item), ...referenceEdits(file, withoutItem(meta.references, main.item.id))],
      table: { ...meta.locations, locations },
      old: main,
      packet: null,
    });
  }
  if (text === null) return [];
  if (!main) return withNewItem(file, text);
  const isPlain = main.item.contentEncoding === '';
  const padded = isPlain && !isOwnBox(file, main) ? paddedPacket(text, main.bytes) : null;
  if (padded) return writtenTo(main.spans, padded);
  return rebuilt(file, {
    edits: isPlain ? [] : itemUnpacked(file, main.item),
    table: meta.locations,
    old: main,
    packet: { id: main.item.id, bytes: Buffer.from(text) },
  });
}

/** Bytes that another item has, too, cannot be written to. */
function refuseShared({ meta, source }: File, { item, spans, where }: Packet): void {
  for (const location of meta.locations.locations) {
    if (location.id === item.id) continue;
    for (const other of spansOf(meta, location, source.size) ?? []) {
      const meets = spans.some(({ at, length }) => other.at < at + length && other.at + other.length > at);
      if (meets) throw new LabelRefusal('container-variant', where);
    }
  }
}

function writtenTo(spans: readonly Span[], bytes: Uint8Array): Edit[] {
  let next = 0;
  return spans.map(({ at, length }) => {
    const insert = bytes.subarray(next, next + length);
    next += length;
    return { at, remove: length, insert };
  });
}

function otherPacketEdits(file: File, packet: Packet, change: LabelChange): Edit[] {
  const stripped = strippedPacket(packet.text, change, packet.where);
  if (stripped === packet.text) return [];
  refuseShared(file, packet);
  if (packet.item.contentEncoding !== '') throw new LabelRefusal('container-variant', packet.where);
  const bytes = stripped === null ? emptyPacket(packet.bytes) : paddedPacket(stripped, packet.bytes);
  if (!bytes) throw new LabelRefusal('no-room', packet.where);
  return writtenTo(packet.spans, bytes);
}

function withNewItem(file: File, text: string): Edit[] {
  const { meta, source } = file;
  const id = freeId(meta);
  const version = source.read(meta.iinf.bodyStart, 1)[0] ?? 0;
  const item = packetItem(id);
  const location = { id, method: 0, methodField: 0, dataReference: 0, base: 0, extents: [] };
  const references = [...meta.references, { type: 'cdsc', from: id, to: [meta.primary] }];
  return rebuilt(file, {
    edits: [
      { at: meta.iinf.end, remove: 0, insert: item },
      countEdit(meta.iinf, version, meta.items.length + 1),
      sized(file, meta.iinf, item.length),
      ...referenceEdits(file, references),
    ],
    table: { ...meta.locations, locations: [...meta.locations.locations, location] },
    old: null,
    packet: { id, bytes: Buffer.from(text) },
  });
}

/** Sixteen bits are enough for every version of every table. */
function freeId({ takenIds }: HeifMeta): number {
  const highest = [...takenIds].reduce((most, id) => Math.max(most, id), 0);
  if (highest < 0xffff) return highest + 1;
  for (let id = 1; id <= 0xffff; id += 1) if (!takenIds.has(id)) return id;
  throw new LabelRefusal('no-room', 'meta/iinf');
}

function countEdit(iinf: Box, version: number, count: number): Edit {
  const width = version === 0 ? 2 : 4;
  if (count >= 256 ** width) throw new LabelRefusal('no-room', 'meta/iinf');
  return { at: iinf.bodyStart + 4, remove: width, insert: be(count, width) };
}

/** Hardly anybody reads a packed packet. */
function itemUnpacked(file: File, { id, infe }: Item): Edit[] {
  const insert = packetItem(id);
  const remove = infe.end - infe.start;
  return [{ at: infe.start, remove, insert }, sized(file, file.meta.iinf, insert.length - remove)];
}

function itemRemoved(file: File, { infe }: Item): Edit[] {
  const { iinf, items } = file.meta;
  const version = file.source.read(iinf.bodyStart, 1)[0] ?? 0;
  const length = infe.end - infe.start;
  return [
    { at: infe.start, remove: length, insert: nothing },
    countEdit(iinf, version, items.length - 1),
    sized(file, iinf, -length),
  ];
}

function withoutItem(references: readonly Reference[], id: number): Reference[] {
  return references
    .filter(({ from }) => from !== id)
    .map((reference) => ({ ...reference, to: reference.to.filter((to) => to !== id) }))
    .filter(({ to }) => to.length > 0);
}

function referenceEdits({ source, meta }: File, references: readonly Reference[]): Edit[] {
  const { iref, iinf } = meta;
  if (!iref) return [{ at: iinf.end, remove: 0, insert: referenceBox(references, be(0, 4)) }];
  const head = source.read(iref.bodyStart, 4);
  if (head[0] === 0 && references.some(({ from, to }) => Math.max(from, ...to) > 0xffff))
    throw new LabelRefusal('container-variant', 'meta/iref');
  return [{ at: iref.start, remove: iref.end - iref.start, insert: referenceBox(references, head) }];
}

/** The size of a box that grows or shrinks, in the field where it stands. */
function sized({ source }: Pick<File, 'source'>, each: Box, growth: number): Edit {
  const declared = u32be(source.read(each.start, 4), 0);
  const size = each.end - each.start + growth;
  if (declared === 1) return { at: each.start + 8, remove: 8, insert: be(size, 8) };
  if (size > 0xffff_ffff) throw new LabelRefusal('container-too-large', each.type);
  return { at: each.start, remove: 4, insert: be(size, 4) };
}

interface Rebuilding {
  /** Inside the meta box, `iloc` left out. */
  edits: Edit[];
  table: LocationTable;
  /** The packet whose bytes are no longer needed where they are. */
  old: Packet | null;
  packet: { id: number; bytes: Uint8Array } | null;
}

/** All edits, once `iloc` has been written so that every item is found where it then is. */
function rebuilt(file: File, { edits, table, old, packet }: Rebuilding): Edit[] {
  const { meta, source } = file;
  const isOwn = old !== null && isOwnBox(file, old);
  const cut = isOwn ? [{ at: file.last.start, remove: file.last.end - file.last.start, insert: nothing }] : [];
  const zeros =
    old && !isOwn ? old.spans.map(({ at, length }) => ({ at, remove: length, insert: new Uint8Array(length) })) : [];
  const mdat = packet ? box('mdat', packet.bytes) : nothing;
  const end = file.last.end;
  // A last box without a size of its own would swallow what comes behind it.
  const isOpen = !isOwn && packet !== null && u32be(source.read(file.last.start, 4), 0) === 0;

  for (const widths of widenings(table)) {
    const placeholder = locationBox(placed({ ...table, ...widths }, packet, 0), (offset) => offset, null);
    if (!placeholder) continue;
    const growth = [...edits, { insert: placeholder, remove: meta.iloc.end - meta.iloc.start }].reduce(
      (sum, { insert, remove }) => sum + insert.length - remove,
      0,
    );
    const closed = isOpen && (file.last !== meta.box || growth === 0) ? [sized(file, file.last, 0)] : [];
    const inMeta = [...edits, ...(growth === 0 ? [] : [sized(file, meta.box, growth)])];
    const located = { at: meta.iloc.start, remove: meta.iloc.end - meta.iloc.start, insert: placeholder };
    const moved = movedBy([...inMeta, located]);
    const packetAt = (isOwn ? moved(file.last.start) : moved(end)) + 8;
    const iloc = locationBox(placed({ ...table, ...widths }, packet, packetAt), moved, packet?.id ?? null);
    if (!iloc || iloc.length !== placeholder.length) continue;
    refuseTornItems(file, old?.item.id ?? null, moved);
    return [
      ...inMeta,
      { ...located, insert: iloc },
      ...(inMeta.length === 0 && growth === 0 ? [] : otherOffsets(file, moved)),
      ...cut,
      ...zeros,
      ...closed,
      ...(packet ? [{ at: end, remove: 0, insert: mdat }] : []),
    ];
  }
  throw new LabelRefusal('no-room', 'meta/iloc');
}

/** The widths as they are, then wider ones for offsets and lengths that do not fit. */
function widenings({ offsetBytes, lengthBytes }: LocationTable): { offsetBytes: number; lengthBytes: number }[] {
  const wider = (width: number, least: number) => Math.max(width, least);
  return [
    { offsetBytes, lengthBytes },
    { offsetBytes: wider(offsetBytes, 4), lengthBytes: wider(lengthBytes, 4) },
    { offsetBytes: 8, lengthBytes: wider(lengthBytes, 4) },
  ];
}

/** The table with the packet's item at an offset of the new file. */
function placed(table: LocationTable, packet: Rebuilding['packet'], at: number): LocationTable {
  if (!packet) return table;
  const extents = [{ index: 0, offset: at, length: packet.bytes.length }];
  const location = { id: packet.id, method: 0, methodField: 0, dataReference: 0, base: 0, extents };
  return { ...table, locations: table.locations.map((each) => (each.id === packet.id ? location : each)) };
}

/** An item that lies on both sides of a change would be torn apart. */
function refuseTornItems({ meta, source }: File, except: number | null, moved: Moved): void {
  for (const location of meta.locations.locations) {
    if (location.id === except || location.method !== 0) continue;
    for (const { at, length } of spansOf(meta, location, source.size) ?? []) {
      if (length > 0 && at < source.size && moved(at + length - 1) - moved(at) !== length - 1)
        throw new LabelRefusal('container-variant', `meta/item[${location.id}]`);
    }
  }
}

/** Offsets in the boxes of sequences, and in items of other meta boxes. */
function otherOffsets({ source, top, meta }: File, moved: Moved): Edit[] {
  const others = absoluteOffsets(
    source,
    top.filter((each) => each !== meta.box),
  );
  if (others.chunkTables.some((table) => table.overflows(moved))) throw new LabelRefusal('no-room', 'moov');
  return [...others.chunkTables.flatMap((table) => table.edits(moved)), ...others.edits(moved)];
}

/** Whether the packet has the last box of the file for itself, as one that was written here. */
function isOwnBox({ last }: File, { spans, location }: Packet): boolean {
  const [only, second] = spans;
  const isWhole = only && only.at === last.bodyStart && only.at + only.length === last.end;
  return (
    last.type === 'mdat' && location.method === 0 && isWhole === true && !second && last.bodyStart - last.start === 8
  );
}

/** EXIF items (ISO 23008-12 A.2.1): four bytes say how far behind them the TIFF header starts. */
function exifEdits(file: File, metadata: Metadata, change: LabelChange): Edit[] {
  const { meta, source } = file;
  const labels = standingLabels(metadata).map(({ entry }) => entry);
  const packets = metadata.entries.filter(({ kind }) => kind === 'xmp');
  const touched = [...labels, ...packets].flatMap(({ place }) => /^meta\/item\[(\d+)\]\//.exec(place.path)?.[1] ?? []);
  const ids = new Set(touched.map(Number));
  if (ids.size > maxPackets) throw new LabelRefusal('container-too-large', 'meta/iinf');
  return meta.items.flatMap((item) => {
    if (!ids.has(item.id) || item.type !== 'Exif' || item.isProtected) return [];
    const location = meta.locations.locations.find(({ id }) => id === item.id);
    const spans = location ? spansOf(meta, location, source.size) : null;
    if (!spans) return [];
    const where = `meta/item[${item.id}]`;
    const bytes = bytesIn(file, spans, where);
    const start = 4 + u32be(bytes, 0);
    if (start > bytes.length) return [];
    const block = bufferSource(bytes);
    const edits = blankedFields(block, readExif(block, start, bytes.length - start, 'heif.exif'), change);
    return edits.length === 0 ? [] : writtenTo(spans, bytesOf(block, piecesOf(block.size, edits)));
  });
}

/** Labels in other items and boxes: blanked, or a box that is nothing else turned into free space of the same size. */
function boxEdits(file: File, metadata: Metadata, change: LabelChange): Edit[] {
  const { source } = file;
  const inItem = /^meta\/item\[\d+\]/;
  const packets = metadata.entries.filter(({ kind, place }) => kind === 'xmp' && !inItem.test(place.path));
  const inPackets = packets.flatMap(({ value, place }): Edit[] => {
    const stripped = strippedPacket(value, change, place.path);
    if (stripped === value) return [];
    const { bodyStart, end } = exactBox(source, place);
    const room = end - bodyStart;
    const bytes = stripped === null ? emptyPacket(room) : paddedPacket(stripped, room);
    if (!bytes) throw new LabelRefusal('no-room', place.path);
    return [{ at: bodyStart, remove: room, insert: bytes }];
  });
  const inTexts = standingLabels(metadata).flatMap(({ entry, carrier: kind }): Edit[] => {
    const { location, path, offset = 0, length = 0 } = entry.place;
    if (location === 'heif.exif') return [];
    if (length > maxFieldBytes) throw new LabelRefusal('container-too-large', path);
    const bytes = source.read(offset, length);
    // An item in several pieces is not where the reader says its first one is.
    if (inItem.test(path) && !file.meta.locations.locations.some(isAt(file, offset, length)))
      throw new LabelRefusal('container-variant', path);
    if (inItem.test(path)) return [{ at: offset, remove: length, insert: blankedText(bytes, entry) }];
    const carrier = exactBox(source, entry.place);
    const body = bytes.subarray(carrier.bodyStart - offset);
    const rest = blankedText(body, entry);
    if (kind === 'entry' || rest.every((byte) => byte === 0)) return [freed(source, carrier)];
    return [{ at: carrier.bodyStart, remove: body.length, insert: rest }];
  });
  return [...inPackets, ...inTexts];
}

function isAt({ meta, source }: File, offset: number, length: number): (location: ItemLocation) => boolean {
  return (location) => {
    const [only, second] = spansOf(meta, location, source.size) ?? [];
    return only?.at === offset && only.length === length && !second;
  };
}

function exactBox(source: ByteSource, { path, offset = 0, length = 0 }: MetadataEntry['place']): Box {
  const found = boxAt(source, offset, source.size);
  if (!found || found.end !== offset + length) throw new LabelRefusal('container-variant', path);
  return found;
}

function freed(source: ByteSource, { start, end }: Box): Edit {
  const header = source.read(start, 16);
  const insert = new Uint8Array(end - start);
  insert.set(header.subarray(0, 4), 0);
  insert.set(ascii('free'), 4);
  if (u32be(header, 0) === 1) insert.set(header.subarray(8, 16), 8);
  return { at: start, remove: end - start, insert };
}
