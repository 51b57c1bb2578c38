import { describe, expect, test } from 'vitest';
import type { Signal } from '../../../../src/contract/screening.ts';
import type { Screening } from '../../../../src/contract/screenings.ts';
import { samples } from '../../../../test/fixtures/reports/samples.ts';
import { lanesOf, ticksFor, wavePath } from './lanes.ts';
import { lensesOf, marksOf } from './map-marks.ts';
import { shownOf } from './shown.ts';

const signal: Signal = {
  id: 'forensic.voice#1',
  layer: 'forensic',
  method: 'forensic.voice',
  claim: 'ai-suspected',
  strength: 'strong',
  code: 'forensic-strong',
  params: {},
  place: null,
  checks: [],
  errorRate: null,
  evidence: null,
};

describe('lanes', () => {
  test.each<[string, Partial<Signal>, unknown]>([
    ['nothing without a time', {}, []],
    ['its own place', { place: { fromMs: 100, toMs: 900 } }, [{ fromMs: 100, toMs: 900, strength: 'strong' }]],
    ['a moment', { place: { fromMs: 100 } }, [{ fromMs: 100, toMs: null, strength: 'strong' }]],
    [
      'the spans in its evidence instead of its place',
      { place: { fromMs: 0, toMs: 9000 }, evidence: { spans: [{ fromMs: 5, toMs: 7, strength: 'some' }] } },
      [{ fromMs: 5, toMs: 7, strength: 'some' }],
    ],
    [
      'only what is a span of evidence that a stranger could have shaped',
      { evidence: { spans: [null, 4, { fromMs: -1 }, { fromMs: 'x' }, { fromMs: 3, toMs: 1, strength: 'certain' }] } },
      [{ fromMs: 3, toMs: null, strength: 'strong' }],
    ],
  ])('show %s', (_, part, spans) => {
    expect(lanesOf([{ ...signal, ...part }]).flatMap((lane) => lane.spans)).toEqual(spans);
  });

  test.each([
    [300, 4, 100],
    [14_000, 8, 2000],
    [90_100, 7, 15_000],
    [36_000_000, 6, 7_200_000],
  ])('of %i ms have few ticks', (durationMs, count, stepMs) => {
    const { ticks, stepMs: step } = ticksFor(durationMs);
    expect([ticks.length, step]).toEqual([count, stepMs]);
  });

  test('draw peaks as one closed outline', () => {
    expect(wavePath([-0.5, -2], [0.5, 1])).toBe('M0 -0.5L1 -1L1 1L0 0.5Z');
  });
});

test('marks that huddle share a lens, and every lens lies within the file', async () => {
  const all = await samples();
  const { record } = all['video'] ?? {};
  if (!record) throw new Error('no sample');
  const marks = marksOf(shownOf(empty, record));
  expect(marks.map(({ number }) => number)).toEqual([1, 3, 2]);
  const size = record.file.bytes ?? 0;
  const lenses = lensesOf(marks, size);
  expect(lenses.map((lens) => lens.marks.map(({ number }) => number))).toEqual([[1], [3, 2]]);
  for (const { from, to } of lenses) expect(from >= 0 && to <= size && from < to).toBe(true);
});

/** What stands around a record; the pictures of this test do not look at it. */
const empty: Screening = {
  id: '00000000-0000-4000-8000-000000000000',
  name: 'x',
  bytes: null,
  sha256: null,
  kind: null,
  format: null,
  state: 'done',
  failure: null,
  progress: null,
  verdict: null,
  propagation: null,
  conflicts: 0,
  declared: false,
  source: 'upload',
  address: null,
  batch: null,
  createdAt: '2026-11-22T08:00:00Z',
  doneAt: null,
  by: null,
  duplicateOf: null,
  noteCount: 0,
  overridden: null,
  mediaRemovedAt: null,
  record: null,
  notes: [],
  override: null,
  exhibits: [],
  decisions: [],
  media: null,
  sameBytes: [],
};
