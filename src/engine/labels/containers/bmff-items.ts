import type { ByteSource } from '../../media/bytes.ts';
import { bufferSource } from '../../media/bytes.ts';
import { type Box, eachBox } from './boxes.ts';
import { type Collector, maxFieldBytes } from './collect.ts';
import { decodeText, decodeXml, textOrNull, trimNul } from './decode-text.ts';
import { collectExif } from './exif.ts';
import { concat, latin1, u16be, u32be, u64be } from './integers.ts';

interface File {
  source: ByteSource;
  collector: Collector;
}

export interface ItemLocations {
  xmp: string;
  exif: string;
  other: string;
}

interface Item {
  id: number;
  type: string;
  name: string;
  contentType: string;
  contentEncoding: string;
}

interface Extent {
  offset: number;
  length: number;
}

/**
 * XMP, EXIF and text among the items of a meta box (ISO 14496-12 8.11): what they are from `iinf`, where they lie from `iloc`,
 * in the file (construction method 0) or in the `idat` box (method 1). Items in other files are never followed.
 */
export function collectItems(
  file: File,
  boxes: { iinf: Box | undefined; iloc: Box | undefined; idat: Box | undefined },
  path: string,
  locations: ItemLocations,
): void {
  if (!boxes.iinf || !boxes.iloc) return;
  const wanted = new Map<number, Item>();
  for (const item of eachItem(file, boxes.iinf, `${path}/iinf`)) if (isWanted(item)) wanted.set(item.id, item);
  if (wanted.size === 0) return;
  for (const { id, extents } of eachLocation(file, boxes.iloc, boxes.idat, `${path}/iloc`, wanted)) {
    const item = wanted.get(id);
    // An id may be listed twice: the first place counts, or one picture could be read a thousand times.
    wanted.delete(id);
    if (item) collectItem(file, item, extents, `${path}/item[${id}]`, locations);
  }
}

function isWanted(item: Item): boolean {
  return item.type === 'Exif' || (item.type === 'mime' && !/^(image|video|audio)\//i.test(item.contentType));
}

function collectItem(file: File, item: Item, extents: Extent[], path: string, locations: ItemLocations): void {
  const [first] = extents;
  if (!first) return;
  if (first.offset > file.source.size) {
    file.collector.finding('truncated', path);
    return;
  }
  const length = extents.reduce((sum, extent) => sum + extent.length, 0);
  const place = { path, offset: first.offset, length: Math.min(length, file.source.size - first.offset) };
  if (item.type === 'Exif') {
    collectExifItem(file, extents, { ...place, location: locations.exif });
    return;
  }
  let bytes = gatherExtents(file, extents, path);
  if (item.contentEncoding === 'deflate') bytes = file.collector.inflate(bytes, 'zlib', path);
  if (/rdf\+xml/i.test(item.contentType)) {
    file.collector.xmp(trimNul(decodeXml(bytes)), { ...place, location: locations.xmp });
    return;
  }
  const key = item.name || item.contentType;
  const text = textOrNull(bytes);
  if (text === null) file.collector.binary(key, { ...place, location: locations.other });
  else file.collector.text(key, text, { ...place, location: locations.other });
}

/** ISO 23008-12 A.2.1: four bytes say how far behind them the TIFF header starts. */
function collectExifItem(
  file: File,
  extents: Extent[],
  place: { location: string; path: string; offset: number; length: number },
): void {
  const [first] = extents;
  if (!first) return;
  const whole = extents.length === 1;
  const source = whole ? file.source : bufferSource(gatherExtents(file, extents, place.path));
  const start = whole ? first.offset : 0;
  const length = whole ? first.length : source.size;
  const skip = 4 + u32be(source.read(start, 4), 0);
  if (skip > length) {
    file.collector.finding('bad-structure', place.path);
    return;
  }
  collectExif(file.collector, source, {
    start: start + skip,
    length: length - skip,
    location: place.location,
    path: place.path,
    ...(whole ? {} : { fileOffset: first.offset }),
  });
}

function gatherExtents(file: File, extents: Extent[], path: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const extent of extents) {
    const left = maxFieldBytes - total;
    if (left <= 0) {
      file.collector.finding('value-too-long', path);
      break;
    }
    const part = file.collector.read(file.source, extent.offset, Math.min(extent.length, left), path);
    total += part.length;
    parts.push(part);
  }
  return concat(parts);
}

function* eachItem(file: File, iinf: Box, path: string): Generator<Item> {
  const version = file.source.read(iinf.bodyStart, 1)[0] ?? 0;
  const start = iinf.bodyStart + 4 + (version === 0 ? 2 : 4);
  for (const entry of eachBox(file.source, start, iinf.end, () => file.collector.finding('bad-structure', path))) {
    if (!file.collector.step(path)) return;
    if (entry.truncated) file.collector.finding('truncated', path);
    if (entry.type !== 'infe') continue;
    const item = readItem(file.source.read(entry.bodyStart, Math.min(entry.end - entry.bodyStart, 1024)));
    if (item) yield item;
  }
}

function readItem(body: Uint8Array): Item | null {
  const version = body[0] ?? 0;
  const idBytes = version >= 3 ? 4 : 2;
  const id = idBytes === 4 ? u32be(body, 4) : u16be(body, 4);
  const protectedBy = u16be(body, 4 + idBytes);
  if (protectedBy !== 0) return null;
  const at = 4 + idBytes + 2;
  const type = version >= 2 ? latin1(body, at, at + 4) : 'mime';
  const rest = body.subarray(version >= 2 ? at + 4 : at);
  const [name = '', contentType = '', contentEncoding = ''] = zeroEnded(rest, 3);
  return { id, type, name, contentType, contentEncoding };
}

function zeroEnded(bytes: Uint8Array, count: number): string[] {
  const texts: string[] = [];
  for (let at = 0; texts.length < count && at < bytes.length; ) {
    const zero = bytes.indexOf(0, at);
    const end = zero < 0 ? bytes.length : zero;
    texts.push(decodeText(bytes.subarray(at, end)));
    at = end + 1;
  }
  return texts;
}

/** Places of the wanted items; all others are only stepped over. */
function* eachLocation(
  file: File,
  iloc: Box,
  idat: Box | undefined,
  path: string,
  wanted: ReadonlyMap<number, Item>,
): Generator<{ id: number; extents: Extent[] }> {
  const body = file.collector.read(file.source, iloc.bodyStart, iloc.end - iloc.bodyStart, path);
  const version = body[0] ?? 0;
  const [offsetBytes, lengthBytes, baseBytes] = [(body[4] ?? 0) >> 4, (body[4] ?? 0) & 15, (body[5] ?? 0) >> 4];
  const indexBytes = version === 0 ? 0 : (body[5] ?? 0) & 15;
  const idBytes = version < 2 ? 2 : 4;
  const count = number(body, 6, idBytes);
  let at = 6 + idBytes;
  for (let seen = 0; seen < count; seen++) {
    if (at >= body.length) return file.collector.finding('truncated', path);
    const id = number(body, at, idBytes);
    at += idBytes;
    const method = version === 0 ? 0 : u16be(body, at) & 15;
    at += version === 0 ? 0 : 2;
    const elsewhere = u16be(body, at) !== 0;
    const base = number(body, at + 2, baseBytes);
    const extentCount = u16be(body, at + 2 + baseBytes);
    at += 4 + baseBytes;
    const extents: Extent[] = [];
    for (let extent = 0; extent < extentCount; extent++) {
      // Counted: with field widths of zero a small box declares billions of extents.
      if (!file.collector.step(path)) return;
      at += indexBytes;
      const offset = base + number(body, at, offsetBytes);
      const length = number(body, at + offsetBytes, lengthBytes);
      at += offsetBytes + lengthBytes;
      if (wanted.has(id)) extents.push({ offset, length });
    }
    if (!wanted.has(id) || elsewhere) continue;
    if (method === 0) yield { id, extents };
    else if (method === 1 && idat) yield { id, extents: inside(idat, extents) };
    else file.collector.finding('bad-structure', path);
  }
}

/** Extents of construction method 1 count from the body of `idat` and end with it. */
function inside(idat: Box, extents: Extent[]): Extent[] {
  return extents.map(({ offset, length }) => {
    const start = Math.min(idat.bodyStart + offset, idat.end);
    return { offset: start, length: Math.min(length, idat.end - start) };
  });
}

/** A field of 0, 2, 4 or 8 bytes; other widths are not allowed and count as 0. */
function number(bytes: Uint8Array, at: number, width: number): number {
  if (width === 2) return u16be(bytes, at);
  if (width === 4) return u32be(bytes, at);
  return width === 8 ? u64be(bytes, at) : 0;
}
