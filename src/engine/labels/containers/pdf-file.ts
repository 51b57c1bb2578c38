import type { ByteSource } from '../../media/bytes.ts';
import type { Collector } from './collect.ts';
import { maxFieldBytes } from './collect.ts';
import { findBytes, findLastBytes, latin1, startsWith } from './integers.ts';
import {
  asDictionary,
  asList,
  asName,
  asNumbers,
  asReference,
  isWord,
  type PdfDictionary,
  PdfSyntax,
  type PdfValue,
} from './pdf-objects.ts';

/** An object as it stands in the file. */
export interface PdfObject {
  number: number;
  value: PdfValue;
  /** Offset of the object; of the object stream that holds it, when it is packed. */
  at: number;
  /** The same for the same bytes: two updates that point at one object are one. */
  id: string;
  /** Offset of the stream's bytes, null without a stream. */
  streamAt: number | null;
  /** Bytes in which the value begins at `at`: of the file, or of the object stream that holds it; null outside an object. */
  written: { bytes: Uint8Array; at: number } | null;
}

/** What one save of the document added: its cross-reference sections and its trailer. */
export interface Revision {
  sections: Section[];
  trailer: PdfDictionary;
}

type Section =
  | { kind: 'table'; ranges: { first: number; count: number; at: number }[] }
  | { kind: 'stream'; ranges: { first: number; count: number; from: number }[]; widths: number[]; rows: Uint8Array }
  | { kind: 'scan'; objects: Map<number, Location> };

type Location = { kind: 'offset'; at: number } | { kind: 'packed'; stream: number; index: number };

/** Bytes read from one document, whatever it asks for. */
const maxReadTotal = 32 * 1024 * 1024;
const maxRevisions = 256;
const maxUnpackedBytes = 16 * 1024 * 1024;
const maxKeptStreams = 4;
const scanStep = 1024 * 1024;
/** How much of an object or trailer a scan looks at. */
const nearBytes = 2048;
const maxTrailers = 1000;

/**
 * Random access to the objects of a PDF: by its cross-reference tables and streams (ISO 32000-2 §7.5.4–7.5.8), or by a scan for
 * `n g obj` where these are damaged. Reads at most 32 MiB in all.
 */
export class PdfFile {
  private readonly source: ByteSource;
  private readonly collector: Collector;
  private left = maxReadTotal;
  /** Offsets count from the header, which need not be the first byte. */
  private shift = 0;
  private readonly unpacked = new Map<
    number,
    { stream: PdfObject; bytes: Uint8Array; starts: number[]; numbers: number[] }
  >();

  constructor(source: ByteSource, collector: Collector) {
    this.source = source;
    this.collector = collector;
    const header = findBytes(this.read(0, 1024), '%PDF-');
    if (header < 0) collector.finding('bad-structure', 'header');
    this.shift = Math.max(0, header);
  }

  /** Newest first; empty where the file's own index cannot be followed. */
  revisions(): Revision[] {
    const tailAt = Math.max(0, this.source.size - 65_536);
    const tail = this.read(tailAt, 65_536);
    const mark = findLastBytes(tail, 'startxref');
    if (mark < 0) return [];
    const start = new PdfSyntax(tail, mark + 9).value();
    const revisions: Revision[] = [];
    const visited = new Set<number>();
    let next = typeof start === 'number' ? start : null;
    while (next !== null && !visited.has(next)) {
      if (revisions.length >= maxRevisions) {
        this.collector.finding('too-many-entries', 'revisions');
        break;
      }
      visited.add(next);
      const revision = this.revisionAt(next);
      if (!revision) {
        this.collector.finding('bad-structure', 'cross-reference');
        break;
      }
      revisions.push(revision);
      const previous = revision.trailer.entries.get('Prev');
      next = typeof previous === 'number' ? previous : null;
    }
    return revisions;
  }

  /** A value with references followed, as the given revision and those before it saw it. */
  resolve(value: PdfValue | undefined, revisions: readonly Revision[]): PdfValue {
    let current = value ?? null;
    for (let i = 0; i < 8; i += 1) {
      const reference = asReference(current);
      if (!reference) return current;
      current = this.object(reference.number, revisions)?.value ?? null;
    }
    return null;
  }

  object(number: number, revisions: readonly Revision[]): PdfObject | null {
    for (const { sections } of revisions) {
      for (const section of sections) {
        const location = this.locate(section, number);
        if (location === 'free') return null;
        if (location?.kind === 'offset') return this.objectAt(location.at, number);
        if (location?.kind === 'packed') return this.packedObject(location, number, revisions);
      }
    }
    return null;
  }

  /**
   * The bytes of a stream, decoded; null where its filters are not understood. At most `limit` bytes come out, and
   * a larger stream is the finding `compressed-too-large`.
   */
  streamBytes(object: PdfObject, revisions: readonly Revision[], limit: number, where: string): Uint8Array | null {
    const dictionary = asDictionary(object.value);
    if (!dictionary || object.streamAt === null) return null;
    let bytes = this.rawStream(object.streamAt, this.resolve(dictionary.entries.get('Length'), revisions), where);
    const filters = asList(this.resolve(dictionary.entries.get('Filter') ?? dictionary.entries.get('F'), revisions));
    const settings = asList(this.resolve(dictionary.entries.get('DecodeParms'), revisions));
    for (const [index, filter] of filters.slice(0, 4).entries()) {
      const name = asName(this.resolve(filter, revisions));
      if (name === 'FlateDecode' || name === 'Fl') {
        bytes = this.collector.inflate(bytes, 'zlib', where, limit);
        bytes = unpredict(bytes, asDictionary(this.resolve(settings[index], revisions)));
      } else if (name === 'ASCIIHexDecode' || name === 'AHx') {
        bytes = new Uint8Array(Buffer.from(latin1(bytes).replace(/[^0-9a-fA-F]+/g, ''), 'hex'));
      } else if (name !== 'Crypt') return null;
    }
    return bytes;
  }

  /**
   * One made-up revision from a scan of the first and last parts of the file: every object that begins somewhere, the last one
   * of a number first, and the trailers' entries, the last one's first.
   */
  scan(): Revision & { candidates: number[] } {
    const objects = new Map<number, Location>();
    const trailer: PdfDictionary = { type: 'dictionary', entries: new Map() };
    const containers: number[] = [];
    const candidates: number[] = [];
    const found: Scanned = { objects, trailer, trailers: 0, containers, candidates };
    const budget = Math.max(0, this.left - 4 * 1024 * 1024);
    const size = this.source.size;
    if (size <= budget) this.scanRange(0, size, found);
    else {
      this.collector.finding('truncated', 'scan');
      this.scanRange(0, budget / 2, found);
      this.scanRange(size - budget / 2, size, found);
    }
    const section: Section = { kind: 'scan', objects };
    const revision = { sections: [section], trailer, candidates };
    for (const container of containers.slice(-64)) this.indexPacked(container, objects, revision);
    return revision;
  }

  private scanRange(start: number, to: number, found: Scanned): void {
    const overlap = 2 * nearBytes;
    const from = Math.floor(start);
    for (let base = from; base < to && this.left > 0; base += scanStep) {
      const bytes = this.read(base, Math.min(scanStep + overlap, to - base));
      const text = latin1(bytes);
      // Found from their ends: digits alone are everywhere, and a pattern that begins with them looks at each.
      for (const match of text.matchAll(/(?<!d)obj|trailer/g)) {
        // The middle of the overlap belongs to the piece before: there the whole header was in sight.
        if (base > from && match.index < overlap / 2) continue;
        if (match.index >= scanStep + overlap / 2) break;
        if (!this.collector.step('scan')) return;
        const behind = match.index + match[0].length;
        if (match[0] === 'trailer') {
          this.scanTrailer(found, text.slice(behind, behind + nearBytes));
          continue;
        }
        const header = /(\d{1,10})[\s\0]{1,8}\d{1,5}[\s\0]{1,8}$/.exec(
          text.slice(Math.max(0, match.index - 32), match.index),
        );
        if (!header) continue;
        const at = base + match.index - header[0].length;
        this.scanObject(found, Number(header[1]), at, text.slice(behind, behind + nearBytes));
      }
    }
  }

  private scanTrailer(found: Scanned, near: string): void {
    if (!/\/(Root|Info)\b/.test(near)) return;
    found.trailers += 1;
    if (found.trailers > maxTrailers) this.collector.finding('too-many-entries', 'trailers');
    else this.mergeTrailer(found.trailer, new PdfSyntax(Buffer.from(near, 'latin1')).value());
  }

  private scanObject(found: Scanned, number: number, at: number, near: string): void {
    found.objects.set(number, { kind: 'offset', at });
    const end = near.indexOf('endobj');
    const body = end < 0 ? near : near.slice(0, end);
    if (/\/Type\s{0,4}\/ObjStm/.test(body)) found.containers.push(number);
    else if (/\/Type\s{0,4}\/XRef/.test(body)) this.scanTrailer(found, body);
    else if (/\/Type\s{0,4}\/Catalog/.test(body) && !found.trailer.entries.has('Root')) {
      found.trailer.entries.set('Root', { type: 'reference', number, generation: 0 });
    } else if (/\/(AIGC|Producer|Creator)\b/.test(body) && found.candidates.length < 64) found.candidates.push(number);
  }

  private mergeTrailer(into: PdfDictionary, value: PdfValue): void {
    for (const key of ['Root', 'Info', 'Encrypt', 'AIGC']) {
      const entry = asDictionary(value)?.entries.get(key);
      if (entry !== undefined && entry !== null) into.entries.set(key, entry);
    }
  }

  private indexPacked(container: number, objects: Map<number, Location>, revision: Revision): void {
    const packed = this.unpack(container, [revision]);
    for (const [index, number] of (packed?.numbers ?? []).entries()) {
      if (!objects.has(number)) objects.set(number, { kind: 'packed', stream: container, index });
    }
  }

  private revisionAt(offset: number): Revision | null {
    for (const at of new Set([offset, offset + this.shift])) {
      const head = latin1(this.read(at, 64));
      const table = /^\s{0,16}xref\s/.exec(head)?.[0];
      const revision = table === undefined ? this.streamRevision(at) : this.tableRevision(at + table.length);
      if (revision) return revision;
    }
    return null;
  }

  private tableRevision(from: number): Revision | null {
    const ranges: { first: number; count: number; at: number }[] = [];
    let at = from;
    while (this.collector.step('cross-reference')) {
      const head = latin1(this.read(at, 64));
      const trailer = /^\s{0,32}trailer/.exec(head)?.[0];
      if (trailer !== undefined) {
        const dictionary = asDictionary(this.valueAt(at + trailer.length));
        if (!dictionary) return null;
        const sections: Section[] = [{ kind: 'table', ranges }];
        // Hybrid files: a stream beside the table, for readers that know streams (§7.5.8.4).
        const hybrid = dictionary.entries.get('XRefStm');
        const beside = typeof hybrid === 'number' ? this.streamRevision(hybrid + this.shift) : null;
        return { sections: beside ? [...sections, ...beside.sections] : sections, trailer: dictionary };
      }
      const range = /^\s{0,32}(\d{1,10})\s{1,4}(\d{1,10})[ \t]{0,8}(?:\r\n|\r|\n)?/.exec(head);
      if (!range) return null;
      const count = Number(range[2]);
      at += range[0].length;
      ranges.push({ first: Number(range[1]), count, at });
      at += count * 20;
    }
    return null;
  }

  private streamRevision(at: number): Revision | null {
    const stream = this.objectAt(at, null);
    const trailer = asDictionary(stream?.value ?? null);
    if (!stream || !trailer || stream.streamAt === null || asName(trailer.entries.get('Type')) !== 'XRef') return null;
    const rows = this.streamBytes(stream, [], maxUnpackedBytes, 'cross-reference');
    const widths = asNumbers(trailer.entries.get('W'));
    if (!rows || widths.length < 3 || widths.some((width) => width < 0 || width > 8)) return null;
    const index = asNumbers(trailer.entries.get('Index'));
    const size = trailer.entries.get('Size');
    const pairs = index.length >= 2 ? index : [0, typeof size === 'number' ? size : 0];
    const ranges: { first: number; count: number; from: number }[] = [];
    let from = 0;
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const count = pairs[i + 1] ?? 0;
      ranges.push({ first: pairs[i] ?? 0, count, from });
      from += count;
    }
    return { sections: [{ kind: 'stream', ranges, widths, rows }], trailer };
  }

  private locate(section: Section, number: number): Location | 'free' | null {
    if (section.kind === 'scan') return section.objects.get(number) ?? null;
    if (section.kind === 'table') {
      const range = section.ranges.find(({ first, count }) => number >= first && number < first + count);
      if (!range) return null;
      const row = /^(\d{10}) \d{5} ([nf])/.exec(latin1(this.read(range.at + (number - range.first) * 20, 20)));
      if (!row) return null;
      return row[2] === 'f' ? 'free' : { kind: 'offset', at: Number(row[1]) };
    }
    const range = section.ranges.find(({ first, count }) => number >= first && number < first + count);
    if (!range) return null;
    const [typeWidth = 0, secondWidth = 0, thirdWidth = 0] = section.widths;
    const width = typeWidth + secondWidth + thirdWidth;
    const at = (range.from + number - range.first) * width;
    if (width === 0 || at + width > section.rows.length) return null;
    const type = typeWidth === 0 ? 1 : bigEndian(section.rows, at, typeWidth);
    const second = bigEndian(section.rows, at + typeWidth, secondWidth);
    if (type === 1) return { kind: 'offset', at: second };
    if (type !== 2) return 'free';
    return { kind: 'packed', stream: second, index: bigEndian(section.rows, at + typeWidth + secondWidth, thirdWidth) };
  }

  /** The object that begins at an offset; null where there is none, or one of another number. */
  private objectAt(offset: number, number: number | null): PdfObject | null {
    for (const at of new Set([offset, offset + this.shift])) {
      for (const window of [4096, 65_536, 1024 * 1024]) {
        const bytes = this.read(at, window);
        const header = /^[\s\0]{0,16}(\d{1,10})[\s\0]{1,8}\d{1,5}[\s\0]{1,8}obj/.exec(latin1(bytes, 0, 64));
        if (!header || (number !== null && Number(header[1]) !== number)) break;
        const syntax = new PdfSyntax(bytes, header[0].length);
        const value = syntax.value();
        const valueEnd = syntax.at;
        const next = syntax.value();
        if (syntax.exhausted && at + bytes.length < this.source.size && window < 1024 * 1024 && !isWord(next, 'stream'))
          continue;
        const streamAt = isWord(next, 'stream') ? at + afterStreamWord(bytes, valueEnd) : null;
        const written = { bytes, at: header[0].length };
        return { number: Number(header[1]), value, at, id: `@${at}`, streamAt, written };
      }
    }
    return null;
  }

  private packedObject(
    location: { stream: number; index: number },
    number: number,
    revisions: readonly Revision[],
  ): PdfObject | null {
    const packed = this.unpack(location.stream, revisions);
    if (!packed) return null;
    const index = packed.numbers[location.index] === number ? location.index : packed.numbers.indexOf(number);
    const start = packed.starts[index];
    if (start === undefined) return null;
    const value = new PdfSyntax(packed.bytes, start).value();
    const written = { bytes: packed.bytes, at: start };
    return { number, value, at: packed.stream.at, id: `@${packed.stream.at}:${index}`, streamAt: null, written };
  }

  /** An object stream: pairs of number and offset, then the objects from `First` on (§7.5.7). */
  private unpack(number: number, revisions: readonly Revision[]) {
    const stream = this.unpackable(number, revisions);
    if (!stream) return null;
    const known = this.unpacked.get(stream.at);
    if (known) return known;
    const dictionary = asDictionary(stream.value);
    const bytes = this.streamBytes(stream, revisions, maxUnpackedBytes, `object ${number}`);
    const first = this.resolve(dictionary?.entries.get('First'), revisions);
    const count = this.resolve(dictionary?.entries.get('N'), revisions);
    if (!bytes || typeof first !== 'number' || typeof count !== 'number') return null;
    const syntax = new PdfSyntax(bytes.subarray(0, Math.max(0, first)));
    const numbers: number[] = [];
    const starts: number[] = [];
    for (let i = 0; i < Math.min(count, 50_000); i += 1) {
      const id = syntax.value();
      const start = syntax.value();
      if (typeof id !== 'number' || typeof start !== 'number') break;
      numbers.push(id);
      starts.push(first + start);
    }
    const packed = { stream, bytes, starts, numbers };
    if (this.unpacked.size >= maxKeptStreams) this.unpacked.clear();
    this.unpacked.set(stream.at, packed);
    return packed;
  }

  /** Object streams may not be packed themselves (§7.5.7): that is also what keeps this from going in circles. */
  private unpackable(number: number, revisions: readonly Revision[]): PdfObject | null {
    for (const { sections } of revisions) {
      for (const section of sections) {
        const location = this.locate(section, number);
        if (location === 'free' || location?.kind === 'packed') return null;
        if (location) return this.objectAt(location.at, number);
      }
    }
    return null;
  }

  private rawStream(at: number, length: PdfValue, where: string): Uint8Array {
    if (typeof length === 'number' && length >= 0 && length <= maxFieldBytes * 2) {
      const bytes = this.read(at, length + 20);
      // The length holds when the end is where it says.
      if (/^\s{0,4}endstream/.test(latin1(bytes, length, length + 20))) return bytes.subarray(0, length);
    }
    const bytes = this.read(at, maxFieldBytes);
    const end = findBytes(bytes, 'endstream');
    if (end < 0 && bytes.length < maxFieldBytes) this.collector.finding('truncated', where);
    if (end < 0 && bytes.length >= maxFieldBytes) this.collector.finding('value-too-long', where);
    return end < 0 ? bytes : bytes.subarray(0, end);
  }

  private valueAt(at: number): PdfValue {
    for (const window of [4096, 65_536, 1024 * 1024]) {
      const syntax = new PdfSyntax(this.read(at, window));
      const value = syntax.value();
      if (!syntax.exhausted) return value;
    }
    return null;
  }

  private read(offset: number, length: number): Uint8Array {
    if (this.left <= 0) {
      this.collector.finding('too-many-entries', 'reads');
      return new Uint8Array(0);
    }
    const bytes = offset >= 0 ? this.source.read(offset, Math.min(length, this.left)) : new Uint8Array(0);
    // An empty read costs too, so that the number of reads is bounded as well.
    this.left -= Math.max(32, bytes.length);
    return bytes;
  }
}

interface Scanned {
  objects: Map<number, Location>;
  trailer: PdfDictionary;
  trailers: number;
  containers: number[];
  candidates: number[];
}

/** Behind the word `stream` stands one line end, and then the bytes. */
function afterStreamWord(bytes: Uint8Array, from: number): number {
  const word = findBytes(bytes, 'stream', from);
  const at = word + 6;
  if (startsWith(bytes, '\r\n', at)) return at + 2;
  return bytes[at] === 0x0a || bytes[at] === 0x0d ? at + 1 : at;
}

function bigEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i += 1) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** PNG predictors (§7.4.4.4): one byte of method before each row. Other predictors are for pixels. */
function unpredict(bytes: Uint8Array, settings: PdfDictionary | null): Uint8Array {
  const predictor = settings?.entries.get('Predictor');
  if (typeof predictor !== 'number' || predictor < 10) return bytes;
  const number = (key: string, usual: number) => {
    const value = settings?.entries.get(key);
    return typeof value === 'number' && value > 0 && value <= 65_536 ? Math.floor(value) : usual;
  };
  const pixel = Math.max(1, Math.ceil((number('Colors', 1) * number('BitsPerComponent', 8)) / 8));
  const row = Math.ceil((number('Columns', 1) * number('Colors', 1) * number('BitsPerComponent', 8)) / 8);
  const rows = Math.ceil(bytes.length / (row + 1));
  const out = new Uint8Array(rows * row);
  for (let y = 0; y < rows; y += 1) {
    const method = bytes[y * (row + 1)] ?? 0;
    for (let x = 0; x < row; x += 1) {
      const at = y * row + x;
      const left = x >= pixel ? (out[at - pixel] ?? 0) : 0;
      const up = y > 0 ? (out[at - row] ?? 0) : 0;
      const upLeft = x >= pixel && y > 0 ? (out[at - row - pixel] ?? 0) : 0;
      out[at] = (bytes[y * (row + 1) + 1 + x] ?? 0) + predicted(method, left, up, upLeft);
    }
  }
  return out;
}

function predicted(method: number, left: number, up: number, upLeft: number): number {
  if (method === 1) return left;
  if (method === 2) return up;
  if (method === 3) return Math.floor((left + up) / 2);
  if (method !== 4) return 0;
  const estimate = left + up - upLeft;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - upLeft)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : upLeft;
}
