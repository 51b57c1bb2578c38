import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import type { Collector } from './collect.ts';
import { collect } from './collect.ts';
import { decodeText } from './decode-text.ts';

/**
 * Reads the YAML front matter of a Markdown file, first 64 KiB only: the `AIGC` map in any of its shapes (nested lines, JSON in the line,
 * a quoted or block string) as one entry whose value is JSON text, and the other top-level scalars as they are. Types are kept: an
 * unquoted `Label: 1` becomes the number 1. Anchors, tags and references are not understood. Never throws.
 */
export function readMarkdown(source: ByteSource): Metadata {
  const collector = collect(source.size);
  const text = decodeText(source.read(0, frontMatterBytes)).replace(/^\ufeff/, '');
  const lines = text.split(/\r\n|\n|\r/);
  const start = lines.findIndex((line) => line.trim() !== '');
  if (start < 0 || !/^---\s*$/.test(lines[start] ?? '')) return collector.metadata;
  const length = lines.slice(start + 1).findIndex((line) => /^(---|\.\.\.)\s*$/.test(line));
  const matter = length < 0 ? lines.slice(start + 1) : lines.slice(start + 1, start + 1 + length);
  const entries = topLevel(matter);
  // Without an end the dashes were only a rule, unless a label follows them.
  if (length < 0) {
    if (!entries.some(({ key }) => isLabelKey(key))) return collector.metadata;
    collector.finding(source.size > frontMatterBytes ? 'truncated' : 'bad-structure', 'front matter');
  }
  for (const entry of entries) {
    if (!collector.step('front matter')) break;
    collectEntry(collector, entry, start + 2);
  }
  return collector.metadata;
}

const frontMatterBytes = 65_536;
const maxNesting = 8;

/** A key at the left margin, the rest of its line, and the indented or bracketed lines that belong to it. */
interface Entry {
  key: string;
  first: string;
  rest: string[];
  line: number;
}

function isLabelKey(key: string): boolean {
  return key.toUpperCase() === 'AIGC';
}

function collectEntry(collector: Collector, entry: Entry, firstLine: number): void {
  const place = { location: 'markdown.front-matter', path: `${entry.key} (line ${entry.line + firstLine})` };
  const value = entryValue(entry, 0);
  if (isLabelKey(entry.key)) collector.text('AIGC', labelText(value), place);
  else if (value.kind === 'scalar' && value.text !== '') collector.text(entry.key, value.text, place);
}

/** A string is the label as it is written; anything else is written as JSON. */
function labelText(value: Value): string {
  return value.kind === 'scalar' ? value.text : toJson(value);
}

type Value =
  | { kind: 'scalar'; text: string; quoted: boolean }
  | { kind: 'json'; text: string }
  | { kind: 'map'; members: { key: string; value: Value }[] }
  | { kind: 'list'; items: Value[] };

/** Lines at the left margin begin an entry; deeper ones, blank ones and closing brackets go on with it. */
function topLevel(lines: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  for (const [index, line] of lines.entries()) {
    const found = /^\s/.test(line) ? null : keyOf(line);
    const last = entries.at(-1);
    if (found) entries.push({ key: found.key, first: found.rest, rest: [], line: index });
    else last?.rest.push(line);
  }
  return entries;
}

/** `key: rest`, the key plain or quoted; null for a line that has none. */
function keyOf(line: string): { key: string; rest: string } | null {
  const match = /^\s*("[^"]{1,200}"|'[^']{1,200}'|[^\s"'#{}[\],&*!|>%@`][^#]{0,199}?)\s{0,20}:(?:\s+(.*))?$/.exec(line);
  const key = match?.[1] ?? '';
  if (!match || /^-\s/.test(key)) return null;
  return { key: key.replace(/^(["'])(.*)\1$/, '$2'), rest: match[2] ?? '' };
}

function entryValue(entry: Entry, depth: number): Value {
  const first = entry.first.trim();
  // A comment at the margin belongs to the key after it, and says nothing about how deep the lines before it stand.
  const rest = dedent(entry.rest.filter((line) => !line.startsWith('#')));
  const block = /^([|>])[-+0-9]{0,2}(\s+#.*)?$/.exec(first);
  if (block) return { kind: 'scalar', text: blockText(rest, block[1] === '>'), quoted: true };
  const withoutComment = first.startsWith('#') ? '' : first;
  if (withoutComment === '') return nestedValue(rest, depth);
  return inlineValue([withoutComment, ...rest].filter((line) => line.trim() !== '').join('\n'));
}

/** A value that begins on the line below its key: a map, a list, or anything that could have stood on the line itself. */
function nestedValue(lines: readonly string[], depth: number): Value {
  const kept = lines.filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  const first = kept[0] ?? '';
  if (/^[{["']/.test(first) && !keyOf(first)) return inlineValue(kept.join('\n'));
  if (depth >= maxNesting) return { kind: 'scalar', text: kept.join('\n'), quoted: true };
  if (/^-\s/.test(first)) return { kind: 'list', items: listItems(kept, depth) };
  const entries = topLevel(kept);
  if (entries.length === 0) return inlineValue(kept.join('\n'));
  return { kind: 'map', members: entries.map((entry) => ({ key: entry.key, value: entryValue(entry, depth + 1) })) };
}

function listItems(lines: readonly string[], depth: number): Value[] {
  const items: string[][] = [];
  for (const line of lines) {
    if (/^-\s/.test(line)) items.push([line.replace(/^-/, ' ')]);
    else items.at(-1)?.push(line);
  }
  return items.map((item) => nestedValue(dedent(item), depth + 1));
}

/** A value from its own line on: JSON, a YAML flow map, a quoted string, or a plain scalar that may go on over indented lines. */
function inlineValue(text: string): Value {
  const trimmed = text.trim();
  if (/^[{[]/.test(trimmed)) {
    const json = withoutTail(trimmed);
    if (isJson(json)) return { kind: 'json', text: json };
    return flowMap(trimmed) ?? { kind: 'scalar', text: trimmed, quoted: true };
  }
  if (trimmed.startsWith("'")) {
    const quoted = /^'((?:[^']|'')*)'/.exec(trimmed)?.[1];
    if (quoted !== undefined) return { kind: 'scalar', text: folded(quoted).replaceAll("''", "'"), quoted: true };
  }
  if (trimmed.startsWith('"')) {
    const quoted = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(trimmed)?.[1];
    if (quoted !== undefined) return { kind: 'scalar', text: withoutEscapes(folded(quoted)), quoted: true };
  }
  return { kind: 'scalar', text: folded(trimmed.replace(/\s#[^\n]*/g, '')).trim(), quoted: false };
}

/** Text up to the bracket that closes the first one, so that a comment behind it does not spoil it. */
function withoutTail(text: string): string {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"') quote = character;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return text.slice(0, at + 1);
    }
  }
  return text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `{Label: "1", ContentProducer: abc}`: members one level deep, which is all that a label has. */
function flowMap(text: string): Value | null {
  const inner = /^\{([\s\S]*)\}/.exec(withoutTail(text))?.[1];
  if (inner === undefined) return null;
  const members: { key: string; value: Value }[] = [];
  const pattern =
    /\s*(?:"([^"\n]{1,200})"|'([^'\n]{1,200})'|([^\s:,{}"'][^:,{}\n]{0,199}))\s*:\s*("(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*'|[^,{}]*)(?:,|$)/y;
  let consumed = 0;
  for (let match = pattern.exec(inner); match; match = pattern.exec(inner)) {
    members.push({ key: match[1] ?? match[2] ?? match[3]?.trim() ?? '', value: inlineValue(match[4] ?? '') });
    consumed = pattern.lastIndex;
    if (members.length >= 200) break;
  }
  return members.length > 0 && inner.slice(consumed).trim() === '' ? { kind: 'map', members } : null;
}

function toJson(value: Value): string {
  if (value.kind === 'json') return value.text;
  if (value.kind === 'list') return `[${value.items.map(toJson).join(',')}]`;
  // By hand: a key written twice must stay twice.
  if (value.kind === 'map')
    return `{${value.members.map((m) => `${JSON.stringify(m.key)}:${toJson(m.value)}`).join(',')}}`;
  return value.quoted || !isJsonScalar(value.text) ? JSON.stringify(value.text) : value.text.toLowerCase();
}

/** Unquoted numbers and truth values are such in YAML too; a code of digits is text, whatever YAML would make of it. */
function isJsonScalar(text: string): boolean {
  return /^(true|false|null|-?(0|[1-9]\d{0,14})(\.\d{1,15})?)$/i.test(text);
}

/** YAML's double-quoted escapes are those of JSON and a few more. */
function withoutEscapes(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g, (_whole, code: string) => {
    const named = escapes[code];
    if (named !== undefined) return named;
    if (/^[xuU]./.test(code)) {
      const point = Number.parseInt(code.slice(1), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
    }
    return code;
  });
}

const escapes: Record<string, string> = { '0': '\0', n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', e: '\x1b', '\n': '' };

/** Line breaks inside a scalar are spaces. */
function folded(text: string): string {
  return text
    .split('\n')
    .map((line, index) => (index === 0 ? line.trimEnd() : line.trim()))
    .join(' ');
}

function blockText(lines: readonly string[], fold: boolean): string {
  return lines.join(fold ? ' ' : '\n').trim();
}

function dedent(lines: readonly string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const indent = indents.reduce((least, next) => Math.min(least, next), Number.POSITIVE_INFINITY);
  return Number.isFinite(indent) ? lines.map((line) => line.slice(indent)) : [...lines];
}
