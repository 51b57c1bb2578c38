import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { companyInputSchema } from './company.ts';
import { newFilingSchema } from './filings.ts';
import type { Lang } from './lang.ts';
import { type Parsed, parseIn } from './parse-in.ts';
import { newServiceSchema } from './register.ts';
import { rulebookIdSchema } from './rulebook.ts';
import { newNoteSchema } from './screenings.ts';
import { readWords } from './words.ts';

const problems = (schema: z.ZodType, value: unknown, lang: Lang) =>
  issuesOf(parseIn(schema, value, lang)).map(({ path, message }) => [path.join('.'), message]);
const issuesOf = (parsed: Parsed<unknown>) => (parsed.success ? [] : parsed.issues);

const service = { slug: 'echo', name: { zh: '回声' }, type: 'app' };

test.each<[string, z.ZodType, unknown, string, string]>([
  ['slug', newServiceSchema, { ...service, slug: 'Echo' }, 'lower-case letters', '限用小写字母'],
  ['name', newServiceSchema, { ...service, name: {} }, 'English (en) or both', '至少填写一种'],
  ['name.zh', newServiceSchema, { ...service, name: { zh: '\u202e回' } }, 'no control characters', '不得含有控制字符'],
  ['uscc', companyInputSchema, { kind: 'person', name: { zh: '安' }, uscc: '1' }, 'only a unit', '只属于单位'],
  ['', rulebookIdSchema, 'CN', 'lower-case letters', '限用小写字母'],
  ['text', newNoteSchema, { text: 'a\0' }, 'no character', '不成字符'],
  ['type', newServiceSchema, { ...service, type: 'shop' }, 'Invalid option', '无效选项'],
  ['rulebook', newFilingSchema, { rulebook: '!' }, 'lower-case letters', '限用小写字母'],
])('what is wrong with %j is said in both languages', (path, schema, value, en, zh) => {
  expect(problems(schema, value, 'en')).toContainEqual([path, expect.stringContaining(en)]);
  expect(problems(schema, value, 'zh')).toContainEqual([path, expect.stringContaining(zh)]);
});

test('also within the branches of a choice', () => {
  const choice = z.union([z.uuid(), z.string().regex(/^a/, 'field.short-name')]);
  const [issue] = issuesOf(parseIn(choice, 'b', 'zh'));
  expect(issue?.code === 'invalid_union' && issue.errors.flat().map(({ message }) => message)).toContainEqual(
    expect.stringContaining('限用小写字母'),
  );
});

describe('a schema of the contract', () => {
  const folder = new URL('.', import.meta.url);
  const schemas = readdirSync(folder).filter((name) => /^[a-z-]+\.ts$/.test(name) && name !== 'parse-in.ts');
  const texts = schemas.map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

  test('says nothing of its own that is not in the catalogues', () => {
    const named = texts.flatMap(([, text]) => [...text.matchAll(/'(field\.[^']+)'/g)].map((match) => match[1]));
    const said = Object.keys(readWords('zh')).filter((key) => key.startsWith('field.'));
    expect([...new Set(named)].sort()).toEqual(said.sort());
  });

  test.each(texts)('%s has no sentence in one language only', (_name, text) => {
    // The second argument of a check, or its `message`, is what it says.
    const said = [...text.matchAll(/(?:\/[a-z]*|=> [^\n]*), '([^']*[a-z][^']*)'\)|\bmessage: '([^']*)'/g)];
    for (const match of said) expect(match[1] ?? match[2]).toMatch(/^field\./);
  });
});
