import { startsWith } from '../labels/containers/integers.ts';
import type { ByteSource } from './bytes.ts';
import { document, image, type Sniffed, scanBytes } from './sniffed.ts';

/** Formats that are text: SVG, and Markdown that carries a label. */
export function sniffText(source: ByteSource): Sniffed | null {
  const text = decodeStart(source.read(0, scanBytes));
  if (text === null) return null;
  if (rootElement(text) === 'svg') return image('svg', 'image/svg+xml');
  return hasLabelledFrontMatter(text) ? document('markdown', 'text/markdown') : null;
}

function decodeStart(bytes: Uint8Array): string | null {
  if (startsWith(bytes, '\xff\xfe') || startsWith(bytes, '<\0')) return decode('utf-16le', bytes);
  if (startsWith(bytes, '\xfe\xff') || startsWith(bytes, '\0<')) return decode('utf-16be', bytes);
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
