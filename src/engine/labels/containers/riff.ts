import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { maxDepth } from '../metadata.ts';
import { type Collector, collect } from './collect.ts';
import { decodeText, decodeXml, textOrNull, trimNul } from './decode-text.ts';
import { collectId3 } from './id3.ts';
import { latin1, u32be, u32le, u64le } from './integers.ts';

/**
 * Metadata of a WAVE file: RIFF, RIFX (big-endian), RF64 and BW64 (64-bit sizes, EBU Tech 3306), Sony Wave64.
 *
 * Sample data is stepped over by its header. Sources: RIFF (Microsoft, 1991), EBU Tech 3285 (bext), XMP specification part 3 (`_PMX`),
 * practice guide TC260-PG-202510A (chunk `AIGC`).
 */
export function readWav(source: ByteSource): Metadata {
  return read(source, 'wav');
}

/** Metadata of an AVI file with its OpenDML parts: `LIST INFO` wherever it stands (TC260-PG-20257A: child `AIGC`), XMP, stream names. */
export function readAvi(source: ByteSource): Metadata {
  return read(source, 'avi');
}

interface File {
  source: ByteSource;
  collector: Collector;
  format: 'wav' | 'avi';
  u32(bytes: Uint8Array, at: number): number;
  /** Real sizes of chunks whose 32-bit field says 0xFFFFFFFF. */
  longSizes: Map<string, number>;
}

interface Chunk {
  id: string;
  start: number;
  bodyStart: number;
  end: number;
}

function read(source: ByteSource, format: 'wav' | 'avi'): Metadata {
  const collector = collect();
  const head = source.read(0, 12);
  const outer = latin1(head, 0, 4);
  const file: File = { source, collector, format, u32: outer === 'RIFX' ? u32be : u32le, longSizes: new Map() };
  if (outer === 'riff') {
    walkWave64(file);
    return collector.metadata;
  }
  const declared = file.u32(head, 4);
  // Recorders that could not seek back leave 0 or all ones.
  if (declared !== 0 && declared !== unknownSize && 8 + declared > source.size) collector.finding('truncated', 'RIFF');
  const declaredEnd = declared === 0 || declared === unknownSize ? source.size : 8 + declared;
  walk(file, { start: 12, end: source.size, declaredEnd, path: '', depth: 0, info: false });
  return collector.metadata;
}

interface Level {
  start: number;
  end: number;
  /** Where the parent says it ends: behind it bytes that are no chunk are nobody's fault. */
  declaredEnd: number;
  path: string;
  depth: number;
  /** Children of a `LIST INFO`: all of them are text. */
  info: boolean;
}

function walk(file: File, level: Level): void {
  if (level.depth > maxDepth) {
    file.collector.finding('nested-too-deep', level.path.slice(0, 60));
    return;
  }
  const seen = new Map<string, number>();
  for (let at = level.start; at + 8 <= level.end; ) {
    if (!file.collector.step(level.path || 'file')) return;
    const head = file.source.read(at, 8);
    const id = latin1(head, 0, 4);
    if (!isChunkId(id)) {
      // Zeros are padding, and behind the declared end everything is.
      if (at < level.declaredEnd && head.some((byte) => byte !== 0)) {
        file.collector.finding('bad-structure', level.path || 'file');
      }
      return;
    }
    const number = (seen.get(id) ?? 0) + 1;
    seen.set(id, number);
    const path = below(level.path, id.trimEnd(), number);
    const size = sizeOf(file, id, file.u32(head, 4), level.end - at - 8);
    const bodyEnd = at + 8 + size;
    if (bodyEnd > level.end) {
      file.collector.finding(bodyEnd > file.source.size ? 'truncated' : 'bad-structure', path);
    }
    visit(file, { id, start: at, bodyStart: at + 8, end: Math.min(bodyEnd, level.end) }, path, level);
    at = bodyEnd + padding(file, bodyEnd, size);
  }
}

function sizeOf(file: File, id: string, declared: number, left: number): number {
  if (declared !== unknownSize) return declared;
  return file.longSizes.get(id) ?? left;
}

/** Chunks start at even offsets; some writers forget the pad byte. */
function padding(file: File, bodyEnd: number, size: number): number {
  if (size % 2 === 0) return 0;
  const next = file.source.read(bodyEnd, 5);
  return next[0] !== 0 && isChunkId(latin1(next, 0, 4)) && !isChunkId(latin1(next, 1, 5)) ? 0 : 1;
}

function visit(file: File, chunk: Chunk, path: string, { depth, info }: Pick<Level, 'depth' | 'info'>): void {
  const place = { path, offset: chunk.start, length: chunk.end - chunk.start };
  const { collector, format } = file;
  if (chunk.id === 'LIST' || chunk.id === 'RIFF') {
    visitList(file, chunk, path, depth);
  } else if (info) {
    collector.text(chunk.id.trimEnd(), trimNul(decodeText(body(file, chunk, path))), {
      ...place,
      location: `${format}.info`,
    });
  } else if (chunk.id === 'ds64') {
    readLongSizes(file, chunk);
  } else if (/^aigc$/i.test(chunk.id)) {
    const text = trimNul(decodeText(body(file, chunk, path)));
    collector.text(chunk.id, text, { ...place, location: format === 'wav' ? 'wav.aigc' : 'avi.other' });
  } else if (/^id3 $/i.test(chunk.id)) {
    collectId3(collector, file.source, { start: chunk.bodyStart, end: chunk.end, path, location: `${format}.id3` });
  } else if (chunk.id === '_PMX' || chunk.id === 'XMP ') {
    collector.xmp(trimNul(decodeXml(body(file, chunk, path))), { ...place, location: `${format}.xmp` });
  } else if (chunk.id === 'bext') {
    collectBroadcastExtension(file, chunk, path);
  } else if (/^(i|a)xml$/i.test(chunk.id)) {
    collector.text(chunk.id, trimNul(decodeXml(body(file, chunk, path))), { ...place, location: `${format}.ixml` });
  } else if (!dataChunks.has(chunk.id) && chunk.end - chunk.bodyStart <= maxUnknownBytes) {
    const text = textOrNull(body(file, chunk, path));
    if (text !== null) collector.text(chunk.id.trimEnd(), text, { ...place, location: `${format}.other` });
  }
}

function visitList(file: File, list: Chunk, path: string, depth: number): void {
  const type = latin1(file.source.read(list.bodyStart, 4));
  // Pictures and sound.
  if (type === 'movi') return;
  const start = list.bodyStart + 4;
  const inner = `${path}/${shown(type).trimEnd()}`;
  walk(file, { start, end: list.end, declaredEnd: list.end, path: inner, depth: depth + 1, info: type === 'INFO' });
}

/** EBU Tech 3285: fixed fields of text padded with zeros, then the coding history to the end. */
function collectBroadcastExtension(file: File, chunk: Chunk, path: string): void {
  const bytes = body(file, chunk, path);
  for (const [key, from, to] of broadcastFields) {
    const field = bytes.subarray(from, to ?? bytes.length);
    const end = field.indexOf(0);
    const text = decodeText(end < 0 ? field : field.subarray(0, end)).trim();
    if (text === '') continue;
    const place = { location: `${file.format}.bext`, path: `${path}/${key}` };
    file.collector.text(key, text, { ...place, offset: chunk.bodyStart + from, length: field.length });
  }
}

/** EBU Tech 3306: size of the RIFF chunk, of the data chunk, count of samples, then a table of (id, size). */
function readLongSizes(file: File, chunk: Chunk): void {
  const bytes = file.source.read(chunk.bodyStart, Math.min(chunk.end - chunk.bodyStart, 28 + 12 * 64));
  if (bytes.length >= 16) file.longSizes.set('data', u64le(bytes, 8));
  const count = Math.min(u32le(bytes, 24), 64);
  for (let index = 0; index < count; index++) {
    const at = 28 + 12 * index;
    if (at + 12 > bytes.length) break;
    file.longSizes.set(latin1(bytes, at, at + 4), u64le(bytes, at + 4));
  }
}

/** Sony Wave64: GUIDs that start with the four characters, sizes of 64 bits that count their header, everything on 8 bytes. */
function walkWave64(file: File): void {
  const seen = new Map<string, number>();
  for (let at = 40; at + 24 <= file.source.size; ) {
    if (!file.collector.step('file')) return;
    const head = file.source.read(at, 24);
    const size = u64le(head, 16);
    if (size < 24) {
      file.collector.finding('bad-structure', 'file');
      return;
    }
    const id = latin1(head, 0, 4);
    const number = (seen.get(id) ?? 0) + 1;
    seen.set(id, number);
    const path = below('', shown(id).trimEnd(), number);
    if (at + size > file.source.size) file.collector.finding('truncated', path);
    const chunk = { id, start: at, bodyStart: at + 24, end: Math.min(at + size, file.source.size) };
    if (latin1(head, 4, 16) === wave64Guid) visit(file, chunk, path, { depth: 0, info: false });
    at += Math.ceil(size / 8) * 8;
  }
}

function body(file: File, chunk: Chunk, path: string): Uint8Array {
  return file.collector.read(file.source, chunk.bodyStart, chunk.end - chunk.bodyStart, path);
}

function isChunkId(id: string): boolean {
  return /^[\x20-\x7e]{4}$/.test(id) && id !== '    ';
}

function below(path: string, name: string, number: number): string {
  const step = number > 1 ? `${name}[${number}]` : name;
  return path === '' ? step : `${path}/${step}`;
}

function shown(id: string): string {
  return id.replaceAll(/[^\x20-\x7e]/g, '.');
}

const unknownSize = 0xffffffff;
const maxUnknownBytes = 64 * 1024;
const wave64Guid = '\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a';
/** Chunks that are numbers or media, and the manifest store, which is the provenance reader's. */
const dataChunks = new Set([
  ...['fmt ', 'data', 'fact', 'cue ', 'smpl', 'inst', 'plst', 'PEAK', 'levl', 'acid', 'umid', 'chna', 'C2PA', 'c2pa'],
  ...['avih', 'strh', 'strf', 'strd', 'indx', 'idx1', 'dmlh', 'vprp', 'JUNK', 'junk', 'PAD ', 'FLLR', 'Fake', 'filr'],
]);
const broadcastFields: readonly (readonly [string, number, number | null])[] = [
  ['Description', 0, 256],
  ['Originator', 256, 288],
  ['OriginatorReference', 288, 320],
  ['CodingHistory', 602, null],
];
