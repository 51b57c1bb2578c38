import { crc32 } from 'node:zlib';
import type { ByteSource } from '../../media/bytes.ts';
import { bufferSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import type { Collector } from './collect.ts';
import { collect, maxFieldBytes } from './collect.ts';
import { decodeText, decodeXml, trimNul } from './decode-text.ts';
import { collectExif } from './exif.ts';
import { latin1, startsWith, u32be } from './integers.ts';
import { collectIptc, collectPhotoshopResources } from './iptc-iim.ts';
import { bareText, collectTrailer } from './trailer.ts';

/**
 * Reads every text chunk of a PNG or APNG (`tEXt`, `zTXt`, `iTXt`; XMP as a packet of its own), EXIF, the hexadecimal profiles
 * that ImageMagick writes, and what stands behind `IEND`. A wrong checksum is a finding. Never throws.
 * Sources: PNG specification third edition §11.3; XMP specification part 3, 1.1.5.
 */
export function readPng(source: ByteSource): Metadata {
  const collector = collect(source.size);
  if (!startsWith(source.read(0, 8), '\x89PNG\r\n\x1a\n')) {
    collector.finding('bad-structure', 'signature');
    return collector.metadata;
  }
  const seen = new Map<string, number>();
  let at = 8;
  while (at < source.size) {
    const header = source.read(at, 8);
    const type = latin1(header, 4, 8);
    if (header.length < 8) collector.finding('truncated', 'chunks');
    else if (!/^[A-Za-z]{4}$/.test(type)) collector.finding('bad-structure', `offset ${at}`);
    if (!/^[A-Za-z]{4}$/.test(type) || !collector.step('chunks')) return collector.metadata;

    const length = u32be(header, 0);
    const number = seen.get(type) ?? 0;
    seen.set(type, number + 1);
    const path = `${type}[${number}]`;
    if (at + 12 + length > source.size) collector.finding('truncated', path);
    if (!pictureChunks.has(type)) collectChunk(collector, source, { type, path, offset: at + 8, length });
    at += 12 + length;
    if (type === 'IEND') {
      collectTrailer(collector, source, at, { location: 'png.trailer' });
      return collector.metadata;
    }
  }
  collector.finding('truncated', 'IEND');
  return collector.metadata;
}

interface Chunk {
  type: string;
  path: string;
  /** Offset of the data in the file. */
  offset: number;
  length: number;
}

/** Numbers, pixels and the manifest store that its own reader opens. */
const pictureChunks = new Set(
  (
    'IHDR PLTE IDAT IEND acTL fcTL fdAT tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV mDCv cLLI cLLi bKGD hIST pHYs sPLT tIME ' +
    'oFFs pCAL sCAL sTER vpAg caNv orNT caBX CgBI iDOT'
  ).split(' '),
);

function collectChunk(collector: Collector, source: ByteSource, chunk: Chunk): void {
  const { type, path, offset, length } = chunk;
  const data = collector.read(source, offset, length, path);
  if (data.length === length) {
    const stored = source.read(offset + length, 4);
    const wrong = stored.length === 4 && crc32(data, crc32(type)) !== u32be(stored, 0);
    if (wrong) collector.finding('checksum-mismatch', path);
  }
  switch (type) {
    case 'tEXt':
      collectText(collector, chunk, plainText(data));
      return;
    case 'zTXt':
      collectText(collector, chunk, compressedText(collector, chunk, data));
      return;
    case 'iTXt':
      collectText(collector, chunk, internationalText(collector, chunk, data));
      return;
    case 'eXIf':
    case 'exIf':
      collectExif(collector, bufferSource(data), {
        start: 0,
        length: data.length,
        location: 'png.exif',
        path,
        fileOffset: offset,
      });
      return;
    default: {
      const found = length <= 65_536 ? bareText(data) : null;
      if (found) collector.text(found.key ?? type, found.text, { location: 'png.text', path, offset, length });
    }
  }
}

interface Text {
  keyword: string;
  bytes: Uint8Array;
}

/** Keyword, NUL, text. The keyword is at most 79 bytes; a longer one is taken as it is, a missing NUL as a missing text. */
function plainText(data: Uint8Array): Text {
  const end = keywordEnd(data);
  return { keyword: decodeText(data.subarray(0, end)), bytes: data.subarray(end + 1) };
}

function compressedText(collector: Collector, chunk: Chunk, data: Uint8Array): Text {
  const end = keywordEnd(data);
  const keyword = decodeText(data.subarray(0, end));
  return { keyword, bytes: inflate(collector, chunk, data.subarray(end + 2), data[end + 1]) };
}

/** Keyword, NUL, compression flag, method, language, NUL, translated keyword, NUL, text. */
function internationalText(collector: Collector, chunk: Chunk, data: Uint8Array): Text {
  const end = keywordEnd(data);
  const keyword = decodeText(data.subarray(0, end));
  const languageEnd = data.indexOf(0, end + 3);
  const translatedEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0) {
    collector.finding('bad-structure', chunk.path);
    return { keyword, bytes: data.subarray(end + 3) };
  }
  const body = data.subarray(translatedEnd + 1);
  return { keyword, bytes: data[end + 1] === 0 ? body : inflate(collector, chunk, body, data[end + 2]) };
}

function keywordEnd(data: Uint8Array): number {
  const end = data.indexOf(0);
  return end < 0 ? data.length : end;
}

function inflate(collector: Collector, chunk: Chunk, packed: Uint8Array, method: number | undefined): Uint8Array {
  if (method !== 0) collector.finding('bad-structure', chunk.path);
  return collector.inflate(packed, 'zlib', chunk.path, maxFieldBytes);
}

function collectText(collector: Collector, chunk: Chunk, text: Text): void {
  const { path, offset, length } = chunk;
  const place = { location: 'png.text', path, offset, length };
  if (text.keyword === 'XML:com.adobe.xmp') {
    collector.xmp(decodeXml(text.bytes), { ...place, location: 'png.itxt.xmp' });
    return;
  }
  const profile = /^Raw profile type (\S+)$/.exec(text.keyword)?.[1];
  if (profile !== undefined && collectRawProfile(collector, chunk, profile, text.bytes)) return;
  collector.text(text.keyword, trimNul(decodeText(text.bytes)), place);
}

/** ImageMagick's profiles: a line with the name, a line with the length, then hexadecimal digits in lines. */
function collectRawProfile(collector: Collector, chunk: Chunk, profile: string, bytes: Uint8Array): boolean {
  const header = /^\s{0,8}\S{1,40}\s{1,8}\d{1,8}\s/.exec(latin1(bytes, 0, 80))?.[0];
  if (header === undefined) return false;
  const digits = latin1(bytes, header.length).replace(/[\s\0]+/g, '');
  if (/[^0-9a-fA-F]/.test(digits)) return false;
  const data = new Uint8Array(Buffer.from(digits, 'hex'));
  const path = `${chunk.path}/profile`;
  const place = { location: 'png.exif', path, offset: chunk.offset };
  if (startsWith(data, 'http://ns.adobe.com/xap/1.0/\0') || profile === 'xmp') {
    const headerBytes = startsWith(data, 'http://') ? data.indexOf(0) + 1 : 0;
    const packet = decodeXml(data.subarray(headerBytes));
    collector.xmp(packet, { ...place, location: 'png.itxt.xmp', length: chunk.length });
    return true;
  }
  if (profile === 'exif' || (profile.toUpperCase() === 'APP1' && startsWith(data, 'Exif\0'))) {
    const block = { start: 0, length: data.length, location: 'png.exif', path, fileOffset: chunk.offset };
    collectExif(collector, bufferSource(data), block);
    return true;
  }
  if (profile === 'iptc' || profile === '8bim') {
    const isResources = startsWith(data, '8BIM') || startsWith(data, 'Photoshop 3.0\0');
    const resources = startsWith(data, 'Photoshop') ? data.subarray(14) : data;
    if (isResources) collectPhotoshopResources(collector, resources, place);
    else collectIptc(collector, data, place);
    return true;
  }
  return false;
}
