import type { ByteSource } from '../../media/bytes.ts';
import { bufferSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import type { Collector } from './collect.ts';
import { collect, maxFieldBytes } from './collect.ts';
import { decodeText, decodeXml, nulParts } from './decode-text.ts';
import { collectExif } from './exif.ts';
import { concat, findBytes, latin1, startsWith, u16be, u32be } from './integers.ts';
import { collectPhotoshopResources, photoshopHeaderBytes } from './iptc-iim.ts';
import { bareText, collectTrailer } from './trailer.ts';

/**
 * Reads XMP (with extended XMP), EXIF, Photoshop and IPTC records, comments and bare text of every segment of a JPEG,
 * those between the scans of a progressive picture too, and what stands behind its end. Never throws.
 * Sources: ITU-T T.81 annex B; XMP specification part 3, 1.1.3; CIPA DC-008 and DC-007.
 */
export function readJpeg(source: ByteSource): Metadata {
  const collector = collect(source.size);
  const gathered: Gathered = { extended: new Map(), photoshop: [], multiPicture: false };
  const start = source.read(0, 2);
  if (start[0] !== 0xff || start[1] !== 0xd8) {
    collector.finding('bad-structure', 'SOI');
    return collector.metadata;
  }
  const end = walkSegments(collector, source, gathered);
  collectExtendedXmp(collector, gathered.extended);
  collectPhotoshop(collector, gathered.photoshop);
  if (end !== null) {
    const expected = gathered.multiPicture ? { expected: 'MPF' } : {};
    collectTrailer(collector, source, end, { location: 'jpeg.trailer', ...expected });
  }
  return collector.metadata;
}

/** What comes in several segments and is put together at the end. */
interface Gathered {
  extended: Map<string, ExtendedXmp>;
  photoshop: { data: Uint8Array; offset: number }[];
  multiPicture: boolean;
}

interface ExtendedXmp {
  total: number;
  parts: { at: number; data: Uint8Array }[];
  bytes: number;
  offset: number;
}

/** Returns where the picture ends, or null where it never does. */
function walkSegments(collector: Collector, source: ByteSource, gathered: Gathered): number | null {
  const seen = new Map<number, number>();
  const scan: ScanBudget = { left: maxScanBytes };
  let at = 2;
  while (at < source.size) {
    const found = nextMarker(source, at, scan);
    if (found === null) {
      collector.finding(scan.left <= 0 ? 'value-too-long' : 'truncated', 'scan');
      return null;
    }
    if (found.skipped > 0) collector.finding('bad-structure', `offset ${at}`);
    const { marker } = found;
    at = found.at;
    if (marker === 0xd9) return at;
    if (!collector.step('segments')) return null;
    // Restart markers, TEM and a stray SOI stand alone.
    if ((marker >= 0xd0 && marker <= 0xd8) || marker === 0x01) continue;

    const length = u16be(source.read(at, 2), 0);
    const number = seen.get(marker) ?? 0;
    seen.set(marker, number + 1);
    const path = `${markerName(marker)}[${number}]`;
    if (at + 2 > source.size || length < 2) {
      collector.finding(at + 2 > source.size ? 'truncated' : 'bad-structure', path);
      // A length below its own two bytes names no segment: look for the next marker behind it.
      at += 2;
      continue;
    }
    if ((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe) {
      const data = collector.read(source, at + 2, length - 2, path);
      collectSegment(collector, gathered, { marker, data, offset: at + 2, path });
    }
    at += length;
    if (marker === 0xda) {
      const next = endOfScan(source, at, scan);
      if (next === null) {
        collector.finding(scan.left <= 0 ? 'value-too-long' : 'truncated', 'scan');
        return null;
      }
      at = next;
    }
  }
  collector.finding('truncated', 'EOI');
  return null;
}

function markerName(marker: number): string {
  if (marker >= 0xe0 && marker <= 0xef) return `APP${marker - 0xe0}`;
  if (marker === 0xfe) return 'COM';
  if (marker === 0xda) return 'SOS';
  return `0x${marker.toString(16)}`;
}

/** Picture data looked through for markers in one file. Above it the picture is taken to have no further segments. */
const maxScanBytes = 256 * 1024 * 1024;
const scanStep = 256 * 1024;
const firstScanStep = 64;

interface ScanBudget {
  left: number;
}

/** The next marker at or after an offset, and how many bytes that are no marker stood before it; `at` is behind the marker. */
function nextMarker(
  source: ByteSource,
  from: number,
  scan: ScanBudget,
): { marker: number; at: number; skipped: number } | null {
  const near = source.read(from, 2);
  if (near[0] === 0xff && near[1] !== 0xff && near[1] !== 0) {
    return near.length === 2 ? { marker: near[1] ?? 0, at: from + 2, skipped: 0 } : null;
  }
  const at = findMarker(source, from, scan, (code) => code !== 0);
  if (at === null) return null;
  const between = source.read(from, Math.min(at - from, 64));
  // Any number of 0xFF may fill the space before a marker (T.81 B.1.1.2).
  const skipped = between.every((byte) => byte === 0xff) ? 0 : at - from;
  return { marker: source.read(at + 1, 1)[0] ?? 0, at: at + 2, skipped };
}

/** Where entropy-coded data ends: at the first marker that is neither stuffing nor a restart. */
function endOfScan(source: ByteSource, from: number, scan: ScanBudget): number | null {
  return findMarker(source, from, scan, (code) => code !== 0 && !(code >= 0xd0 && code <= 0xd7));
}

const handSteps = 16;

/** Offset of the 0xFF before the first wanted code. */
function findMarker(
  source: ByteSource,
  from: number,
  scan: ScanBudget,
  wanted: (code: number) => boolean,
): number | null {
  // A small look first: most markers are near, and a hostile file has many of them.
  let step = firstScanStep;
  for (let base = from; base < source.size && scan.left > 0; step = scanStep) {
    const read = source.read(base, step + 1);
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
    for (let i = bytes.indexOf(0xff); i >= 0 && i + 1 < bytes.length; i = bytes.indexOf(0xff, i)) {
      // In data made of 0xFF alone the search would be called for every byte: step through a stretch by hand before it.
      const stretch = Math.min(i + handSteps, bytes.length - 1);
      for (; i < stretch; i += 1) {
        if (bytes[i] !== 0xff) continue;
        const code = bytes[i + 1] ?? 0;
        if (code !== 0xff && wanted(code)) {
          scan.left -= i;
          return base + i;
        }
      }
    }
    if (bytes.length < 2) return null;
    // The last byte is read again: it may be the 0xFF of the next piece's first marker.
    base += bytes.length - 1;
    scan.left -= bytes.length - 1;
  }
  return null;
}

interface Segment {
  marker: number;
  data: Uint8Array;
  /** Offset of the data in the file. */
  offset: number;
  path: string;
}

const xmpHeader = 'http://ns.adobe.com/xap/1.0/\0';
const extendedHeader = 'http://ns.adobe.com/xmp/extension/\0';

function collectSegment(collector: Collector, gathered: Gathered, segment: Segment): void {
  const { marker, data, offset, path } = segment;
  const place = { location: 'jpeg.com', path, offset, length: data.length };
  if (marker === 0xfe) {
    for (const part of nulParts(decodeText(data))) collector.text('COM', part, place);
    return;
  }
  if (startsWith(data, xmpHeader)) {
    collector.xmp(decodeXml(data.subarray(xmpHeader.length)), { ...place, location: 'jpeg.app1.xmp' });
    return;
  }
  if (startsWith(data, extendedHeader)) {
    gatherExtended(collector, gathered.extended, segment);
    return;
  }
  if (marker === 0xe1 && startsWith(data, 'Exif\0')) {
    collectExif(collector, bufferSource(data), {
      start: 6,
      length: Math.max(0, data.length - 6),
      location: 'jpeg.app1.exif',
      path,
      fileOffset: offset,
    });
    return;
  }
  const photoshopBytes = photoshopHeaderBytes(data);
  if (marker === 0xed && photoshopBytes > 0) {
    gathered.photoshop.push({ data: data.subarray(photoshopBytes), offset: offset + photoshopBytes });
    return;
  }
  if (startsWith(data, 'MPF\0')) gathered.multiPicture = true;
  if (!knownBinary.some((name) => startsWith(data, name))) collectBare(collector, segment);
}

/** Segments whose content other readers understand or nobody reads: colour profiles, JUMBF, previews, colour transforms. */
const knownBinary = ['JFIF\0', 'JFXX\0', 'ICC_PROFILE\0', 'MPF\0', 'FPXR\0', 'JP', 'Adobe\0', 'Ducky'];

function collectBare(collector: Collector, segment: Segment): void {
  const { data, path, offset } = segment;
  const place = { location: `jpeg.app${segment.marker - 0xe0}`, path, offset, length: data.length };
  const found = bareText(data);
  if (!found) return;
  // Some writers leave out the XMP header.
  if (/^\s*<(\?xpacket|x:xmpmeta|rdf:RDF)/.test(found.text)) {
    collector.xmp(found.text, place);
    return;
  }
  collector.text(found.key ?? `APP${segment.marker - 0xe0}`, found.text, place);
}

/** Header, 32 characters of GUID, whole length, offset of this part (XMP specification part 3, 1.1.3.1). */
function gatherExtended(collector: Collector, all: Map<string, ExtendedXmp>, segment: Segment): void {
  const { data, path, offset } = segment;
  const guidAt = extendedHeader.length;
  if (data.length < guidAt + 40) {
    collector.finding('truncated', path);
    return;
  }
  const guid = latin1(data, guidAt, guidAt + 32);
  const total = u32be(data, guidAt + 32);
  const part = { at: u32be(data, guidAt + 36), data: data.subarray(guidAt + 40) };
  const packet = all.get(guid) ?? { total, parts: [], bytes: 0, offset };
  if (!all.has(guid) && all.size >= 16) {
    collector.finding('too-many-entries', path);
    return;
  }
  all.set(guid, packet);
  if (packet.total !== total || part.at + part.data.length > total) {
    collector.finding('bad-structure', path);
    return;
  }
  if (packet.bytes + part.data.length > maxFieldBytes) {
    collector.finding('value-too-long', path);
    return;
  }
  packet.parts.push(part);
  packet.bytes += part.data.length;
}

function collectExtendedXmp(collector: Collector, all: Map<string, ExtendedXmp>): void {
  for (const [guid, packet] of all) {
    const path = `APP1/ExtendedXMP[${guid.replace(/[^0-9A-Za-z]/g, '?')}]`;
    const parts = packet.parts.toSorted((a, b) => a.at - b.at);
    let next = 0;
    const inOrder: Uint8Array[] = [];
    for (const part of parts) {
      // A gap or an overlap: keep what there is, in order, and say so.
      if (part.at !== next) collector.finding('bad-structure', path);
      if (part.at < next) continue;
      inOrder.push(part.data);
      next = part.at + part.data.length;
    }
    if (next < packet.total) collector.finding('truncated', path);
    if (inOrder.length === 0) continue;
    const place = { location: 'jpeg.app1.xmp', path, offset: packet.offset, length: packet.bytes };
    collector.xmp(decodeXml(concat(inOrder)), place);
  }
}

/** Resources too large for one segment go on in the next one. */
function collectPhotoshop(collector: Collector, segments: { data: Uint8Array; offset: number }[]): void {
  const first = segments[0];
  if (!first) return;
  // Some writers start every segment with a block of its own instead.
  const separate = segments.every((segment) => findBytes(segment.data.subarray(0, 4), '8BIM') === 0);
  const blocks = separate ? segments : [{ data: concat(segments.map((s) => s.data)), offset: first.offset }];
  for (const [index, block] of blocks.entries()) {
    const place = { location: 'jpeg.app13.iptc', path: `APP13[${index}]`, offset: block.offset };
    collectPhotoshopResources(collector, block.data, place, (data, exifPlace) => {
      collectExif(collector, bufferSource(data), {
        start: 0,
        length: data.length,
        location: exifPlace.location,
        path: exifPlace.path,
        fileOffset: exifPlace.offset,
      });
    });
  }
}
