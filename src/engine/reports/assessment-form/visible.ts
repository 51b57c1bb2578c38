/** Controls, direction marks, zero-width and private characters, separators, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** Text in which every character can be seen. What a reader of paper could not see, or XML could not carry, is written out. */
export function visible(text: string): string {
  return text.replaceAll('\t', ' ').replace(unseen, written);
}

/** The same, one entry a line. */
export function visibleLines(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).map(visible);
}

/** A character by its number, in brackets that the font of the report has. */
export function written(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `〔U+${code.toString(16).toUpperCase().padStart(4, '0')}〕`;
}
