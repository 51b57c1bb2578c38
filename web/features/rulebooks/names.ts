import type { NameIn } from '../../../src/contract/fields.ts';
import type { Lang } from '../../../src/contract/lang.ts';

/** A name in the reader's language, else in the other. */
export function nameIn({ zh, en }: NameIn, lang: Lang): string {
  return (lang === 'zh' ? (zh ?? en) : (en ?? zh)) ?? '';
}

/** A short name for addresses and commands out of an English name; empty when it has no letters for one. */
export function slugFrom(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

export const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
