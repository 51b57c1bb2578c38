import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ScreeningRecord } from '../contract/screening.ts';
import { readWords, speaker } from '../contract/words.ts';
import { describeFile, describeRow, describeTotals } from './screen-text.ts';

const columns = Object.getOwnPropertyDescriptor(process.stdout, 'columns');
let width: number | undefined;
beforeEach(() => Object.defineProperty(process.stdout, 'columns', { configurable: true, get: () => width }));
afterEach(() => Object.defineProperty(process.stdout, 'columns', columns ?? { configurable: true, value: undefined }));

const record: ScreeningRecord = {
  schema: 'clearmirror.screening/1',
  file: {
    name: 'uploads/2026/一张很长名字的图片/holiday-photo-final.jpg',
    bytes: 5660,
    sha256: 'ab'.repeat(32),
    format: 'jpeg',
    kind: 'image',
  },
  verdict: { word: 'some', code: 'some-trace', because: ['provenance.c2pa#1'] },
  propagation: { status: 'suspected', rule: 'CNLB-6', because: ['provenance.c2pa#1'] },
  conflicts: [],
  signals: [
    {
      id: 'provenance.c2pa#1',
      layer: 'provenance',
      method: 'provenance.c2pa',
      claim: 'unspecified',
      strength: 'some',
      code: 'c2pa-invalid-changed-ai',
      params: {},
      place: { location: 'jpeg.c2pa', path: 'urn:c2pa:'.padEnd(160, 'x') },
      checks: [
        {
          id: 'assertion.dataHash.mismatch',
          outcome: 'fail',
          clause: 'C2PA 2.x',
          verified: true,
          code: 'assertion.dataHash.mismatch',
          subject: 'c2pa.hash.data',
        },
        {
          id: 'GB-M1',
          outcome: 'warn',
          clause: 'GB 45438-2025 Annex E c',
          verified: false,
          code: 'label-other-value',
          subject: 'AIGC',
        },
      ],
      errorRate: null,
      evidence: null,
    },
  ],
  findings: [{ code: 'provenance-no-trust-list', severity: 'info', stage: 'provenance', params: {} }],
  media: null,
  isolation: 'sandboxed',
  versions: { clearmirror: '0', verdictRule: '2', tools: {}, models: [], trustLists: [] },
};

describe.each(['en', 'zh'] as const)('on a terminal, in %s', (lang) => {
  const say = speaker(lang);

  test.each([60, 80, 120, 300])('nothing is wider than %i columns', (of) => {
    width = of;
    const totals = { files: 5, unknown: 2, words: { declared: 1, strong: 1, some: 1, little: 1, 'not-applicable': 1 } };
    const shown = { detailed: false, all: false, report: null };
    const text = describeFile(record, say) + describeRow(record, say) + describeTotals(totals, say, shown);
    const lines = stripVTControlCharacters(text).split('\n');
    // But for the file's name, which people copy whole.
    expect(lines.filter((line) => stringWidth(line) > of && !line.endsWith(record.file.name))).toEqual([]);
  });

  test('further lines of a check stand under its first', () => {
    width = 60;
    const lines = stripVTControlCharacters(describeFile(record, say)).split('\n');
    const at = lines.findIndex((line) => line.includes('✗'));
    expect(lines.slice(at, at + 2).join('\n')).toMatch(/^ {6}✗ \S.*\n {8}\S/);
  });

  test('without a terminal a sentence is one line, for grep', () => {
    width = undefined;
    expect(stripVTControlCharacters(describeFile(record, say)).split('\n')).toContain(
      `    ▲ ${say('signal.c2pa-invalid-changed-ai')}`,
    );
  });

  test('a row gives its reason in a few words', () => {
    width = 120;
    expect(stripVTControlCharacters(describeRow(record, say))).toContain(say('brief.c2pa-invalid-changed-ai'));
  });

  test('every few words belong to a sentence, in both languages', () => {
    const words = readWords(lang);
    const briefs = Object.keys(words).filter((key) => key.startsWith('brief.'));
    const owners = briefs.filter((key) => {
      const code = key.slice('brief.'.length);
      return words[`signal.${code}`] === undefined && words[`conflict.${code}`] === undefined;
    });
    expect(briefs.length).toBeGreaterThan(60);
    expect(owners).toEqual([]);
    expect(readWords(lang === 'en' ? 'zh' : 'en')).toMatchObject(
      Object.fromEntries(briefs.map((key) => [key, expect.any(String)])),
    );
  });
});

test('the sentences of a verdict are all there', () => {
  const source = readFileSync(new URL('../engine/verdict/verdict.ts', import.meta.url), 'utf8');
  const codes = [...source.matchAll(/'((?:declared|strong|some|little|nothing)-[a-z-]+)'/g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(12);
  expect(codes.filter((code) => readWords('en')[`verdict.${code}`] === undefined)).toEqual([]);
});
