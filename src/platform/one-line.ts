/**
 * Foreign text (file names, cards, certificates, native messages) on its way to a terminal: one line, no control characters,
 * no direction overrides, at most 1,000 characters.
 */
export function oneLine(text: string): string {
  return text
    .slice(0, 1000)
    .replace(/[^\S ]/g, ' ')
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
