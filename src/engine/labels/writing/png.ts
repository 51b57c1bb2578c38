import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { type ByteSource, bufferSource } from '../../media/bytes.ts';
import type { FoundLabel } from '../aigc/find.ts';
import { collect, maxFieldBytes } from '../containers/collect.ts';
import { readExif } from '../containers/exif.ts';
import { concat, latin1, startsWith, u32be } from '../containers/integers.ts';
import { collectIptc, collectPhotoshopResources } from '../containers/iptc-iim.ts';
import { readPng } from '../containers/png.ts';
import { type Metadata, type MetadataEntry, maxNodes } from '../metadata.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { blankedFields, blankedText, confirmedInXmp, readWhole, standingLabels } from './picture-labels.ts';
import { labelledPacket, paddedPacket, strippedPacket } from './picture-packets.ts';
import { bytesOf, type Edit, piecesOf } from './pieces.ts';
import { trailerEdits } from './trailing-labels.ts';

/**
 * The label as `TC260:AIGC` in the XMP packet of an uncompressed `iTXt` chunk (practice guide TC260-PG-20259A), before the picture
 * data. Labels in text chunks of their own go with them; those in EXIF, IPTC and raw profiles are blanked. Animations keep their
 * frames. Sources: PNG specification third edition §5, §11.3; XMP specification part 3, 1.1.5.
 */
export function writePng(source: ByteSource, change: LabelChange): Edit[] {
  const chunks = chunksOf(source);
  const metadata = readWhole(readPng(source));
  const packets = metadata.entries.filter(isPacket);
  const main = packets.find(({ place }) => !place.path.includes('/')) ?? packets[0];
  const edits = [
    ...mainPacketEdits(chunks, main, change),
    ...packets.flatMap((entry) => (entry === main ? [] : otherPacketEdits(source, chunks, entry, change))),
    ...blockEdits(source, chunks, metadata, change),
    ...textEdits(source, chunks, standingLabels(metadata)),
    ...trailerEdits(source, metadata),
  ];
  return confirmedInXmp(edits, source, change, { format: 'png', read: readPng });
}

interface Chunk {
  type: string;
  /** As the reader names it: `iTXt[0]`. */
  path: string;
  /** Of the length in front of the type; the data begin eight bytes on. */
  at: number;
  length: number;
}

interface Chunks {
  /** Chunks other than picture data, by path. */
  byPath: ReadonlyMap<string, Chunk>;
  behindHeader: number;
  firstPictureData: number;
}

/** Every chunk up to IEND, none cut off: labels behind a damaged place could not be seen. */
function chunksOf(source: ByteSource): Chunks {
  if (!startsWith(source.read(0, 8), '\x89PNG\r\n\x1a\n')) throw new LabelRefusal('container-damaged', 'signature');
  const byPath = new Map<string, Chunk>();
  const seen = new Map<string, number>();
  let behindHeader: number | null = null;
  let firstPictureData: number | null = null;
  let at = 8;
  for (let count = 0; at < source.size; count += 1) {
    if (count >= maxNodes) throw new LabelRefusal('container-too-large', 'chunks');
    const head = source.read(at, 8);
    const type = latin1(head, 4, 8);
    const length = u32be(head, 0);
    if (!/^[A-Za-z]{4}$/.test(type) || length > 0x7fff_ffff || at + 12 + length > source.size)
      throw new LabelRefusal('container-damaged', `offset ${at}`);
    const number = seen.get(type) ?? 0;
    seen.set(type, number + 1);
    const path = `${type}[${number}]`;
    if (type === 'IDAT') firstPictureData ??= at;
    else if (type !== 'fdAT' && type !== 'fcTL') byPath.set(path, { type, path, at, length });
    at += 12 + length;
    if (type === 'IHDR') behindHeader ??= at;
    if (type !== 'IEND') continue;
    if (behindHeader === null || firstPictureData === null || firstPictureData < behindHeader) break;
    return { byPath, behindHeader, firstPictureData };
  }
  throw new LabelRefusal('container-damaged', 'IEND');
}

/** A packet in a chunk of its own or in a profile of ImageMagick's, not one inside EXIF. */
function isPacket({ kind, place }: MetadataEntry): boolean {
  return kind === 'xmp' && /^[A-Za-z]{4}\[\d+\](\/profile)?$/.test(place.path);
}

function chunkOf(chunks: Chunks, path: string): Chunk {
  const chunk = chunks.byPath.get(path.split('/', 1)[0] ?? '');
  if (!chunk) throw new LabelRefusal('container-damaged', path);
  return chunk;
}

/** A new packet stands right behind IHDR: Apple's `iDOT` counts the bytes from itself to the picture data. */
function mainPacketEdits(chunks: Chunks, main: MetadataEntry | undefined, change: LabelChange): Edit[] {
  const chunk = main ? chunkOf(chunks, main.place.path) : null;
  const packet = labelledPacket(main?.value ?? null, change, chunk?.path ?? 'iTXt');
  if (packet === (main?.value ?? null)) return [];
  const fresh = packet === null ? nothing : packetChunk(packet);
  if (!chunk) return [{ at: chunks.behindHeader, remove: 0, insert: fresh }];
  if (chunk.at >= chunks.behindHeader && chunk.at < chunks.firstPictureData) return [replaced(chunk, fresh)];
  // Some readers stop at the picture data.
  return [replaced(chunk, nothing), { at: chunks.behindHeader, remove: 0, insert: fresh }];
}

const nothing = new Uint8Array(0);
const xmpKeyword = 'XML:com.adobe.xmp';

function packetChunk(packet: string): Uint8Array {
  // Not compressed, no language, no translated keyword.
  return chunkBytes('iTXt', Buffer.from(`${xmpKeyword}\0\0\0\0\0${packet}`, 'utf8'));
}

function chunkBytes(type: string, data: Uint8Array): Uint8Array {
  const whole = Buffer.alloc(data.length + 12);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, 'latin1');
  whole.set(data, 8);
  whole.writeUInt32BE(crc32(data, crc32(type)), data.length + 8);
  return whole;
}

function replaced(chunk: Chunk, insert: Uint8Array): Edit {
  return { at: chunk.at, remove: chunk.length + 12, insert };
}

function otherPacketEdits(source: ByteSource, chunks: Chunks, entry: MetadataEntry, change: LabelChange): Edit[] {
  const chunk = chunkOf(chunks, entry.place.path);
  const packet = strippedPacket(entry.value, change, chunk.path);
  if (packet === entry.value) return [];
  if (packet === null) return [replaced(chunk, nothing)];
  if (!entry.place.path.endsWith('/profile')) return [replaced(chunk, packetChunk(packet))];
  const text = textOf(source, chunk);
  const profile = profileIn(text);
  const behindName = profile && startsWith(profile.data, 'http://') ? profile.data.indexOf(0) + 1 : 0;
  const padded = profile ? paddedPacket(packet, profile.data.length - behindName) : null;
  if (!profile || !padded) throw new LabelRefusal('container-variant', chunk.path);
  const data = concat([profile.data.subarray(0, behindName), padded]);
  return [replaced(chunk, withBody(chunk, text, withDigits(text.body, profile, data)))];
}

/** EXIF, and the EXIF, IPTC and Photoshop blocks that ImageMagick writes as hexadecimal text. */
function blockEdits(source: ByteSource, chunks: Chunks, metadata: Metadata, change: LabelChange): Edit[] {
  const paths = metadata.entries.flatMap(({ place }) => {
    const isBlock = place.location === 'png.exif' && place.path.includes('/');
    return isBlock ? [place.path.split('/', 1)[0] ?? ''] : [];
  });
  return [...new Set(paths)].flatMap((path) => {
    const chunk = chunkOf(chunks, path);
    if (chunk.type.toLowerCase() === 'exif') {
      const data = source.read(chunk.at + 8, Math.min(chunk.length, maxFieldBytes));
      const clean = withoutFieldLabels(data, exifIn(data), change);
      if (!clean) return [];
      if (data.length < chunk.length) throw new LabelRefusal('container-too-large', path);
      return [replaced(chunk, chunkBytes(chunk.type, clean))];
    }
    const text = textOf(source, chunk);
    const profile = profileIn(text);
    if (!profile) return [];
    const clean = withoutFieldLabels(profile.data, profileMetadata(profile), change);
    return clean ? [replaced(chunk, withBody(chunk, text, withDigits(text.body, profile, clean)))] : [];
  });
}

/** The block with its labels blanked, or null where it holds none. */
function withoutFieldLabels(data: Uint8Array, metadata: Metadata, change: LabelChange): Uint8Array | null {
  const source = bufferSource(data);
  const edits = blankedFields(source, metadata, change);
  return edits.length === 0 ? null : bytesOf(source, piecesOf(source.size, edits));
}

function exifIn(data: Uint8Array): Metadata {
  return readExif(bufferSource(data), 0, data.length, 'png.exif');
}

function profileMetadata({ name, data }: Profile): Metadata {
  if (name === 'iptc' || name === '8bim') {
    const collector = collect(data.length);
    const skipped = startsWith(data, 'Photoshop 3.0\0') ? 14 : 0;
    const block = { location: 'png.exif', path: name, offset: skipped };
    if (startsWith(data, '8BIM', skipped)) collectPhotoshopResources(collector, data.subarray(skipped), block);
    else collectIptc(collector, data, block);
    return collector.metadata;
  }
  return exifIn(data);
}

/** Labels in text chunks, and bare ones in chunks that nobody knows. */
function textEdits(source: ByteSource, chunks: Chunks, labels: readonly FoundLabel[]): Edit[] {
  const standing = labels.filter(({ entry }) => /^[A-Za-z]{4}\[\d+\]$/.test(entry.place.path));
  return standing.map(({ entry, carrier }) => {
    const chunk = chunkOf(chunks, entry.place.path);
    const isText = ['tEXt', 'zTXt', 'iTXt'].includes(chunk.type);
    if (isText && carrier === 'entry') return replaced(chunk, nothing);
    const text = isText ? textOf(source, chunk) : null;
    const body = text?.body ?? source.read(chunk.at + 8, Math.min(chunk.length, maxFieldBytes));
    // The reader names what it finds in the middle of other bytes after the label: the rest is not the label's.
    const rest = blankedText(body, text ? entry : { key: chunk.type, place: entry.place });
    if (rest.every((byte) => byte === 0)) return replaced(chunk, nothing);
    return replaced(chunk, text ? withBody(chunk, text, rest) : chunkBytes(chunk.type, rest));
  });
}

interface TextChunk {
  /** Everything in front of the text. */
  head: Uint8Array;
  body: Uint8Array;
  isCompressed: boolean;
}

function textOf(source: ByteSource, chunk: Chunk): TextChunk {
  if (chunk.length > maxFieldBytes) throw new LabelRefusal('container-too-large', chunk.path);
  const data = source.read(chunk.at + 8, chunk.length);
  const end = data.indexOf(0);
  if (end < 0) throw new LabelRefusal('container-damaged', chunk.path);
  if (chunk.type === 'tEXt') return split(data, end + 1, false, chunk);
  if (chunk.type === 'zTXt') return split(data, end + 2, true, chunk);
  const languageEnd = data.indexOf(0, end + 3);
  const translatedEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0) throw new LabelRefusal('container-damaged', chunk.path);
  return split(data, translatedEnd + 1, data[end + 1] !== 0, chunk);
}

function split(data: Uint8Array, at: number, isCompressed: boolean, chunk: Chunk): TextChunk {
  const head = data.subarray(0, at);
  const packed = data.subarray(at);
  if (!isCompressed) return { head, body: packed, isCompressed };
  try {
    return { head, body: inflateSync(packed, { maxOutputLength: maxFieldBytes }), isCompressed };
  } catch (cause) {
    // Damaged, or a bomb: what comes out cannot be packed again.
    throw new LabelRefusal(isTooLarge(cause) ? 'container-too-large' : 'container-damaged', chunk.path);
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function withBody(chunk: Chunk, { head, isCompressed }: TextChunk, body: Uint8Array): Uint8Array {
  return chunkBytes(chunk.type, concat([head, isCompressed ? deflateSync(body) : body]));
}

interface Profile {
  name: string;
  data: Uint8Array;
  /** Where the digits begin in the text. */
  digitsAt: number;
}

/** ImageMagick's profiles: a line with the name, one with the length, then hexadecimal digits in lines. */
function profileIn({ head, body }: TextChunk): Profile | null {
  const name = /^Raw profile type (\S+?)\0/.exec(latin1(head))?.[1];
  const header = /^\s{0,8}\S{1,40}\s{1,8}\d{1,8}\s/.exec(latin1(body, 0, 80));
  if (name === undefined || !header) return null;
  const digits = latin1(body, header[0].length).replace(/[\s\0]+/g, '');
  if (/[^0-9a-fA-F]/.test(digits) || digits.length % 2 !== 0) return null;
  return {
    name,
    data: new Uint8Array(Buffer.from(digits, 'hex')),
    digitsAt: header[0].length,
  };
}

/** The same lines with the digits of other bytes, as many. */
function withDigits(body: Uint8Array, profile: Profile, data: Uint8Array): Uint8Array {
  const digits = Buffer.from(data).toString('hex');
  const out = Uint8Array.from(body);
  for (let at = profile.digitsAt, next = 0; at < out.length && next < digits.length; at += 1) {
    if (isBlank(out[at] ?? 0)) continue;
    out[at] = digits.charCodeAt(next);
    next += 1;
  }
  return out;
}

function isBlank(byte: number): boolean {
  return byte === 0 || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
