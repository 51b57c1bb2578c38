import { visible, visibleLines } from '../assessment-form/visible.ts';

/** Strings as the data types of OSCAL want them. What they say comes from services and documents of strangers. */

/** `string`: one line, something in it, no space around it. */
export function stringOf(text: string): string {
  return visibleLines(text).join(' ').trim() || nothing;
}

/** `markup-line`: Markdown in one line. */
export function lineOf(text: string): string {
  return escaped(stringOf(text));
}

/** `markup-multiline`: each text a paragraph. */
export function proseOf(...texts: string[]): string {
  return texts.map(paragraph).filter(Boolean).join('\n\n') || nothing;
}

export function bulleted(texts: readonly string[]): string {
  return texts.map((text) => `- ${lineOf(text)}`).join('\n');
}

export function numbered(texts: readonly string[]): string {
  return texts.map((text, index) => `${index + 1}. ${lineOf(text)}`).join('\n');
}

/** `token`: a name that begins with a letter or `_`. Different texts give different tokens. */
export function tokenOf(text: string): string {
  const written = text.replace(/[^\p{L}\p{N}.-]/gu, (one) => `_${one.codePointAt(0)?.toString(16)}_`);
  return /^\p{L}/u.test(written) ? written : `_${written}`;
}

/** `date-time-with-timezone`, which wants seconds. */
export function momentOf(iso: string): string {
  return new Date(iso).toISOString();
}

/** `uri`: browsers take more characters in an address than RFC 3986 does. */
export function uriOf(url: string): string {
  const { origin, pathname, search, hash } = new URL(url);
  const rest = pathname + search + hash;
  return origin + rest.replace(/%(?![0-9a-f]{2})|[^%\w\-.~:/?#@!$&'()*+,;=]/gi, (one) => encodeURIComponent(one));
}

const nothing = '–';

function paragraph(text: string): string {
  return visibleLines(text)
    .map((line) => line.trim())
    .filter(Boolean)
    .map(escaped)
    .join('\n');
}

/** Markdown would make links, pictures and HTML of what a service said about itself. */
function escaped(line: string): string {
  return visible(line)
    .replace(/[\\`*_{}[\]<>~^&#|]/g, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^[-+=]/, '\\$&');
}
