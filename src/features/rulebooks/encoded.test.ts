import { expect, test } from 'vitest';
import { rulesOf } from '../../engine/rulebooks/rules.ts';
import { checkRulebooks } from './rulebooks.ts';

const shipped = checkRulebooks(['rulebooks'], 'en');
const all = [...shipped.rulebooks, ...shipped.notChosen];

const counted = (prefix: string, last: number) => Array.from({ length: last }, (_, at) => `${prefix}${at + 1}`);

/** The numbered requirements of the catalogue of regulations that the rulebooks encode, by regime. */
test.each([
  [
    'cn-2018',
    [
      ...['CN18-S1', 'CN18-S2', 'CN18-A0', 'CN18-R0', 'CN18-G1'],
      ...[...counted('CN18-T', 5), ...counted('CN18-E', 8), ...counted('CN18-R', 4), ...counted('CN18-F', 3)],
      ...counted('CN18-P', 7),
    ],
  ],
  ['cn-2019', counted('CN19-', 10)],
  ['cn-2022-deep-synthesis', counted('CNDS-', 17)],
  ['cn-algorithm', counted('CNALG-', 10)],
  ['cn-2023-generative-ai', counted('CNGA-', 9)],
  ['cn-2025-labelling', [...counted('CNLB-', 13), 'GB-X0', ...counted('GB-X', 6), ...counted('GB-M', 11)]],
  ['eu-dsa', counted('EUDSA-', 11)],
  ['eu-ai-act-50', [...counted('EUAIA-', 7), ...counted('EUCOP-', 6)]],
  ['uk-osa', counted('UKOSA-', 7)],
  ['us-take-it-down', counted('USTID-', 4)],
  ['us-ca-sb942', counted('USCA-', 7)],
  ['in-it-rules-2026', counted('IN-', 6)],
  ['kr-ai-basic-act', counted('KR-', 5)],
])('%s leaves nothing out', (id, wanted) => {
  const rulebook = all.find((one) => one.id === id);
  if (!rulebook) throw new Error(`no rulebook ${id}`);
  const encoded = new Set<string>(rulesOf(rulebook).map((rule) => rule.id));
  expect(wanted.filter((one) => !encoded.has(one))).toEqual([]);
});

// The catalogue's section 4.4 (TC260-003, GB/T 45654): libraries of keywords and questions to be refused judge what is said.
test('rules about what is said are not encoded', () => {
  const rules = all.flatMap(({ triggers, requirements }) => [...triggers, ...requirements]);
  expect(
    rules.filter(({ id, text }) => /^TC003/.test(id) || /keyword library|关键词库/.test(text.en + text.zh)),
  ).toEqual([]);
});
