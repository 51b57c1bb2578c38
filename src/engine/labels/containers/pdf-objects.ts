import { latin1 } from './integers.ts';

/** A PDF object (ISO 32000-2 §7.3). Streams are a dictionary with bytes behind it, and belong to the file, not to the syntax. */
export type PdfValue =
  | null
  | boolean
  | number
  | { type: 'name'; name: string }
  | { type: 'string'; bytes: Uint8Array; at: number }
  | { type: 'array'; items: PdfValue[] }
  | PdfDictionary
  | PdfReference
  | { type: 'word'; word: string };

export interface PdfDictionary {
  type: 'dictionary';
  entries: Map<string, PdfValue>;
}

export interface PdfReference {
  type: 'reference';
  number: number;
  generation: number;
}

const maxNesting = 32;
const maxValues = 100_000;

/** Reads PDF syntax from bytes. Broken syntax yields what could be read; nothing throws, and nesting and counts are bounded. */
export class PdfSyntax {
  at: number;
  /** True once something was read up to the end of the bytes: with more of them it might read differently. */
  exhausted = false;
  private readonly bytes: Uint8Array;
  private values = 0;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The next value; a bare word such as `obj` or `endobj` is a value too, the end of the bytes is an empty word. */
  value(depth = 0): PdfValue {
    this.skipSpace();
    const byte = this.bytes[this.at];
    this.values += 1;
    if (byte === undefined || depth > maxNesting || this.values > maxValues) {
      if (byte === undefined) this.exhausted = true;
      // Too deep or too many: leave the rest unread.
      else this.at = this.bytes.length;
      return { type: 'word', word: '' };
    }
    if (byte === 0x2f) return { type: 'name', name: this.name() };
    if (byte === 0x28) return this.literal();
    if (byte === 0x3c) return this.bytes[this.at + 1] === 0x3c ? this.dictionary(depth) : this.hexadecimal();
    if (byte === 0x5b) return this.array(depth);
    if (isDelimiter(byte)) {
      this.at += byte === 0x3e && this.bytes[this.at + 1] === 0x3e ? 2 : 1;
      return { type: 'word', word: byte === 0x3e ? '>>' : String.fromCharCode(byte) };
    }
    return this.numberOrWord();
  }

  private skipSpace(): void {
    for (let byte = this.bytes[this.at]; byte !== undefined; byte = this.bytes[this.at]) {
      if (byte === 0x25) {
        while (this.at < this.bytes.length && this.bytes[this.at] !== 0x0a && this.bytes[this.at] !== 0x0d)
          this.at += 1;
      } else if (isSpace(byte)) this.at += 1;
      else return;
    }
    this.exhausted = true;
  }

  private regular(): string {
    const from = this.at;
    for (let byte = this.bytes[this.at]; byte !== undefined; byte = this.bytes[this.at]) {
      if (isSpace(byte) || isDelimiter(byte) || this.at - from >= 1024) break;
      this.at += 1;
    }
    if (this.at >= this.bytes.length) this.exhausted = true;
    return latin1(this.bytes, from, this.at);
  }

  private name(): string {
    this.at += 1;
    const raw = this.regular();
    const bytes = Buffer.from(
      raw.replace(/#([0-9a-fA-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    );
    return bytes.toString('utf8');
  }

  private numberOrWord(): PdfValue {
    const word = this.regular();
    if (word === '') {
      this.at += 1;
      return { type: 'word', word: '' };
    }
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    if (!/^[+-]?(\d{1,20}\.?\d{0,20}|\.\d{1,20})$/.test(word)) return { type: 'word', word };
    if (/^\d{1,10}$/.test(word)) {
      const reference = this.reference(Number(word));
      if (reference) return reference;
    }
    return Number(word);
  }

  /** `12 0 R`: known only two words later, so look ahead and go back if it is not one. */
  private reference(number: number): PdfReference | null {
    const from = this.at;
    const exhausted = this.exhausted;
    this.skipSpace();
    const generation = /^\d$/.test(String.fromCharCode(this.bytes[this.at] ?? 0)) ? this.regular() : '';
    if (/^\d{1,5}$/.test(generation)) {
      this.skipSpace();
      if (this.bytes[this.at] === 0x52) {
        const next = this.bytes[this.at + 1];
        if (next === undefined || isSpace(next) || isDelimiter(next)) {
          this.at += 1;
          return { type: 'reference', number, generation: Number(generation) };
        }
      }
    }
    this.exhausted = exhausted || this.at >= this.bytes.length;
    this.at = from;
    return null;
  }

  private array(depth: number): PdfValue {
    this.at += 1;
    const items: PdfValue[] = [];
    for (;;) {
      const item = this.value(depth + 1);
      if (isWord(item, ']') || isWord(item, '')) return { type: 'array', items };
      if (isWord(item, 'endobj') || isWord(item, '>>')) return { type: 'array', items };
      items.push(item);
    }
  }

  private dictionary(depth: number): PdfDictionary {
    this.at += 2;
    const entries = new Map<string, PdfValue>();
    for (;;) {
      const key = this.value(depth + 1);
      if (isWord(key, '>>') || isWord(key, '') || isWord(key, 'endobj') || isWord(key, 'stream')) break;
      if (key === null || typeof key !== 'object' || key.type !== 'name') continue;
      const value = this.value(depth + 1);
      if (isWord(value, '>>')) break;
      entries.set(key.name, value);
    }
    return { type: 'dictionary', entries };
  }

  /** Balanced parentheses need no escape; a line break of any kind is one line feed (§7.3.4.2). */
  private literal(): PdfValue {
    const from = this.at;
    const out: number[] = [];
    let open = 1;
    this.at += 1;
    while (this.at < this.bytes.length && out.length < maxStringBytes) {
      const byte = this.bytes[this.at] ?? 0;
      this.at += 1;
      if (byte === 0x5c) this.escape(out);
      else if (byte === 0x28) open += 1;
      else if (byte === 0x29) open -= 1;
      if (open === 0) return { type: 'string', bytes: Uint8Array.from(out), at: from };
      if (byte === 0x0d) {
        if (this.bytes[this.at] === 0x0a) this.at += 1;
        out.push(0x0a);
      } else if (byte !== 0x5c) out.push(byte);
    }
    this.exhausted = true;
    return { type: 'string', bytes: Uint8Array.from(out), at: from };
  }

  private escape(out: number[]): void {
    const byte = this.bytes[this.at] ?? 0;
    this.at += 1;
    if (byte >= 0x30 && byte <= 0x37) {
      let code = byte - 0x30;
      for (let i = 0; i < 2; i += 1) {
        const digit = this.bytes[this.at] ?? 0;
        if (digit < 0x30 || digit > 0x37) break;
        code = code * 8 + digit - 0x30;
        this.at += 1;
      }
      out.push(code & 0xff);
    } else if (byte === 0x0d) {
      if (this.bytes[this.at] === 0x0a) this.at += 1;
    } else if (byte !== 0x0a) {
      out.push(escapes.get(byte) ?? byte);
    }
  }

  private hexadecimal(): PdfValue {
    const from = this.at;
    this.at += 1;
    let digits = '';
    for (let byte = this.bytes[this.at]; byte !== undefined && byte !== 0x3e; byte = this.bytes[this.at]) {
      const character = String.fromCharCode(byte);
      if (/[0-9a-fA-F]/.test(character) && digits.length < maxStringBytes * 2) digits += character;
      this.at += 1;
    }
    if (this.at >= this.bytes.length) this.exhausted = true;
    this.at += 1;
    const even = digits.length % 2 === 0 ? digits : `${digits}0`;
    return { type: 'string', bytes: new Uint8Array(Buffer.from(even, 'hex')), at: from };
  }
}

const maxStringBytes = 1024 * 1024;

const escapes = new Map([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x62, 0x08],
  [0x66, 0x0c],
]);

export function isWord(value: PdfValue, word: string): boolean {
  return value !== null && typeof value === 'object' && value.type === 'word' && value.word === word;
}

export function asDictionary(value: PdfValue | undefined): PdfDictionary | null {
  return value !== null && typeof value === 'object' && value.type === 'dictionary' ? value : null;
}

export function asReference(value: PdfValue | undefined): PdfReference | null {
  return value !== null && typeof value === 'object' && value.type === 'reference' ? value : null;
}

export function asName(value: PdfValue | undefined): string | null {
  return value !== null && typeof value === 'object' && value.type === 'name' ? value.name : null;
}

export function asNumbers(value: PdfValue | undefined): number[] {
  if (value === null || typeof value !== 'object' || value.type !== 'array') return [];
  return value.items.filter((item) => typeof item === 'number');
}

/** The items of an array, or a single value as an array of one; nothing for nothing. */
export function asList(value: PdfValue | undefined): PdfValue[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'object' && value.type === 'array' ? value.items : [value];
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x0c || byte === 0x00;
}

function isDelimiter(byte: number): boolean {
  return (
    byte === 0x28 ||
    byte === 0x29 ||
    byte === 0x3c ||
    byte === 0x3e ||
    byte === 0x5b ||
    byte === 0x5d ||
    byte === 0x7b ||
    byte === 0x7d ||
    byte === 0x2f ||
    byte === 0x25
  );
}
