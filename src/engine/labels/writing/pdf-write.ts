import { concat, latin1, startsWith } from '../containers/integers.ts';
import { isWord, PdfSyntax, type PdfValue } from '../containers/pdf-objects.ts';
import { LabelRefusal } from './change.ts';

/** One entry of a dictionary with the bytes it is written in, blanks before it included. */
export interface WrittenEntry {
  key: string;
  value: PdfValue;
  bytes: Uint8Array;
}

/** The entries of a dictionary that begins at an offset, byte by byte. Throws a LabelRefusal where it does not end. */
export function writtenEntries({ bytes, at }: { bytes: Uint8Array; at: number }, where: string): WrittenEntry[] {
  const syntax = new PdfSyntax(bytes, at);
  // Comments and blanks before it belong to nobody.
  while (syntax.at < bytes.length && !startsWith(bytes, '<<', syntax.at)) {
    if (bytes[syntax.at] === 0x25) syntax.at = endOfLine(bytes, syntax.at);
    else if (/[\s\0]/.test(latin1(bytes, syntax.at, syntax.at + 1))) syntax.at += 1;
    else throw new LabelRefusal('container-damaged', where);
  }
  syntax.at += 2;
  const entries: WrittenEntry[] = [];
  for (;;) {
    const from = syntax.at;
    const key = syntax.value();
    if (isWord(key, '>>')) return entries;
    const value = syntax.value();
    const isPair = key !== null && typeof key === 'object' && key.type === 'name' && !isBareWord(value);
    if (!isPair || syntax.at > bytes.length) throw new LabelRefusal('container-damaged', where);
    entries.push({ key: key.name, value, bytes: bytes.subarray(from, syntax.at) });
  }
}

function endOfLine(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at += 1;
  return at;
}

function isBareWord(value: PdfValue): boolean {
  return value !== null && typeof value === 'object' && value.type === 'word';
}

export function entry(key: string, value: PdfValue): WrittenEntry {
  return { key, value, bytes: ascii(`\n/${nameText(key)} ${valueText(value)}`) };
}

/** Text of ASCII as a string of PDFDocEncoding. */
export function text(value: string): PdfValue {
  return { type: 'string', bytes: ascii(value), at: 0 };
}

export interface NewObject {
  number: number;
  generation: number;
  entries: readonly WrittenEntry[];
  /** Bytes of its stream. */
  stream?: Uint8Array;
}

/**
 * Bytes to put behind a document (ISO 32000-2 §7.5.6): the objects, and a cross-reference section of the same kind as the one before,
 * which stood at `previousAt`. `at` is where they begin; `trailer` lacks Size and Prev.
 */
export function incrementalUpdate(update: {
  at: number;
  objects: readonly NewObject[];
  kind: 'table' | 'stream';
  /** First number that no object has. */
  size: number;
  previousAt: number;
  trailer: readonly WrittenEntry[];
}): Uint8Array {
  const parts: Uint8Array[] = [];
  const rows: Row[] = [];
  let at = update.at;
  const add = (bytes: Uint8Array) => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (const object of update.objects) {
    rows.push({ number: object.number, generation: object.generation, at });
    add(objectBytes(object));
  }
  const sectionAt = at;
  const isStream = update.kind === 'stream';
  const size = update.size + (isStream ? 1 : 0);
  const trailer = [entry('Size', size), entry('Prev', update.previousAt), ...update.trailer];
  if (isStream) {
    rows.push({ number: update.size, generation: 0, at: sectionAt });
    add(sectionStream(update.size, sorted(rows), trailer));
  } else {
    add(ascii(sectionTable(sorted(rows))));
    add(concat([ascii('trailer\n'), dictionaryBytes(trailer), ascii('\n')]));
  }
  add(ascii(`startxref\n${sectionAt}\n%%EOF\n`));
  return concat(parts);
}

interface Row {
  number: number;
  generation: number;
  at: number;
}

function sorted(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => a.number - b.number);
}

function objectBytes({ number, generation, entries, stream }: NewObject): Uint8Array {
  const head = ascii(`${number} ${generation} obj\n`);
  if (!stream) return concat([head, dictionaryBytes(entries), ascii('\nendobj\n')]);
  const dictionary = dictionaryBytes([...entries, entry('Length', stream.length)]);
  return concat([head, dictionary, ascii('\nstream\n'), stream, ascii('\nendstream\nendobj\n')]);
}

function dictionaryBytes(entries: readonly WrittenEntry[]): Uint8Array {
  // A comment at the end of an entry's blanks would swallow what follows it without a line break.
  return concat([ascii('<<'), ...entries.map(({ bytes }) => bytes), ascii('\n>>')]);
}

/** Rows have twenty bytes each, runs of numbers a header (§7.5.4). */
function sectionTable(rows: readonly Row[]): string {
  const lines = runs(rows).map(([first, ...rest]) => {
    const own = first ? [first, ...rest] : [];
    const digits = own.map(({ at, generation }) => `${pad(at, 10)} ${pad(generation, 5)} n\r\n`);
    return `${first?.number ?? 0} ${own.length}\n${digits.join('')}`;
  });
  // Some programs suspect a section that does not begin with number 0, the head of the list of free ones.
  return `xref\n0 1\n${pad(0, 10)} 65535 f\r\n${lines.join('')}`;
}

/** The same as a stream: type, offset, generation (§7.5.8). */
function sectionStream(number: number, rows: readonly Row[], trailer: readonly WrittenEntry[]): Uint8Array {
  const bytes = Buffer.alloc(rows.length * rowBytes);
  for (const [index, row] of rows.entries()) {
    bytes[index * rowBytes] = 1;
    bytes.writeUIntBE(row.at, index * rowBytes + 1, 6);
    bytes.writeUInt16BE(row.generation, index * rowBytes + 7);
  }
  const index = runs(rows).flatMap((run) => [run[0]?.number ?? 0, run.length]);
  const entries = [
    entry('Type', { type: 'name', name: 'XRef' }),
    entry('W', { type: 'array', items: [1, 6, 2] }),
    entry('Index', { type: 'array', items: index }),
    ...trailer,
  ];
  return objectBytes({ number, generation: 0, entries, stream: bytes });
}

const rowBytes = 9;

function runs(rows: readonly Row[]): Row[][] {
  const found: Row[][] = [];
  for (const row of rows) {
    const last = found.at(-1);
    if (last && last.at(-1)?.number === row.number - 1) last.push(row);
    else found.push([row]);
  }
  return found;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

function valueText(value: PdfValue): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object') return String(value);
  if (value.type === 'name') return `/${nameText(value.name)}`;
  if (value.type === 'string') return stringText(value.bytes);
  if (value.type === 'reference') return `${value.number} ${value.generation} R`;
  if (value.type === 'array') return `[${value.items.map(valueText).join(' ')}]`;
  if (value.type === 'word') return 'null';
  return `<<${[...value.entries].map(([key, inner]) => `/${nameText(key)} ${valueText(inner)}`).join('\n')}>>`;
}

/** Never with an exponent, which PDF does not know (§7.3.3). */
function numberText(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(6).replace(/0+$/, '');
}

function nameText(name: string): string {
  return Array.from(Buffer.from(name), (byte) => {
    const character = String.fromCharCode(byte);
    return /[!-~]/.test(character) && !/[#()<>[\]{}/%]/.test(character) ? character : `#${pad16(byte)}`;
  }).join('');
}

/** As literal where it is plain ASCII, so that a person can read it; else in digits. */
function stringText(bytes: Uint8Array): string {
  if (!bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return `<${Buffer.from(bytes).toString('hex')}>`;
  return `(${latin1(bytes).replace(/[\\()]/g, '\\$&')})`;
}

function pad16(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}

function ascii(value: string): Uint8Array {
  return Buffer.from(value, 'latin1');
}
