import { adtsFrame, id3v2Bytes, mpegAudioFrame } from '../../media/audio-frames.ts';
import { type ByteSource, bufferSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { type Collector, collect, type EntryPlace, maxFieldBytes } from './collect.ts';
import { decodeText, decodeUtf16, decodeXml, textOrNull } from './decode-text.ts';
import { latin1, startsWith, u16be, u32be, u32le } from './integers.ts';

/**
 * Metadata of an MP3 file: ID3v2.2 to 2.4 at the start and appended, ID3v1, APEv2, and the encoder's name in the Xing header.
 *
 * Frames are read one by one, so covers of many megabytes are stepped over. Sources: id3.org (ID3v2.2.0, 2.3.0, 2.4.0 structure and
 * frames), the APEv2 specification (Hydrogenaudio), the Mp3 Info Tag specification (LAME).
 */
export function readMp3(source: ByteSource): Metadata {
  const collector = collect();
  const start = collectLeadingId3(collector, source);
  collectEncoder(collector, source, start);
  collectTrailingTags(collector, source);
  return collector.metadata;
}

/** Metadata of bare AAC (ADTS, ADIF): the tags that programs put around it; the format has none of its own. */
export function readAac(source: ByteSource): Metadata {
  const collector = collect();
  collectLeadingId3(collector, source);
  collectTrailingTags(collector, source);
  return collector.metadata;
}

/** Reads the ID3v2 tags a file starts with; returns the offset behind them. */
export function collectLeadingId3(collector: Collector, source: ByteSource): number {
  let at = 0;
  for (let number = 1; number <= maxTags; number++) {
    const bytes = id3v2Bytes(source.read(at, 10), 0);
    if (bytes === 0) break;
    const path = number > 1 ? `ID3v2[${number}]` : 'ID3v2';
    collectId3(collector, source, { start: at, end: source.size, path });
    at += bytes;
  }
  return Math.min(at, source.size);
}

/** Reads the tags a file ends with, from the last to the first: ID3v1, Lyrics3 (stepped over), APEv2, an appended ID3v2.4. */
export function collectTrailingTags(collector: Collector, source: ByteSource): void {
  let end = source.size;
  for (let number = 0; number < maxTags; number++) {
    const start = collectLastTag(collector, source, end);
    if (start === null || start >= end) return;
    end = start;
  }
}

function collectLastTag(collector: Collector, source: ByteSource, end: number): number | null {
  if (end < 32) return null;
  if (end >= 128 && startsWith(source.read(end - 128, 3), 'TAG')) {
    collectId3v1(collector, source, end - 128);
    return end - 128;
  }
  const lyrics = latin1(source.read(end - 15, 15));
  if (/^\d{6}LYRICS200$/.test(lyrics)) return end - 15 - Number(lyrics.slice(0, 6));
  if (startsWith(source.read(end - 32, 8), 'APETAGEX')) return collectApe(collector, source, end - 32);
  const footer = source.read(end - 10, 10);
  if (!startsWith(footer, '3DI')) return null;
  // The footer repeats the header with its letters turned around.
  const start = end - 20 - syncsafe(footer, 6);
  if (start < 0 || id3v2Bytes(source.read(start, 10), 0) === 0) return null;
  collectId3(collector, source, { start, end, path: 'ID3v2 (appended)' });
  return start;
}

/**
 * One ID3v2 tag. Keys are frame ids (those of ID3v2.2 by their later names); `TXXX:<description>`, `COMM:<description>`,
 * `PRIV:<owner>` and the like where one id stands for many things. `location` replaces the locations of a tag that is not in
 * an audio file of its own.
 */
export function collectId3(
  collector: Collector,
  source: ByteSource,
  tag: { start: number; end: number; path: string; location?: string },
): void {
  const header = source.read(tag.start, 10);
  const declared = id3v2Bytes(header, 0);
  if (declared === 0) {
    collector.finding('bad-structure', tag.path);
    return;
  }
  const [version = 0, , flags = 0] = header.subarray(3, 6);
  const bodyEnd = tag.start + 10 + syncsafe(header, 6);
  if (bodyEnd > tag.end) collector.finding('truncated', tag.path);
  // ID3v2.2 knows a compression bit but no compression: such a tag is to be ignored.
  if (version === 2 && (flags & 0x40) !== 0) {
    collector.finding('bad-structure', tag.path);
    return;
  }
  const end = Math.min(bodyEnd, tag.end);
  const unsynchronised = (flags & 0x80) !== 0;
  const context: Tag = {
    collector,
    source,
    version,
    unsynchronised: version === 4 && unsynchronised,
    fileOffset: 0,
    path: tag.path,
    location: tag.location,
  };
  let start = tag.start + 10;
  let stop = end;
  if (version < 4 && unsynchronised) {
    // Until 2.4 the whole tag was changed at once, so frames can only be found after changing it back.
    const body = resynchronise(collector.read(source, start, end - start, tag.path));
    context.source = bufferSource(body);
    context.fileOffset = start;
    start = 0;
    stop = body.length;
  }
  if (version > 2 && (flags & 0x40) !== 0) start += extendedHeaderBytes(context, start);
  if (start > stop) collector.finding('bad-structure', tag.path);
  collectFrames(context, start, stop);
}

interface Tag {
  collector: Collector;
  source: ByteSource;
  version: number;
  /** Frames of this 2.4 tag are unsynchronised even where they do not say so. */
  unsynchronised: boolean;
  /** Added to offsets when the source is a piece of the file. */
  fileOffset: number;
  path: string;
  location: string | undefined;
}

interface Frame {
  id: string;
  flags: number;
  start: number;
  bodyStart: number;
  end: number;
  path: string;
}

function extendedHeaderBytes(tag: Tag, start: number): number {
  const head = tag.source.read(start, 4);
  return tag.version === 4 ? Math.max(6, syncsafe(head, 0)) : 4 + u32be(head, 0);
}

function collectFrames(tag: Tag, start: number, end: number): void {
  const headerBytes = tag.version === 2 ? 6 : 10;
  const seen = new Map<string, number>();
  for (let at = start; at + headerBytes <= end; ) {
    if (!tag.collector.step(tag.path)) return;
    const head = tag.source.read(at, headerBytes);
    // Padding: the rest of the tag is zeros.
    if (head[0] === 0) return;
    const id = frameId(head, tag.version);
    if (id === null) {
      tag.collector.finding('bad-structure', tag.path);
      return;
    }
    const size = frameSize(tag, head, at, end);
    const number = (seen.get(id) ?? 0) + 1;
    seen.set(id, number);
    const path = `${tag.path}/${id}${number > 1 ? `[${number}]` : ''}`;
    if (at + headerBytes + size > end) tag.collector.finding('truncated', path);
    const frameEnd = Math.min(at + headerBytes + size, end);
    const flags = tag.version === 2 ? 0 : u16be(head, 8);
    collectFrame(tag, { id, flags, start: at, bodyStart: at + headerBytes, end: frameEnd, path });
    at += headerBytes + size;
  }
}

/** The name a frame has had since ID3v2.3; null for what is none. */
export function frameId(head: Uint8Array, version: number): string | null {
  if (version === 2) {
    const id = latin1(head, 0, 3);
    return /^[A-Z0-9]{3}$/.test(id) ? (laterNames[id] ?? id) : null;
  }
  const id = latin1(head, 0, 4);
  if (/^[A-Z0-9]{4}$/.test(id)) return id;
  // Tags carried over from 2.2 by careless programs keep three letters.
  const short = id.slice(0, 3);
  return /^[A-Z0-9]{3}[ \0]$/.test(id) ? (laterNames[short] ?? short) : null;
}

/** ID3v2.4 sizes have seven bits a byte, but iTunes long wrote eight: the reading that ends at a frame or padding is right. */
export function frameSize(tag: Pick<Tag, 'source' | 'version'>, head: Uint8Array, at: number, end: number): number {
  if (tag.version === 2) return u32be(head, 2) & 0xffffff;
  const plain = u32be(head, 4);
  if (tag.version === 3 || plain < 0x80) return plain;
  const seven = syncsafe(head, 4);
  if (head.subarray(4, 8).some((byte) => byte > 0x7f)) return plain;
  return !endsWell(tag, at + 10 + seven, end) && endsWell(tag, at + 10 + plain, end) ? plain : seven;
}

function endsWell(tag: Pick<Tag, 'source' | 'version'>, at: number, end: number): boolean {
  if (at >= end) return at === end;
  const next = tag.source.read(at, Math.min(10, end - at));
  return next.every((byte) => byte === 0) || frameId(next, tag.version) !== null;
}

function collectFrame(tag: Tag, frame: Frame): void {
  const reader = readerOf(frame.id);
  if (!reader) return;
  const bytes = frameBytes(tag, frame);
  if (!bytes) return;
  const location = tag.location ?? (frame.id === 'PRIV' ? 'id3.priv' : frame.id === 'TXXX' ? 'id3.txxx' : 'id3.frame');
  reader(tag.collector, bytes, frame.id, {
    location,
    path: frame.path,
    offset: tag.fileOffset + frame.start,
    length: frame.end - frame.start,
  });
}

/** The frame's own bytes, after undoing what its flags say was done to them; null when that cannot be undone. */
function frameBytes(tag: Tag, frame: Frame): Uint8Array | null {
  const raw = tag.collector.read(tag.source, frame.bodyStart, frame.end - frame.bodyStart, frame.path);
  const v4 = tag.version === 4;
  const compressed = (frame.flags & (v4 ? 0x08 : 0x80)) !== 0;
  const encrypted = (frame.flags & (v4 ? 0x04 : 0x40)) !== 0;
  const grouped = (frame.flags & (v4 ? 0x40 : 0x20)) !== 0;
  const measured = v4 ? (frame.flags & 0x01) !== 0 : compressed;
  const extra = Number(encrypted) + Number(grouped) + (measured ? 4 : 0);
  if (extra > raw.length) {
    tag.collector.finding('bad-structure', frame.path);
    return null;
  }
  if (encrypted) return null;
  let bytes = raw.subarray(extra);
  if (v4 && ((frame.flags & 0x02) !== 0 || tag.unsynchronised)) bytes = resynchronise(bytes);
  if (!compressed) return bytes;
  const declared = v4 ? syncsafe(raw, extra - 4) : u32be(raw, 0);
  // attacker-controlled length: refused before anything is inflated
  if (measured && declared > maxFieldBytes) {
    tag.collector.finding('compressed-too-large', frame.path);
    return null;
  }
  return tag.collector.inflate(bytes, 'zlib', frame.path);
}

type FrameReader = (collector: Collector, bytes: Uint8Array, id: string, place: EntryPlace) => void;

function readerOf(id: string): FrameReader | null {
  if (id === 'TXXX') return readDescribedText;
  if (id === 'WXXX') return readDescribedLink;
  if (id === 'COMM' || id === 'USLT') return readComment;
  if (id === 'PRIV' || id === 'UFID') return readOwned;
  if (id === 'GEOB') return readObjectName;
  if (id.startsWith('T') || id === 'IPLS') return readTexts;
  return id.startsWith('W') ? readLink : null;
}

function readTexts(collector: Collector, bytes: Uint8Array, id: string, place: EntryPlace): void {
  addAll(collector, id, splitTexts(bytes[0] ?? 0, bytes.subarray(1)), place);
}

function readDescribedText(collector: Collector, bytes: Uint8Array, id: string, place: EntryPlace): void {
  const [description = '', ...values] = splitTexts(bytes[0] ?? 0, bytes.subarray(1));
  addAll(collector, `${id}:${description}`, values, place);
}

function readComment(collector: Collector, bytes: Uint8Array, id: string, place: EntryPlace): void {
  const [description = '', ...values] = splitTexts(bytes[0] ?? 0, bytes.subarray(4));
  addAll(collector, `${id}:${description}`, values, place);
}

function readLink(collector: Collector, bytes: Uint8Array, id: string, place: EntryPlace): void {
  addAll(collector, id, splitTexts(0, bytes), place);
}

/** The description has an encoding, the address behind it never does. */
function readDescribedLink(collector: Collector, bytes: Uint8Array, id: string, place: EntryPlace): void {
  const encoding = bytes[0] ?? 0;
  const [description, rest] = cutText(encoding, bytes.subarray(1));
  addAll(collector, `${id}:${decodeIn(encoding, description)}`, splitTexts(0, rest), place);
}

function readOwned(collector: Collector, bytes: Uint8Array, id: string, place: EntryPlace): void {
  const [owner, data] = cutText(0, bytes);
  const key = `${id}:${decodeIn(0, owner)}`;
  const text = textOrNull(data);
  if (id === 'PRIV' && (key === 'PRIV:XMP' || text?.includes('<x:xmpmeta'))) collector.xmp(decodeXml(data), place);
  else if (text !== null) collector.text(key, text, place);
  else collector.binary(key, place);
}

/** Objects are named, not opened; the manifest store among them is the provenance reader's. */
function readObjectName(collector: Collector, bytes: Uint8Array, id: string, place: EntryPlace): void {
  const encoding = bytes[0] ?? 0;
  const [type, afterType] = cutText(0, bytes.subarray(1));
  const [name, afterName] = cutText(encoding, afterType);
  const [description] = cutText(encoding, afterName);
  const mime = decodeIn(0, type);
  if (/c2pa/i.test(mime)) return;
  const title = decodeIn(encoding, description) || decodeIn(encoding, name) || mime;
  collector.binary(`${id}:${title}`, place);
}

/** Every text of a field, since what stands behind a zero must not hide; one empty text where there is none. */
function addAll(collector: Collector, key: string, texts: readonly string[], place: EntryPlace): void {
  const full = texts.filter((text) => text !== '').slice(0, maxTexts);
  if (full.length === 0) collector.text(key, '', place);
  for (const text of full) collector.text(key, text, place);
}

function splitTexts(encoding: number, bytes: Uint8Array): string[] {
  const texts: string[] = [];
  let rest = bytes;
  while (rest.length > 0 && texts.length <= maxTexts) {
    const [text, behind] = cutText(encoding, rest);
    texts.push(decodeIn(encoding, text));
    rest = behind;
  }
  return texts;
}

/** Splits at the first terminator: one zero, or two at an even offset in UTF-16. */
function cutText(encoding: number, bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const wide = encoding === 1 || encoding === 2;
  if (!wide) {
    const zero = bytes.indexOf(0);
    return zero < 0 ? [bytes, bytes.subarray(bytes.length)] : [bytes.subarray(0, zero), bytes.subarray(zero + 1)];
  }
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, at + 1)) {
    if (at % 2 === 0 && bytes[at + 1] === 0) return [bytes.subarray(0, at), bytes.subarray(at + 2)];
  }
  return [bytes, bytes.subarray(bytes.length)];
}

/** Encodings 0 to 3; 0 says ISO 8859-1 but holds UTF-8 in many files. Unknown numbers are read like 0. */
function decodeIn(encoding: number, bytes: Uint8Array): string {
  if (encoding === 2) return decodeUtf16(bytes, 'big');
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  // The order without a mark is not defined; programs that forget the mark write little-endian.
  if (encoding === 1 && !marked) return decodeUtf16(bytes, 'little');
  return decodeText(bytes);
}

/** Undoes unsynchronisation: a zero was put behind every 0xFF (ID3v2.4.0 structure 6.1). */
function resynchronise(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    out[length++] = byte;
    if (byte === 0xff && bytes[at + 1] === 0) at++;
  }
  return out.subarray(0, length);
}

/** Four bytes of seven bits each. */
export function syncsafe(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (const byte of bytes.subarray(at, at + 4)) value = value * 128 + (byte & 0x7f);
  return value;
}

function collectId3v1(collector: Collector, source: ByteSource, start: number): void {
  const bytes = source.read(start, 128);
  for (const [key, from, to] of id3v1Fields) {
    const field = bytes.subarray(from, to);
    const end = field.indexOf(0);
    const text = decodeText(end < 0 ? field : field.subarray(0, end)).trimEnd();
    const place = { location: 'id3.v1', path: `ID3v1/${key}`, offset: start + from, length: to - from };
    if (text !== '') collector.text(key, text, place);
  }
}

/** Items in front of an APE footer; returns where the tag starts, or null when the footer cannot be true. */
function collectApe(collector: Collector, source: ByteSource, footerStart: number): number | null {
  const footer = source.read(footerStart, 32);
  const size = u32le(footer, 12);
  const hasHeader = u32le(footer, 20) >= 0x8000_0000;
  const start = footerStart + 32 - size;
  if (size < 32 || start < 0) {
    collector.finding('bad-structure', 'APEv2');
    return null;
  }
  const count = u32le(footer, 16);
  for (let at = start, number = 1; number <= count && at + 9 <= footerStart; number++) {
    if (!collector.step('APEv2')) break;
    const head = source.read(at, 8 + 256);
    const keyEnd = head.indexOf(0, 8);
    const length = u32le(head, 0);
    const valueStart = at + keyEnd + 1;
    const path = `APEv2[${number}]`;
    if (keyEnd < 0 || valueStart + length > footerStart) {
      collector.finding('bad-structure', path);
      break;
    }
    const key = decodeText(head.subarray(8, keyEnd));
    const place = { location: 'ape.tag', path, offset: at, length: valueStart + length - at };
    // Bits 1 and 2: 1 is binary, which covers are.
    if (((u32le(head, 4) >> 1) & 3) === 1) collector.binary(key, place);
    else addAll(collector, key, splitTexts(3, collector.read(source, valueStart, length, path)), place);
    at = valueStart + length;
  }
  return Math.max(0, hasHeader ? start - 32 : start);
}

/** The nine characters behind the Xing or Info header of the first frame: `LAME3.100`, `Lavc59.37`. */
function collectEncoder(collector: Collector, source: ByteSource, from: number): void {
  const bytes = source.read(from, scannedForFrame);
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const frame = mpegAudioFrame(bytes, at);
    if (!frame || adtsFrame(bytes, at)) continue;
    const mark = latin1(bytes, at + frame.xingAt, at + frame.xingAt + 4);
    if (mark === 'Xing' || mark === 'Info') {
      const flags = u32be(bytes, at + frame.xingAt + 4);
      const fields = ((flags & 1) !== 0 ? 4 : 0) + ((flags & 2) !== 0 ? 4 : 0) + ((flags & 4) !== 0 ? 100 : 0);
      const name = at + frame.xingAt + 8 + fields + ((flags & 8) !== 0 ? 4 : 0);
      const field = bytes.subarray(name, name + 9);
      const text = textOrNull(field)?.trimEnd();
      const place = { location: 'mp3.xing', path: `${mark}/encoder`, offset: from + name, length: field.length };
      if (text) collector.text('LAME', text, place);
      return;
    }
    // Only the first real frame can carry it: one that is followed by another.
    if (frame.bytes > 0 && mpegAudioFrame(bytes, at + frame.bytes)?.family === frame.family) return;
  }
}

const maxTags = 16;
const maxTexts = 16;
const scannedForFrame = 64 * 1024;
const id3v1Fields: readonly (readonly [string, number, number])[] = [
  ['title', 3, 33],
  ['artist', 33, 63],
  ['album', 63, 93],
  ['year', 93, 97],
  ['comment', 97, 127],
];
/** ID3v2.2 frames by the names they have had since (id3.org, ID3v2.3.0). */
const laterNames: Readonly<Record<string, string>> = {
  TT1: 'TIT1',
  TT2: 'TIT2',
  TT3: 'TIT3',
  TP1: 'TPE1',
  TP2: 'TPE2',
  TP3: 'TPE3',
  TP4: 'TPE4',
  TAL: 'TALB',
  TYE: 'TYER',
  TDA: 'TDAT',
  TCO: 'TCON',
  TCM: 'TCOM',
  TCR: 'TCOP',
  TEN: 'TENC',
  TSS: 'TSSE',
  TPB: 'TPUB',
  TRC: 'TSRC',
  TXT: 'TEXT',
  TXX: 'TXXX',
  COM: 'COMM',
  ULT: 'USLT',
  UFI: 'UFID',
  GEO: 'GEOB',
  WXX: 'WXXX',
  WAF: 'WOAF',
  WAR: 'WOAR',
  WAS: 'WOAS',
  WCM: 'WCOM',
  WCP: 'WCOP',
  WPB: 'WPUB',
  IPL: 'IPLS',
};
