/** A JSON value with its members in order and duplicates kept; never a JavaScript object, so no key can be harmful. */
export type JsonNode =
  | { type: 'object'; members: { key: string; value: JsonNode }[] }
  | { type: 'array'; items: JsonNode[] }
  | { type: 'string'; value: string }
  /** `text` is the number as written. */
  | { type: 'number'; text: string }
  | { type: 'boolean'; value: boolean }
  | { type: 'null' };

/** Every way in which a text that could be read was not JSON (RFC 8259), or not a JSON object with unique names. */
export type JsonMistake =
  | 'bad-escape'
  | 'bad-literal'
  | 'comment'
  | 'control-character'
  | 'duplicate-key'
  | 'full-width-punctuation'
  | 'missing-comma'
  | 'single-quotes'
  | 'trailing-comma'
  | 'typographic-quotes'
  | 'unquoted-key'
  | 'unterminated';

export type JsonReading =
  | { status: 'read'; node: JsonNode; mistakes: Set<JsonMistake>; end: number }
  | { status: 'unreadable'; reason: 'no-value' | 'nested-too-deep' | 'too-many-values' };

/**
 * Reads one JSON value that begins at `start` as far as it can be understood, noting every mistake; `end` is the index after it.
 * Bounded in depth and number of values, linear in the length of the text, never throws.
 */
export function readJsonTolerantly(text: string, start = 0): JsonReading {
  const reader = new Reader(text, start);
  try {
    const node = reader.value(0);
    return node
      ? { status: 'read', node, mistakes: reader.mistakes, end: reader.at }
      : { status: 'unreadable', reason: 'no-value' };
  } catch (error) {
    if (error instanceof TooMuch) return { status: 'unreadable', reason: error.reason };
    throw error;
  }
}

const maxDepth = 16;
const maxValues = 5_000;

class TooMuch extends Error {
  readonly reason: 'nested-too-deep' | 'too-many-values';
  constructor(reason: 'nested-too-deep' | 'too-many-values') {
    super(reason);
    this.reason = reason;
  }
}

class Reader {
  readonly mistakes = new Set<JsonMistake>();
  at: number;
  private values = 0;
  private readonly text: string;

  constructor(text: string, start: number) {
    this.text = text;
    this.at = start;
  }

  value(depth: number): JsonNode | null {
    if (depth > maxDepth) throw new TooMuch('nested-too-deep');
    this.values += 1;
    if (this.values > maxValues) throw new TooMuch('too-many-values');
    this.blanks();
    const first = this.text[this.at];
    if (first === undefined) return null;
    if (first === '{') return this.object(depth);
    if (first === '[') return this.array(depth);
    const closing = this.quote(first);
    if (closing) return { type: 'string', value: this.string(closing) };
    return this.bare();
  }

  private object(depth: number): JsonNode {
    const members: { key: string; value: JsonNode }[] = [];
    const keys = new Set<string>();
    this.parts('}', (next) => {
      const before = this.at;
      const key = this.key(next);
      this.blanks();
      if (this.isOneOf(':', '：')) this.at += 1;
      const value = this.value(depth + 1);
      if (key === '' && !value) this.at = Math.max(this.at, before + 1);
      if (value) {
        if (keys.has(key)) this.mistakes.add('duplicate-key');
        keys.add(key);
        members.push({ key, value });
      }
      return members.length;
    });
    return { type: 'object', members };
  }

  private array(depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.parts(']', () => {
      const value = this.value(depth + 1);
      if (value) items.push(value);
      return items.length;
    });
    return { type: 'array', items };
  }

  /** From an opening bracket to behind the closing one; `read` reads the part that starts with `next` and counts those kept so far. */
  private parts(closing: '}' | ']', read: (next: string) => number): void {
    this.at += 1;
    let kept = 0;
    let comma = true;
    for (;;) {
      this.blanks();
      const next = this.text[this.at];
      if (next === undefined) {
        this.mistakes.add('unterminated');
        return;
      }
      if (next === closing) {
        this.at += 1;
        if (comma && kept > 0) this.mistakes.add('trailing-comma');
        return;
      }
      if (!comma) this.mistakes.add('missing-comma');
      const before = this.at;
      kept = read(next);
      comma = this.comma();
      // Whatever stands here, go on past it: no input may hold the loop.
      if (this.at === before) this.at += 1;
    }
  }

  private key(first: string): string {
    const closing = this.quote(first);
    if (closing) return this.string(closing);
    this.mistakes.add('unquoted-key');
    const from = this.at;
    while (this.at < this.text.length && !/[\s:：,，{}[\]"']/.test(this.text[this.at] ?? '')) this.at += 1;
    return this.text.slice(from, this.at);
  }

  /** The closing quote that belongs to an opening one, or null. */
  private quote(first: string): string | null {
    if (first === '"') return '"';
    if (first === "'") {
      this.mistakes.add('single-quotes');
      return "'";
    }
    if (first === '“' || first === '”') {
      this.mistakes.add('typographic-quotes');
      return '”';
    }
    if (first === '‘' || first === '’') {
      this.mistakes.add('typographic-quotes');
      return '’';
    }
    return null;
  }

  private string(closing: string): string {
    this.at += 1;
    const parts: string[] = [];
    let from = this.at;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) {
        this.mistakes.add('unterminated');
        parts.push(this.text.slice(from));
        break;
      }
      if (character === closing) {
        parts.push(this.text.slice(from, this.at));
        this.at += 1;
        break;
      }
      if (character === '\\') {
        parts.push(this.text.slice(from, this.at), this.escape());
        from = this.at;
        continue;
      }
      if (character < ' ') this.mistakes.add('control-character');
      this.at += 1;
    }
    return parts.join('');
  }

  private escape(): string {
    const kind = this.text[this.at + 1] ?? '';
    const known = escapes.get(kind);
    if (known !== undefined) {
      this.at += 2;
      return known;
    }
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (kind === 'u' && /^[0-9A-Fa-f]{4}$/.test(digits)) {
      this.at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    this.mistakes.add('bad-escape');
    this.at += 1 + kind.length;
    return kind;
  }

  /** A number, `true`, `false`, `null`, or a word that stands where a string should. */
  private bare(): JsonNode | null {
    const from = this.at;
    while (this.at < this.text.length && !/[\s,，{}[\]"':：]/.test(this.text[this.at] ?? '')) this.at += 1;
    const word = this.text.slice(from, this.at);
    if (word === '') return null;
    if (/^-?(0|[1-9]\d{0,99})(\.\d{1,99})?([eE][+-]?\d{1,9})?$/.test(word)) return { type: 'number', text: word };
    if (word === 'true' || word === 'false') return { type: 'boolean', value: word === 'true' };
    if (word === 'null') return { type: 'null' };
    this.mistakes.add('bad-literal');
    return { type: 'string', value: word };
  }

  private comma(): boolean {
    this.blanks();
    if (!this.isOneOf(',', '，')) return false;
    this.at += 1;
    return true;
  }

  private isOneOf(plain: string, fullWidth: string): boolean {
    const next = this.text[this.at];
    if (next === fullWidth) this.mistakes.add('full-width-punctuation');
    return next === plain || next === fullWidth;
  }

  private blanks(): void {
    for (;;) {
      const next = this.text[this.at];
      if (next === ' ' || next === '\n' || next === '\r' || next === '\t') this.at += 1;
      else if (next === '\u00A0' || next === '\u3000' || next === '\uFEFF' || next === '\0') {
        this.mistakes.add('control-character');
        this.at += 1;
      } else if (next === '/' && (this.text[this.at + 1] === '/' || this.text[this.at + 1] === '*')) {
        this.mistakes.add('comment');
        const block = this.text[this.at + 1] === '*';
        const end = this.text.indexOf(block ? '*/' : '\n', this.at + 2);
        this.at = end < 0 ? this.text.length : end + (block ? 2 : 1);
      } else return;
    }
  }
}

const escapes = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
