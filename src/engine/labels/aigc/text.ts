/**
 * Foreign text made fit to be shown: control characters (terminal escapes), marks that reorder text or are invisible, and lone
 * surrogates become U+FFFD; longer text is cut to `limit` characters, the last one then being `…`.
 */
export function shown(text: string, limit = 200): string {
  // Twice the limit in code units holds `limit` characters; what lies beyond need not be looked at.
  const near = text.length > limit * 2 ? text.slice(0, limit * 2) : text;
  const characters = [...near.toWellFormed().replace(unfit, '\uFFFD')];
  if (near.length === text.length && characters.length <= limit) return characters.join('');
  return `${characters.slice(0, limit - 1).join('')}…`;
}

/** C0, DEL, C1; soft hyphen; Arabic letter mark; zero-width and direction marks; line separators; embeddings; isolates; BOM; tags. */
const unfit =
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;
