import { labelFont } from '../../labels/explicit/glyphs.ts';
import { written } from './visible.ts';

/** Text that the font of the PDF can draw in full. PDF/A forbids empty boxes, and so does an official form. */
export function printable(text: string): string {
  if (ascii.test(text)) return foldable(text);
  const missing = labelFont().missing(text);
  let drawable = text;
  for (const character of missing) drawable = drawable.replaceAll(character, written(character));
  return foldable(drawable);
}

const ascii = /^[\x20-\x7e]*$/;

/** Longer than any word that people write, and too long for a cell. A digest is broken by the template. */
const unbroken = /[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u200b]{24,}/g;
/** After punctuation; within what has none, every so many characters. */
const breakable = /[\w%]{0,15}[/?&=._-]+|.{12}/gu;
const digest = /^[0-9a-f]{64}$/;

/** Places to break within addresses and endless words: zero-width spaces. */
function foldable(text: string): string {
  if (digest.test(text)) return text;
  return text.replace(unbroken, (word) => word.replace(breakable, (part) => `${part}\u200b`));
}
