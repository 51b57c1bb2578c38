import type { MediaFormat, MediaKind } from '../../contract/screening.ts';
import { boxAt, eachBox, fourCharacters } from '../labels/containers/boxes.ts';
import { type ElementHeader, elementHeaderAt } from '../labels/containers/ebml.ts';
import { findZipDirectory, zipMemberAt } from '../labels/containers/zip-directory.ts';
import { type AudioFrame, adtsFrame, id3v2Bytes, mpegAudioFrame } from './audio-frames.ts';
import type { ByteSource } from './bytes.ts';

export interface Sniffed {
  format: MediaFormat;
  /** What is inside: a `mp4`, `mkv`, `flv` or `ogg` without a video track is `audio`. */
  kind: MediaKind;
  /** As c2pa-wasm wants it where it knows the format. */
  mime: string;
}

/**
 * What a file is, by its content and never by its name; null when it is none of the formats of the contract.
 *
 * Files that are several things at once are what their first bytes say: signatures at offset 0 come before formats that tolerate
 * bytes in front of them (PDF, MPEG audio, MPEG-TS). Reads a few tens of kilobytes; only box and element headers beyond that.
 *
 * Choices the contract leaves open: the ISO media format follows the brand (`M4A ` is m4a, an audio-only `isom` stays mp4 with kind
 * audio); MPEG audio layers I and II count as mp3; RIFX, RF64, BW64 and Sony Wave64 count as wav; an Ogg file with video is `ogg` even
 * when its first stream is Opus; HEIF brands that name no codec count as heic with MIME type image/heif.
 */
export function sniff(source: ByteSource): Sniffed | null {
  const head = source.read(0, 4096);
  if (head.length < 4) return null;
  return (
    sniffImage(head) ??
    sniffRiff(head) ??
    sniffBoxes(source, head) ??
    sniffMatroska(source, head) ??
    sniffFlv(source, head) ??
    sniffOgg(source, head) ??
    sniffZip(source, head) ??
    sniffPdf(head.subarray(0, 5)) ??
    sniffTagged(source, head) ??
    sniffBareAudio(head, source) ??
    sniffTransportStream(source) ??
    sniffText(source) ??
    sniffPdf(head.subarray(0, 1024 + 4)) ??
    sniffAudioAfterJunk(source)
  );
}

function sniffImage(head: Uint8Array): Sniffed | null {
  if (startsWith(head, [0xff, 0xd8, 0xff])) return image('jpeg', 'image/jpeg');
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return image('png', 'image/png');
  const first = latin(head, 0, 6);
  if (first === 'GIF87a' || first === 'GIF89a') return image('gif', 'image/gif');
  const tiff = first.slice(0, 4);
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(tiff)) return image('tiff', 'image/tiff');
  return null;
}

function sniffRiff(head: Uint8Array): Sniffed | null {
  const outer = latin(head, 0, 4);
  const form = latin(head, 8, 4);
  const riff = outer === 'RIFF' || outer === 'RIFX' || outer === 'RF64' || outer === 'BW64';
  if (riff && form === 'WAVE') return audio('wav', 'audio/wav');
  if (outer === 'RIFF' && form === 'WEBP') return image('webp', 'image/webp');
  // The last byte 0x19 is a known misspelling of old recorders; AVIX starts the later parts of an OpenDML file.
  if (outer === 'RIFF' && ['AVI ', 'AVI\x19', 'AVIX'].includes(form)) return video('avi', 'video/x-msvideo');
  // Sony Wave64: the four characters are the start of a GUID.
  if (startsWith(head, wave64Riff) && latin(head, 24, 4) === 'wave') return audio('wav', 'audio/wav');
  return null;
}

function sniffBoxes(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (!boxTypesAtStart.has(latin(head, 4, 4))) return null;
  let brands: string[] | null = null;
  let kind: MediaKind | null = null;
  let boxes = 0;
  for (const box of eachBox(source, 0, source.size)) {
    if (++boxes > maxTopBoxes) break;
    // Junk instead of a second box: a bare `free` or `skip` at the start is not enough to believe the file.
    if (!/^[\x20-\x7e\xa9]{4}$/.test(box.type)) break;
    if (box.type === 'ftyp' && !brands) {
      const body = source.read(box.bodyStart, Math.min(box.end - box.bodyStart, 4096));
      brands = [];
      for (let at = 0; at + 4 <= body.length; at += 4) if (at !== 4) brands.push(latin(body, at, 4));
      if (stillBrands(brands)) break;
    }
    if (box.type === 'moov') {
      kind = kindOfMovie(source, box.bodyStart, box.end);
      if (brands || kind) break;
    }
  }
  if (brands) return byBrand(brands, kind);
  const first = boxAt(source, 0, source.size);
  if (!first) return null;
  // Segments of fragmented files have no brand of their own.
  if (['styp', 'moof', 'sidx'].includes(first.type)) return movie('mp4', kind);
  // QuickTime before 2001 had no ftyp.
  if (kind || (boxes > 1 && first.type !== 'free' && first.type !== 'skip')) return movie('mov', kind);
  return null;
}

function byBrand(brands: string[], kind: MediaKind | null): Sniffed | null {
  const [major = ''] = brands;
  if (otherBrands.has(major)) return null;
  const still = stillBrands(brands);
  if (still) return still;
  if (major === 'qt  ') return movie('mov', kind);
  if (/^M4V/.test(major)) return movie('m4v', kind);
  if (/^(M4[ABP]|F4[AB]) $/.test(major)) {
    return { format: 'm4a', kind: kind ?? 'audio', mime: 'audio/mp4' };
  }
  // A major brand nobody registered says nothing; QuickTime among the compatible ones does.
  if (!/^(iso|mp4|avc|3g|dash|cmf|MSNV|hvc|f4v|mmp4)/i.test(major) && brands.includes('qt  '))
    return movie('mov', kind);
  return movie('mp4', kind);
}

/** AVIF and HEIF pictures and sequences, by the major brand; the generic `mif1`, `msf1` by the compatible ones (ISO 23008-12 10). */
function stillBrands(brands: string[]): Sniffed | null {
  const [major = ''] = brands;
  if (avifBrands.has(major)) return image('avif', 'image/avif');
  if (heicBrands.has(major)) return image('heic', 'image/heic');
  if (!['mif1', 'msf1', 'mif2', 'miaf'].includes(major)) return null;
  return brands.some((brand) => avifBrands.has(brand)) ? image('avif', 'image/avif') : image('heic', 'image/heif');
}

function movie(format: 'mp4' | 'mov' | 'm4v', kind: MediaKind | null): Sniffed {
  const mime = format === 'mov' ? 'video/quicktime' : kind === 'audio' ? 'audio/mp4' : 'video/mp4';
  return { format, kind: kind ?? 'video', mime };
}

/** By the handlers of the tracks; null when there is none of sound or picture. */
function kindOfMovie(source: ByteSource, start: number, end: number): MediaKind | null {
  let kind: MediaKind | null = null;
  let seen = 0;
  for (const track of eachBox(source, start, end)) {
    if (++seen > maxInnerBoxes) break;
    if (track.type !== 'trak') continue;
    const media = firstBox(source, track.bodyStart, track.end, 'mdia');
    const handler = media && firstBox(source, media.bodyStart, media.end, 'hdlr');
    const type = handler ? latin(source.read(handler.bodyStart, 12), 8, 4) : '';
    if (type === 'vide') return 'video';
    if (type === 'soun') kind = 'audio';
  }
  return kind;
}

function firstBox(source: ByteSource, start: number, end: number, type: string) {
  let seen = 0;
  for (const box of eachBox(source, start, end)) {
    if (box.type === type) return box;
    if (++seen > maxInnerBoxes) return null;
  }
  return null;
}

function sniffMatroska(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (!startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return null;
  const header = ebmlAt(source, 0);
  if (!header) return null;
  let webm = false;
  const headerEnd = Math.min(header.bodyStart + (header.size ?? 0), 4096);
  for (let at = header.bodyStart; at < headerEnd; ) {
    const element = ebmlAt(source, at);
    if (!element || element.size === null) break;
    if (element.id === 0x4282)
      webm = latin(source.read(element.bodyStart, Math.min(element.size, 16)), 0, 4) === 'webm';
    at = element.bodyStart + element.size;
  }
  const kind = kindOfMatroska(source, header.bodyStart + (header.size ?? 0));
  return webm
    ? { format: 'webm', kind, mime: kind === 'audio' ? 'audio/webm' : 'video/webm' }
    : { format: 'mkv', kind, mime: kind === 'audio' ? 'audio/x-matroska' : 'video/x-matroska' };
}

/** By TrackType of the Tracks element, which precedes the clusters; `video` when it is not found or names no sound. */
function kindOfMatroska(source: ByteSource, start: number): MediaKind {
  let level = [{ id: 0, end: source.size }];
  let sound = false;
  let at = start;
  for (let seen = 0; seen < maxInnerBoxes && at < source.size; seen++) {
    const element = ebmlAt(source, at);
    if (!element || element.id === 0x1f43b675) break; // Cluster
    level = level.filter(({ end }) => at < end);
    const end = element.size === null ? source.size : element.bodyStart + element.size;
    const inTracks = level.some(({ id }) => id === 0x1654ae6b);
    if (element.id === 0x83 && inTracks) {
      const type = source.read(element.bodyStart, 1)[0];
      if (type === 1) return 'video';
      if (type === 2) sound = true;
    }
    const enter = element.id === 0x18538067 || element.id === 0x1654ae6b || (element.id === 0xae && inTracks);
    if (enter) level.push({ id: element.id, end });
    at = enter ? element.bodyStart : end;
  }
  return sound ? 'audio' : 'video';
}

/** A size that no file can have counts as unknown. */
function ebmlAt(source: ByteSource, at: number): ElementHeader | null {
  const element = elementHeaderAt(source, at);
  return element?.size && element.size > Number.MAX_SAFE_INTEGER ? { ...element, size: null } : element;
}

function sniffFlv(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (latin(head, 0, 3) !== 'FLV' || (head[3] ?? 0) === 0 || (head[3] ?? 9) > 4 || head.length < 9) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const tagsStart = view.getUint32(5);
  if (tagsStart < 9 || tagsStart > 1024) return null;
  // The flags of the header often lie, so the first tags are asked too.
  let hasVideo = ((head[4] ?? 0) & 1) === 1;
  for (let at = tagsStart + 4, seen = 0; seen < 32; seen++) {
    const tag = source.read(at, 4);
    if (tag.length < 4) break;
    if (((tag[0] ?? 0) & 0x1f) === 9) hasVideo = true;
    at += 15 + (((tag[1] ?? 0) << 16) | ((tag[2] ?? 0) << 8) | (tag[3] ?? 0));
  }
  const hasAudio = ((head[4] ?? 0) & 4) === 4;
  return { format: 'flv', kind: hasAudio && !hasVideo ? 'audio' : 'video', mime: 'video/x-flv' };
}

function sniffOgg(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (latin(head, 0, 4) !== 'OggS' || head[4] !== 0) return null;
  let codec: string | null = null;
  let hasVideo = false;
  // RFC 3533: the beginning-of-stream pages of all streams come before every other page.
  for (let at = 0, pages = 0; pages < 32; pages++) {
    const page = source.read(at, 27 + 255 + 16);
    if (latin(page, 0, 4) !== 'OggS' || ((page[5] ?? 0) & 2) === 0) break;
    const segments = page[26] ?? 0;
    const first = latin(page, 27 + segments, 8);
    if (/^(\x80theora|BBCD|OVP80|\x80daala)/.test(first)) hasVideo = true;
    if (first.startsWith('\x01video')) hasVideo = true;
    if (!first.startsWith('fishead')) codec ??= first;
    at += 27 + segments + page.subarray(27, 27 + segments).reduce((sum, length) => sum + length, 0);
  }
  if (hasVideo) return { format: 'ogg', kind: 'video', mime: 'video/ogg' };
  return audio(codec === 'OpusHead' ? 'opus' : 'ogg', 'audio/ogg');
}

/** Only zip archives that are Office Open XML: `[Content_Types].xml` and one of the parts every such package has. */
function sniffZip(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (!startsWith(head, [0x50, 0x4b, 0x03, 0x04])) return null;
  const names = [...centralNames(source), ...firstLocalNames(source)];
  if (!names.includes('[Content_Types].xml')) return null;
  const has = (folder: string) => names.some((name) => name.startsWith(folder));
  const office = 'application/vnd.openxmlformats-officedocument.';
  if (has('word/')) return officeDocument(`${office}wordprocessingml.document`);
  if (has('ppt/')) return officeDocument(`${office}presentationml.presentation`);
  if (has('xl/')) return officeDocument(`${office}spreadsheetml.sheet`);
  return has('docProps/') ? officeDocument('application/octet-stream') : null;
}

function officeDocument(mime: string): Sniffed {
  return { format: 'ooxml', kind: 'document', mime };
}

/** File names of the central directory, at most the first MiB of it. */
function centralNames(source: ByteSource): string[] {
  const directory = findZipDirectory(source);
  if (directory.status !== 'found') return [];
  const bytes = source.read(directory.at, Math.min(directory.bytes, 1024 * 1024));
  const names: string[] = [];
  for (let found = zipMemberAt(bytes, 0); found; found = zipMemberAt(bytes, found.next)) names.push(found.member.name);
  return names;
}

/** For archives whose end is missing: the local headers, as far as their sizes can be followed. */
function firstLocalNames(source: ByteSource): string[] {
  const names: string[] = [];
  for (let at = 0; names.length < 64; ) {
    const local = source.read(at, 30);
    if (local.length < 30 || !startsWith(local, [0x50, 0x4b, 0x03, 0x04])) break;
    const view = new DataView(local.buffer, local.byteOffset, local.byteLength);
    const nameBytes = view.getUint16(26, true);
    names.push(latin(source.read(at + 30, nameBytes), 0, nameBytes));
    // Bit 3: the sizes follow the data, so the next header cannot be reached from here.
    if ((view.getUint16(6, true) & 8) !== 0) break;
    at += 30 + nameBytes + view.getUint16(28, true) + view.getUint32(18, true);
  }
  return names;
}

function sniffPdf(head: Uint8Array): Sniffed | null {
  return latin(head, 0, head.length).includes('%PDF-')
    ? { format: 'pdf', kind: 'document', mime: 'application/pdf' }
    : null;
}

/** What follows ID3v2 tags; MPEG audio when nothing better does, because the tag belongs to it. */
function sniffTagged(source: ByteSource, head: Uint8Array): Sniffed | null {
  let at = id3v2Bytes(head, 0);
  if (at === 0) return latin(head, 0, 4) === 'fLaC' ? audio('flac', 'audio/flac') : null;
  for (let tags = 1; tags < 16; tags++) {
    const next = id3v2Bytes(source.read(at, 10), 0);
    if (next === 0) break;
    at += next;
  }
  const after = source.read(at, scanBytes);
  // Some writers pad behind the tag without counting the padding.
  let start = 0;
  while (start < after.length && after[start] === 0) start++;
  if (latin(after, start, 4) === 'fLaC') return audio('flac', 'audio/flac');
  if (chainLength(after, start, adtsFrame, 3) >= 2 || latin(after, start, 4) === 'ADIF')
    return audio('aac', 'audio/aac');
  return audio('mp3', 'audio/mpeg');
}

function sniffBareAudio(head: Uint8Array, source: ByteSource): Sniffed | null {
  if (latin(head, 0, 4) === 'ADIF') return audio('aac', 'audio/aac');
  if (head[0] !== 0xff) return null;
  const start = source.read(0, scanBytes);
  if (believable(start, 0, adtsFrame, source.size)) return audio('aac', 'audio/aac');
  return believable(start, 0, mpegAudioFrame, source.size) ? audio('mp3', 'audio/mpeg') : null;
}

/** So many frames in a row, or half as many that fill a very short file to its end. */
function believable(
  bytes: Uint8Array,
  at: number,
  frameAt: (bytes: Uint8Array, at: number) => AudioFrame | null,
  fileBytes: number,
  wanted = 4,
): boolean {
  const frames = chainLength(bytes, at, frameAt, wanted);
  if (frames >= wanted) return true;
  return frames >= wanted / 2 && bytes.length === fileBytes && chainEnd(bytes, at, frameAt) >= fileBytes;
}

function sniffAudioAfterJunk(source: ByteSource): Sniffed | null {
  const start = source.read(0, scanBytes);
  for (let at = start.indexOf(0xff, 1); at >= 0; at = start.indexOf(0xff, at + 1)) {
    if (believable(start, at, mpegAudioFrame, source.size, 6)) return audio('mp3', 'audio/mpeg');
    if (believable(start, at, adtsFrame, source.size, 6)) return audio('aac', 'audio/aac');
  }
  return null;
}

function chainLength(
  bytes: Uint8Array,
  start: number,
  frameAt: (bytes: Uint8Array, at: number) => AudioFrame | null,
  enough: number,
): number {
  let at = start;
  let family: number | null = null;
  for (let count = 0; count < enough; count++) {
    const frame = frameAt(bytes, at);
    if (!frame || frame.bytes === 0 || (family !== null && frame.family !== family)) return count;
    family = frame.family;
    at += frame.bytes;
  }
  return enough;
}

function chainEnd(
  bytes: Uint8Array,
  start: number,
  frameAt: (bytes: Uint8Array, at: number) => AudioFrame | null,
): number {
  let at = start;
  for (let frame = frameAt(bytes, at); frame && frame.bytes > 0; frame = frameAt(bytes, at)) at += frame.bytes;
  return at;
}

/** Packets of 188 bytes, 192 (Blu-ray, a timecode before each) or 204 (with Reed-Solomon parity), from any offset in the first packet. */
function sniffTransportStream(source: ByteSource): Sniffed | null {
  const bytes = source.read(0, scanBytes);
  for (const packet of [188, 192, 204]) {
    for (let at = 0; at < packet; at++) {
      // A recording cut in the middle of a packet must show more packets than one that starts with one.
      const wanted = at === 0 || (packet === 192 && at === 4) ? 5 : 10;
      if (bytes[at] === 0x47 && packetsFrom(bytes, at, packet, wanted)) {
        return { format: 'mpegts', kind: kindOfPrograms(bytes, at, packet), mime: 'video/mp2t' };
      }
    }
  }
  return null;
}

function packetsFrom(bytes: Uint8Array, start: number, packet: number, wanted: number): boolean {
  let count = 0;
  for (let at = start; at + 4 <= bytes.length && count < wanted; at += packet) {
    // ISO 13818-1 2.4.3.2: adaptation_field_control 00 is reserved, which also rules out text of the letter G.
    if (bytes[at] !== 0x47 || ((bytes[at + 3] ?? 0) & 0x30) === 0) return false;
    count++;
  }
  // A short file may end before the wanted number, but three are the least that mean anything.
  return count >= wanted || (count >= 3 && bytes.length < packet * wanted);
}

/** By the stream types of the program maps (ISO 13818-1 2.4.4.8) among the first packets; `video` when none is found. */
function kindOfPrograms(bytes: Uint8Array, start: number, packet: number): MediaKind {
  const u16 = (at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const maps = new Set<number>();
  let sound = false;
  for (let at = start; at + 188 <= bytes.length; at += packet) {
    const id = u16(at + 1) & 0x1fff;
    const starts = (u16(at + 1) & 0x4000) !== 0;
    if (!starts || (id !== 0 && !maps.has(id))) continue;
    const adapted = ((bytes[at + 3] ?? 0) & 0x20) !== 0 ? 1 + (bytes[at + 4] ?? 0) : 0;
    const table = at + 5 + adapted + (bytes[at + 4 + adapted] ?? 0);
    // A table that goes on in the next packet is read as far as this one goes; four bytes of checksum end it.
    const end = Math.min(at + 188, table + 3 + (u16(table + 1) & 0xfff) - 4);
    if (id === 0) {
      for (let entry = table + 8; entry + 4 <= end; entry += 4) if (u16(entry) !== 0) maps.add(u16(entry + 2) & 0x1fff);
      continue;
    }
    for (let entry = table + 12 + (u16(table + 10) & 0xfff); entry + 5 <= end; entry += 5 + (u16(entry + 3) & 0xfff)) {
      if (pictureStreams.has(bytes[entry] ?? 0)) return 'video';
      sound ||= soundStreams.has(bytes[entry] ?? 0);
    }
  }
  return sound ? 'audio' : 'video';
}

function sniffText(source: ByteSource): Sniffed | null {
  const text = decodeStart(source.read(0, scanBytes));
  if (text === null) return null;
  if (rootElement(text) === 'svg') return image('svg', 'image/svg+xml');
  return hasLabelledFrontMatter(text) ? { format: 'markdown', kind: 'document', mime: 'text/markdown' } : null;
}

function decodeStart(bytes: Uint8Array): string | null {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0x3c, 0])) return decode('utf-16le', bytes);
  if (startsWith(bytes, [0xfe, 0xff]) || startsWith(bytes, [0, 0x3c])) return decode('utf-16be', bytes);
  // A zero byte says binary in every other encoding an SVG or a Markdown file may use.
  return bytes.includes(0) ? null : decode('utf-8', bytes);
}

function decode(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes);
}

/** Local name of an XML document's root element, skipping declaration, comments, instructions and document type. */
function rootElement(text: string): string | null {
  let at = 0;
  for (let steps = 0; steps < 1000; steps++) {
    while (/\s/.test(text[at] ?? '')) at++;
    const rest = text.slice(at, at + 256);
    if (rest.startsWith('<?')) at = after(text, '?>', at);
    else if (rest.startsWith('<!--')) at = after(text, '-->', at + 4);
    else if (/^<!doctype/i.test(rest)) at = afterDoctype(text, at);
    else return /^<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]/.exec(rest)?.[1] ?? null;
    if (at < 0) return null;
  }
  return null;
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length;
}

function afterDoctype(text: string, from: number): number {
  const close = text.indexOf('>', from);
  const subset = text.indexOf('[', from);
  if (subset < 0 || close < subset) return close < 0 ? -1 : close + 1;
  const subsetEnd = text.indexOf(']', subset);
  return subsetEnd < 0 ? -1 : after(text, '>', subsetEnd);
}

/** Markdown is text like any other: it is recognised only where it carries what we look for, an AIGC key in its YAML front matter. */
function hasLabelledFrontMatter(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/, 2_000);
  if (lines[0]?.trimEnd() !== '---') return false;
  const end = lines.findIndex((line, index) => index > 0 && /^(---|\.\.\.)\s*$/.test(line));
  return end > 0 && lines.slice(1, end).some((line) => /^\s*(["']?)AIGC\1\s*:/i.test(line));
}

function image(format: MediaFormat, mime: string): Sniffed {
  return { format, kind: 'image', mime };
}
function video(format: MediaFormat, mime: string): Sniffed {
  return { format, kind: 'video', mime };
}
function audio(format: MediaFormat, mime: string): Sniffed {
  return { format, kind: 'audio', mime };
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

/** Bytes as characters U+0000 to U+00FF; shorter at the end of the bytes. */
function latin(bytes: Uint8Array, at: number, length: number): string {
  if (length === 4) return fourCharacters(bytes, at);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', at, at + length);
}

const scanBytes = 64 * 1024;
const maxTopBoxes = 4_096;
const maxInnerBoxes = 4_096;
const wave64Riff = [0x72, 0x69, 0x66, 0x66, 0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0x00, 0x00];
/** MPEG-1, 2 and 4, AVC, SVC, MVC, JPEG 2000, HEVC, AVS, VVC, Dirac, VC-1. */
const pictureStreams = new Set([
  0x01, 0x02, 0x10, 0x1b, 0x1e, 0x1f, 0x20, 0x21, 0x24, 0x25, 0x33, 0x34, 0x42, 0xd1, 0xd2, 0xd4, 0xea,
]);
/** MPEG audio, AAC, AC-3, DTS, E-AC-3, AVS audio. */
const soundStreams = new Set([0x03, 0x04, 0x0f, 0x11, 0x1c, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0xd3, 0xd5]);
const boxTypesAtStart = new Set('ftyp moov mdat wide free skip pnot uuid styp moof sidx'.split(' '));
const avifBrands = new Set(['avif', 'avis', 'avio']);
const heicBrands = new Set('heic heix heim heis hevc hevx hevm hevs'.split(' '));
/** ISO media files that hold none of our formats: JPEG 2000, JPEG XL, Canon raw pictures. */
const otherBrands = new Set(['jp2 ', 'jpx ', 'jpm ', 'jpxb', 'mjp2', 'jxl ', 'crx ']);
