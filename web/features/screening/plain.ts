/** Text from a file, for places that hold no markup: what no one can see is written out, `photo⟨U+202E⟩gnp.exe`. */
export function plain(text: string, maxCharacters = 400): string {
  return cut(text, maxCharacters).replace(unseen, (character) => `⟨${nameOf(character)}⟩`);
}

/** At most this many characters, counted as people see them, with an ellipsis where something was cut. */
export function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const characters = Array.from(text.slice(0, maxCharacters * 2));
  return `${characters.slice(0, maxCharacters - 1).join('')}…`;
}

/** JSON on several lines, every character that could disturb a reader written as `\uXXXX`. */
export function prettyJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? 'null';
  return text.replace(unseen, (character) => (character === '\n' ? character : escaped(character)));
}

/** Controls, direction marks, zero-width characters, separators, lone surrogates, private use. */
export const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

export function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
