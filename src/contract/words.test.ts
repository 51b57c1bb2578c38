import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readWords, speaker } from './words.ts';

const folder = new URL('./words/', import.meta.url);
const catalogues = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('every sentence exists in both languages', () => {
  // Plural forms differ between languages: English has _one and _other, Chinese has one form.
  const keys = (lang: 'en' | 'zh') =>
    [...new Set(Object.keys(readWords(lang)).map((key) => key.replace(/_(one|other)$/, '')))].sort();
  expect(keys('zh')).toEqual(keys('en'));
});

test('both languages name the same values in a sentence', () => {
  const values = (text: string) => [...text.matchAll(/\{\{\s*([^}\s]+)\s*\}\}/g)].map((match) => match[1]).sort();
  const zh = readWords('zh');
  for (const [key, text] of Object.entries(readWords('en'))) {
    const other = zh[key] ?? zh[key.replace(/_(one|other)$/, '')];
    if (other !== undefined && !key.endsWith('_one'))
      expect([key, [...new Set(values(other))]]).toEqual([key, [...new Set(values(text))]]);
  }
});

test('no sentence stands in two catalogues', () => {
  for (const lang of ['en', 'zh']) {
    const owner = new Map<string, string>();
    for (const name of catalogues.filter((other) => other.endsWith(`.${lang}.json`))) {
      for (const key of Object.keys(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))) {
        expect([key, owner.get(key)]).toEqual([key, undefined]);
        owner.set(key, name);
      }
    }
  }
});

test('a value cannot smuggle another sentence in', () => {
  const say = speaker('en');
  expect(say('cli.screen.report-written', { file: '$t(cli.about) {{file}}' })).toBe('Report: $t(cli.about) {{file}}');
});
