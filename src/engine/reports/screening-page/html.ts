/** Markup that is already safe. Only this module makes it, so a plain string can never reach the page unescaped. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlValue = Html | string | number | null | readonly HtmlValue[];

/**
 * Template tag. Strings are escaped for text and quoted attributes alike, and characters that no one can see are written out;
 * `Html` passes, arrays are joined, `null` is nothing.
 */
export function html(parts: TemplateStringsArray, ...values: HtmlValue[]): Html {
  let markup = parts[0] ?? '';
  for (const [index, value] of values.entries()) markup += markupOf(value) + (parts[index + 1] ?? '');
  return new Html(markup);
}

/** Text from a file, for text positions: controls and direction marks become small labelled chips, the rest is isolated from its surroundings. */
export function shown(text: string, maxCharacters = 400): Html {
  return new Html(`<bdi>${escapeShown(cut(text, maxCharacters))}</bdi>`);
}

/**
 * A sentence of ours with foreign values in it. The values must have gone through `isolate` before they were put in,
 * so that neither markup nor writing direction leaks out of them.
 */
export function sentenceMarkup(sentence: string): Html {
  return new Html(
    escapeShown(sentence, 'keep-fences').replaceAll(isolateStart, '<bdi>').replaceAll(isolateEnd, '</bdi>'),
  );
}

/** Marks a foreign value so that `sentenceMarkup` can fence it. */
export function isolate(value: string, maxCharacters = 300): string {
  return `${isolateStart}${plain(cut(value, maxCharacters))}${isolateEnd}`;
}

/** Removes the marks of `isolate`, for places that cannot hold markup. */
export function withoutIsolation(sentence: string): string {
  return sentence.replaceAll(isolateStart, '').replaceAll(isolateEnd, '');
}

/** Text with invisible characters written out, for attributes and titles. Not escaped: `html` does that. */
export function plain(text: string): string {
  return text.replace(unseen, (character) => {
    return `⟨${nameOf(character)}⟩`;
  });
}

/** JSON on several lines with every character that could disturb a reader or a terminal written as `\uXXXX`. */
export function prettyJson(value: unknown): Html {
  const text = JSON.stringify(value, null, 2) ?? 'null';
  return new Html(escapeMarkup(text.replace(unseen, (c) => (c === '\n' ? c : jsonEscape(c)))));
}

/** JSON that may stand inside a `<script type="application/json">`: nothing in it can end the element or open a comment. */
export function embeddedJson(value: unknown): Html {
  const text = JSON.stringify(value) ?? 'null';
  return new Html(text.replace(/[<>&]/g, jsonEscape).replace(unseen, jsonEscape));
}

/** At most this many characters, counted as people see them, with an ellipsis where something was cut. */
export function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const characters = Array.from(text.slice(0, maxCharacters * 2));
  return characters.length <= maxCharacters && text.length <= maxCharacters * 2
    ? text
    : `${characters.slice(0, maxCharacters - 1).join('')}…`;
}

// Private-use characters: `plain` and `escapeShown` write out any that come from a file, so a file cannot forge them.
const isolateStart = '\uE000';
const isolateEnd = '\uE001';

/** Controls, formatting (direction marks, zero-width, tags), separators, lone surrogates, private use. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

function markupOf(value: HtmlValue): string {
  if (value === null) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'string') return escapeMarkup(plain(value));
  return value.map(markupOf).join('');
}

function escapeShown(text: string, fences: 'keep-fences' | 'show-fences' = 'show-fences'): string {
  let markup = '';
  let from = 0;
  for (const match of text.matchAll(unseen)) {
    markup += escapeMarkup(text.slice(from, match.index));
    from = match.index + match[0].length;
    markup +=
      fences === 'keep-fences' && (match[0] === isolateStart || match[0] === isolateEnd)
        ? match[0]
        : `<span class="unseen" title="${codePointName(match[0])}">${nameOf(match[0])}</span>`;
  }
  return markup + escapeMarkup(text.slice(from));
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What people call the ones they meet: ESC, LF. The pictures of Unicode (␛) are missing from too many fonts. */
function nameOf(character: string): string {
  return controlNames[character.codePointAt(0) ?? -1] ?? codePointName(character);
}

const controlNames: Readonly<Record<number, string>> = {
  0: 'NUL',
  7: 'BEL',
  8: 'BS',
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  27: 'ESC',
  127: 'DEL',
};

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function jsonEscape(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
