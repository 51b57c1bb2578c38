import type { Shown } from '../../target/service.ts';

/** Why a text that was not found on a page may be told there all the same: then its absence says nothing. */
export type UntoldReason = 'page-incomplete' | 'page-without-words';

/** Null where the page had all it wanted, and has words: what it does not say, it does not tell. */
export function untoldReason({ words, missing }: { words: string; missing: Shown['missing'] }): UntoldReason | null {
  if (missing.length > 0) return 'page-incomplete';
  return hasWords(words) ? null : 'page-without-words';
}

/** Whether a page says enough to have drawn itself. */
export function hasWords(words: string): boolean {
  return weigh(tidy(words)) >= leastWords;
}

/**
 * In Latin letters. A frame that waits for its script shows a name and a few links, and no page of an item or of complaints does with so
 * little. Where the frame says more than this, nobody can tell it from a page by its words; what it did not get tells most of those.
 */
const leastWords = 40;
/** A Chinese letter says about as much as so many Latin ones. */
const latinLetters = 2.5;

function weigh(words: string): number {
  return words.length + (words.match(wideLetters)?.length ?? 0) * (latinLetters - 1);
}

const wide = '[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\u3000-\\u303f\\uff00-\\uffef]';
const wideLetters = new RegExp(wide, 'gu');
const wideBreaks = new RegExp(`(?<=${wide})\\s+(?=${wide})`, 'gu');

/** Words as they are compared: lines and gaps do not count, and between Chinese letters there are none. */
export function tidy(text: string): string {
  return text
    .replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .replace(wideBreaks, '')
    .trim();
}
