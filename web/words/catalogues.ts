import type { Lang } from '../../src/contract/lang.ts';

/** Flat: key → sentence. */
export type Catalogue = Record<string, string>;

/** All words of the pages in one language: one file a feature, one download a language. */
export async function loadWords(lang: Lang): Promise<Catalogue> {
  return lang === 'zh' ? (await import('./zh.ts')).zh : (await import('./en.ts')).en;
}

export async function loadSentences(lang: Lang): Promise<Catalogue> {
  return lang === 'zh' ? (await import('./sentences-zh.ts')).sentences : (await import('./sentences-en.ts')).sentences;
}

export function merge(files: Record<string, Catalogue>): Catalogue {
  return Object.assign({}, ...Object.values(files));
}
