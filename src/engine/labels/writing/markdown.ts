import { isMap, parseDocument } from 'yaml';
import type { ByteSource } from '../../media/bytes.ts';
import { decodeText, decodeUtf8 } from '../containers/decode-text.ts';
import { latin1, startsWith } from '../containers/integers.ts';
import { readMarkdown } from '../containers/markdown.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { blanked, confirmed, withoutLabels } from './old-labels.ts';
import type { Edit } from './pieces.ts';

/**
 * Writes the label as a map `AIGC` with one double-quoted scalar per field into the YAML front matter of a Markdown text
 * (TC260-PG-20258A), where the first label stood, else at its end; makes a front matter where there is none. All other lines stay byte
 * by byte. Only a front matter that ends within 64 KiB and is valid YAML is touched.
 */
export function writeMarkdown(source: ByteSource, change: LabelChange): Edit[] {
  const text = readText(source);
  const matter = frontMatter(text);
  const edits = matter ? editMatter(source, text, matter, change.aigc) : newMatter(text, change.aigc);
  return confirmed(edits, source, change, { format: 'markdown', read: readMarkdown });
}

/** The same as the reader looks at. */
const headBytes = 65_536;

interface Text {
  lines: Line[];
  /** Line end that the text uses. */
  lineEnd: string;
  /** Offset behind a byte order mark. */
  start: number;
  isWhole: boolean;
}

interface Line {
  text: string;
  /** Offsets in the file, the end behind the line's own end. */
  at: number;
  end: number;
}

interface Matter {
  /** Index of the opening dashes, and of the line that closes. */
  open: number;
  close: number;
}

function readText(source: ByteSource): Text {
  const bytes = source.read(0, headBytes);
  if (startsWith(bytes, '\xff\xfe') || startsWith(bytes, '\xfe\xff') || bytes.includes(0))
    throw new LabelRefusal('container-variant', 'file');
  const start = startsWith(bytes, '\xef\xbb\xbf') ? 3 : 0;
  // What is no UTF-8 is read one character a byte, as the reader does.
  const width = decodeUtf8(bytes) === null ? (part: string) => part.length : (part: string) => Buffer.byteLength(part);
  const lines: Line[] = [];
  let at = start;
  for (const [whole, own = ''] of decodeText(bytes.subarray(start)).matchAll(/([^\r\n]*)(?:\r\n|\n|\r|$)/g)) {
    const end = at + width(whole);
    if (whole !== '') lines.push({ text: own, at, end });
    at = end;
  }
  const [first] = lines;
  const lineEnd = first ? decodeText(source.read(first.at, first.end - first.at)).slice(first.text.length) : '';
  return { lines, lineEnd: lineEnd || '\n', start, isWhole: source.size <= headBytes };
}

/** Null where none begins on the first line, or what looks like one is only a rule above text. */
function frontMatter({ lines, isWhole }: Text): Matter | null {
  const open = lines.findIndex(({ text }) => text.trim() !== '');
  const dashes = lines[open]?.text ?? '';
  if (/^\+\+\+\s*$/.test(dashes)) throw new LabelRefusal('container-variant', 'front matter (TOML)');
  if (!/^---\s*$/.test(dashes)) return null;
  const length = lines.slice(open + 1).findIndex(({ text }) => /^(---|\.\.\.)\s*$/.test(text));
  const matter = lines.slice(open + 1, length < 0 ? undefined : open + 1 + length);
  const hasKeys = entriesIn(matter).length > 0;
  if (length < 0) {
    if (!isWhole) throw new LabelRefusal('container-too-large', 'front matter');
    if (entriesIn(matter).some(({ isLabel }) => isLabel)) throw new LabelRefusal('container-damaged', 'front matter');
    return null;
  }
  const isEmpty = matter.every(({ text }) => text.trim() === '' || text.startsWith('#'));
  if (!hasKeys && !isEmpty) return null;
  // Below blank lines some programs see a front matter and others do not.
  if (open > 0) throw new LabelRefusal('container-variant', `line ${open + 1}`);
  return { open, close: open + 1 + length };
}

interface Entry {
  isLabel: boolean;
  key: string;
  /** Indexes of lines; comments and blank lines before the next key are not part of it. */
  from: number;
  to: number;
}

const topLevelKey = /^("[^"]{1,200}"|'[^']{1,200}'|[^\s"'#{}[\],&*!|>%@`-][^#]{0,199}?)\s{0,20}:(?:\s|$)/;

/** Keys at the left margin with the lines that belong to them. */
function entriesIn(lines: readonly Line[]): Entry[] {
  const entries: Entry[] = [];
  for (const [index, { text }] of lines.entries()) {
    const written = topLevelKey.exec(text)?.[1];
    const last = entries.at(-1);
    if (written !== undefined) {
      const key = written.replace(/^(["'])(.*)\1$/, '$2');
      entries.push({ isLabel: key.toUpperCase() === 'AIGC', key, from: index, to: index + 1 });
    } else if (last && text.trim() !== '' && !text.startsWith('#')) last.to = index + 1;
  }
  return entries;
}

function editMatter(source: ByteSource, text: Text, { open, close }: Matter, aigc: string | null): Edit[] {
  const lines = text.lines.slice(open + 1, close);
  const entries = entriesIn(lines);
  const labels = entries.filter(({ isLabel }) => isLabel);
  const [opening, closing] = [text.lines[open], text.lines[close]];
  if (!opening || !closing) return [];
  const kept = lines.filter((_, index) => !labels.some(({ from, to }) => index >= from && index < to));
  requireMap(kept);
  if (aigc === null && labels.length > 0 && kept.length === 0) {
    return [{ at: opening.at, remove: closing.end - opening.at, insert: new Uint8Array(0) }];
  }
  const edits: Edit[] = labels.map(({ from, to }) => ({
    ...rangeOf(lines.slice(from, to)),
    insert: new Uint8Array(0),
  }));
  const wanted = aigc === null ? null : Buffer.from(labelLines(aigc, text.lineEnd));
  const [first] = edits;
  if (wanted && first) first.insert = new Uint8Array(wanted);
  else if (wanted) edits.push({ at: closing.at, remove: 0, insert: new Uint8Array(wanted) });
  for (const entry of entries) {
    if (!entry.isLabel) edits.push(...blankedLines(source, lines.slice(entry.from, entry.to), entry.key));
  }
  return edits;
}

/** A line is only put among others where these are a map, so that it becomes a member of it. */
function requireMap(lines: readonly Line[]): void {
  const document = parseDocument(lines.map(({ text }) => text).join('\n'), { uniqueKeys: false, logLevel: 'silent' });
  if (document.errors.length > 0) throw new LabelRefusal('container-damaged', 'front matter');
  if (document.contents !== null && (!isMap(document.contents) || document.contents.flow === true))
    throw new LabelRefusal('container-variant', 'front matter');
}

/** Another key may have a label in its text. */
function blankedLines(source: ByteSource, lines: readonly Line[], key: string): Edit[] {
  const [, value = ''] = /^[^:]*:([\s\S]*)$/.exec(lines.map(({ text }) => text).join('\n')) ?? [];
  if (withoutLabels({ key, value: value.trim(), location: 'markdown.front-matter' }) === value.trim()) return [];
  return lines.flatMap(({ at, end }) => {
    // One character a byte, whatever the encoding: only ASCII is looked for and put in.
    const text = latin1(source.read(at, end - at));
    const blank = blanked(text);
    return blank === text ? [] : [{ at, remove: end - at, insert: new Uint8Array(Buffer.from(blank, 'latin1')) }];
  });
}

function rangeOf(lines: readonly Line[]): { at: number; remove: number } {
  const at = lines[0]?.at ?? 0;
  return { at, remove: (lines.at(-1)?.end ?? at) - at };
}

function newMatter(text: Text, aigc: string | null): Edit[] {
  if (aigc === null) return [];
  const { lineEnd, start } = text;
  const matter = `---${lineEnd}${labelLines(aigc, lineEnd)}---${lineEnd}`;
  return [{ at: start, remove: 0, insert: new Uint8Array(Buffer.from(matter)) }];
}

/** JSON strings of ASCII are double-quoted scalars of YAML too (YAML 1.2.2 §5.7, §7.3.1). */
function labelLines(aigc: string, lineEnd: string): string {
  const fields: [string, unknown][] = Object.entries(JSON.parse(aigc));
  const lines = fields.map(([name, value]) => {
    const key = /^[A-Za-z][A-Za-z0-9_]{0,60}$/.test(name) ? name : JSON.stringify(name);
    return `  ${key}: ${JSON.stringify(value)}`;
  });
  return ['AIGC:', ...lines].map((line) => `${line}${lineEnd}`).join('');
}
