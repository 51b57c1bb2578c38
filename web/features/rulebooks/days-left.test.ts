import { expect, test } from 'vitest';
import type { By, Derivation } from '../../../src/contract/question.ts';
import type { Say } from '../../words/words.ts';
import { byUrgency, sayLeft } from './days-left.ts';

const say: Say = (key, params) => `${key.replace('filings.left.', '')} ${params?.['count'] ?? ''}`.trim();

const derivation: Derivation = {
  startFact: 'authorityNotice.date',
  start: '2026-12-14',
  length: 30,
  unit: 'working-day',
  timeZone: 'Asia/Shanghai',
  firstCounted: '2026-12-15',
  startWasOnlyADay: false,
  calendar: 'cn',
  skipped: ['2026-12-19', '2026-12-20', '2027-01-01'].map((date) => ({ date, why: 'weekend' as const, name: null })),
  worked: [],
  projectedYears: [],
};
const until = (date: string, change: Partial<Derivation> = {}): By => ({
  kind: 'date',
  date,
  at: `${date}T23:59:59+08:00`,
  projected: false,
  overdue: date < '2026-12-17',
  derivation: { ...derivation, ...change },
});

test.each([
  ['working days while the clock runs', until('2026-12-22'), 'working-days 3'],
  ['the same in a clock of days', until('2026-12-22', { unit: 'day' }), 'days 5'],
  ['days before the clock runs', until('2026-12-30', { firstCounted: '2026-12-25' }), 'days 13'],
  ['overdue', until('2026-12-10'), 'overdue 7'],
  ['today', until('2026-12-17'), 'today'],
  ['a launch ahead', { kind: 'before-launch', launch: '2026-12-20' }, 'days 3'],
  ['a launch that was', { kind: 'before-launch', launch: '2026-12-01' }, 'past 16'],
  ['a launch without a day', { kind: 'before-launch', launch: null }, undefined],
  ['a standing duty', { kind: 'standing', from: '2026-12-01' }, undefined],
] as const)('what is left on 17 December: %s', (_case, by, text) => {
  expect(sayLeft(by, '2026-12-17', say)?.text).toBe(text);
});

test('what has no day comes last', () => {
  const standing: By = { kind: 'standing', from: null };
  const sorted = [standing, until('2027-01-02'), until('2026-12-10')].toSorted(byUrgency);
  expect(sorted.map((by) => (by.kind === 'date' ? by.date : by.kind))).toEqual([
    '2026-12-10',
    '2027-01-02',
    'standing',
  ]);
});
