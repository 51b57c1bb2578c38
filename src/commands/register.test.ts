import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRegisterDocument } from '../engine/register/read-document.ts';
import { registerJsonSchema } from './register.ts';

test('docs/schema/clearmirror-yaml-1.json is what `clearmirror register schema` prints', () => {
  expect(readFileSync('docs/schema/clearmirror-yaml-1.json', 'utf8')).toBe(`${registerJsonSchema()}\n`);
});

test('the document in docs/register.md holds', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/register.md', 'utf8'))?.[1] ?? '';
  expect(readRegisterDocument(example, 'en')).toMatchObject({
    faults: [],
    document: { services: [{ slug: 'shimmer-video' }] },
  });
});

test.each([
  ['an open bracket', 'schema: [', 'not-yaml', 1],
  ['a name twice', 'schema: clearmirror.register/1\nschema: clearmirror.register/1\n', 'not-yaml', 2],
  ['another schema', 'schema: clearmirror.register/9\n', 'shape', 1],
  ['an unknown word', 'schema: clearmirror.register/1\nservises: []\n', 'shape', 1],
  [
    'a control character',
    'schema: clearmirror.register/1\ncompany: { kind: unit, name: { en: "a\\u0007b" } }\n',
    'shape',
    2,
  ],
  ['nothing', '', 'shape', 1],
  ['a tower of aliases', tower(), 'not-yaml', 1],
  ['brackets without end', '['.repeat(60_000), 'not-yaml', 1],
])('%s is told with its line', (_what, text, code, line) => {
  expect(readRegisterDocument(text, 'zh')).toMatchObject({ document: null, faults: [{ code, line }] });
});

test.each([
  ['zh', '不得含有控制字符'],
  ['en', 'no control characters'],
] as const)('what the contract does not allow is said in the language asked for: %s', (lang, sentence) => {
  const text = 'schema: clearmirror.register/1\ncompany: { kind: unit, name: { en: "a\\u0007b" } }\n';
  const [fault] = readRegisterDocument(text, lang).faults;
  expect(fault?.params.problem).toContain(sentence);
});

/** A billion laughs: nine levels of nine. */
function tower(): string {
  const levels = Array.from({ length: 9 }, (_, at) =>
    at === 0
      ? 'a0: &a0 [x, x, x]'
      : `a${at}: &a${at} [${Array(9)
          .fill(`*a${at - 1}`)
          .join(', ')}]`,
  );
  return `${levels.join('\n')}\n`;
}
