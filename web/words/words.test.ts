import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWords } from '../../src/contract/words.ts';
import type { Catalogue } from './catalogues.ts';

const web = new URL('..', import.meta.url).pathname;
const langs = ['en', 'zh'] as const;
const catalogues = { en: readCatalogues('en'), zh: readCatalogues('zh') };
const own = { en: Object.assign({}, ...catalogues.en.values()), zh: Object.assign({}, ...catalogues.zh.values()) };
const known = new Set(
  langs
    .flatMap((lang) => Object.keys({ ...readWords(lang), ...own[lang] }))
    // Pages do not load what only a terminal says.
    .filter((key) => !/^(cli|doctor)\./.test(key))
    .map(singular),
);

test('every sentence exists in both languages', () => {
  const keys = (lang: 'en' | 'zh') => [...new Set(Object.keys(own[lang]).map(singular))].sort();
  expect(keys('zh')).toEqual(keys('en'));
});

test('both languages name the same values in a sentence', () => {
  const values = (text: string | undefined) =>
    [...new Set([...(text ?? '').matchAll(/\{\{\s*([^}\s]+)\s*\}\}/g)].map((match) => match[1]))].sort();
  for (const [key, text] of Object.entries<string>(own.en)) {
    // English may leave the number out: "one file".
    if (key.endsWith('_one')) continue;
    const other: string | undefined = own.zh[key] ?? own.zh[singular(key)] ?? own.zh[`${singular(key)}_other`];
    expect([key, values(other)]).toEqual([key, values(text)]);
  }
});

test('no sentence stands in two catalogues', () => {
  for (const lang of langs) {
    const owner = new Map(Object.keys(readWords(lang)).map((key) => [key, 'src/contract/words']));
    for (const [file, catalogue] of catalogues[lang]) {
      for (const key of Object.keys(catalogue)) {
        expect([key, owner.get(key)]).toEqual([key, undefined]);
        owner.set(key, file);
      }
    }
  }
});

test('what the pages say has a sentence, and every sentence is said', () => {
  const used = wordsInSources();
  const missing = [...used].filter(([key]) => !isKnown(key)).map(([key, file]) => `${file}: ${key}`);
  expect(missing).toEqual([]);

  const beginnings = [...used.keys()].filter((key) => key.endsWith('*')).map((key) => key.slice(0, -1));
  const isSaid = (key: string) => used.has(key) || beginnings.some((beginning) => key.startsWith(beginning));
  expect(
    Object.keys(own.en)
      .map(singular)
      .filter((key) => !isSaid(key)),
  ).toEqual([]);
});

/**
 * Every key in the sources, with the file it stands in; `a.b.*` for one that is put together as `a.b.${c}`. A string counts as a
 * key when its first part is the first part of a key that exists: so a mistyped key is found by its catalogue.
 */
function wordsInSources(): Map<string, string> {
  const first = new Set([...known].map((key) => key.split('.')[0]));
  const found = new Map<string, string>();
  for (const file of readdirSync(web, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || /\.test\.ts$|\.d\.ts$|^dist/.test(file)) continue;
    const source = readFileSync(join(web, file), 'utf8');
    for (const [, key = '', rest] of source.matchAll(/['"`]([a-z][\w-]*(?:\.[\w-]+)*\.?)(\$\{|['"`])/g)) {
      if (!key.includes('.') || !first.has(key.split('.')[0])) continue;
      found.set(rest === '${' || key.endsWith('.') ? `${key}*` : key, file);
    }
  }
  return found;
}

function isKnown(key: string): boolean {
  // `finding.unexaminable` has a sentence for each reason: `finding.unexaminable_memory`.
  if (!key.endsWith('*')) return known.has(key) || [...known].some((one) => one.startsWith(`${key}_`));
  return [...known].some((one) => one.startsWith(key.slice(0, -1)));
}

/** Plural forms of one sentence are one key. */
function singular(key: string): string {
  return key.replace(/_(one|other)$/, '');
}

function readCatalogues(lang: 'en' | 'zh'): Map<string, Catalogue> {
  const folder = join(web, 'words', lang);
  return new Map(readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))]));
}
