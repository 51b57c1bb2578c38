import { describe, expect, test } from 'vitest';
import type { ProbeRun, Trial } from '../../contract/assessment.ts';
import type { Requirement } from '../../contract/rulebook.ts';
import { hazardsOf } from './hazards.ts';
import { ratesOf, worstFirst } from './rates.ts';
import { type Reach, resultOf } from './results.ts';
import { severityOf } from './severity.ts';

const trial = (outcome: Trial['outcome'], more: Partial<Trial> = {}): Trial => ({
  ...{ sample: 's-01', subject: 'web', requirements: ['R1'], outcome, code: 'seen', params: {} },
  ...{ at: '2026-11-23T00:00:00.000Z', url: 'https://a.example/1', sha256: null, ...more },
});
const run = (trials: Trial[], state: ProbeRun['state'] = 'ran'): ProbeRun => ({
  ...{ probe: 'logs', requirements: ['R1'], state, reason: null, trials, rates: ratesOf(trials) },
  ...{ startedAt: '2026-11-23T00:00:00.000Z', endedAt: '2026-11-23T00:00:00.000Z' },
});
const requirement = (more: Partial<Requirement> = {}): Requirement => ({
  ...{ id: 'R1', kind: 'assess', actor: 'service-provider', method: ['test'], source: [], provenance: 'F', quotes: [] },
  ...{
    clause: { zh: '一', en: '1' },
    title: { zh: '题', en: 'title' },
    text: { zh: '文', en: 'text' },
    verified: true,
    ...more,
  },
});
const result = (runs: ProbeRun[], reach: Reach | null, more: Partial<Requirement> = {}) => {
  const { result: word, reason } = resultOf('book', requirement(more), {
    runs,
    reaches: () => (reach === null ? {} : { R1: reach }),
  });
  return [word, reason.code];
};

describe('what comes of a requirement', () => {
  const [kept, lost, unclear] = [trial('kept'), trial('lost'), trial('unclear')];
  test.each<[string, unknown, string[]]>([
    ['every test kept', result([run([kept, kept])], 'settles'), ['conforms', 'kept']],
    ['every test kept, by a probe that sees a part', result([run([kept])], 'supports'), ['open', 'supported']],
    ['one of many lost', result([run([kept, kept, lost])], 'settles'), ['fails', 'lost']],
    ['lost, by a probe that sees a part', result([run([lost])], 'supports'), ['fails', 'lost']],
    [
      'lost, and nobody has read the rule',
      result([run([lost])], 'settles', { verified: false }),
      ['open', 'lost-unverified'],
    ],
    ['one unclear', result([run([kept, unclear])], 'settles'), ['open', 'unclear']],
    ['nothing seen', result([run([])], 'settles'), ['open', 'not-run']],
    ['a probe that could not run', result([run([], 'not-run')], 'settles'), ['open', 'not-run']],
    [
      'trials about another requirement',
      result([run([trial('kept', { requirements: ['R2'] })])], 'settles'),
      ['open', 'not-run'],
    ],
    ['no probe for what can be tested', result([], null), ['open', 'no-probe']],
    ['no probe for what people look at', result([], null, { method: ['examine'] }), ['open', 'for-people']],
  ])('%s', (_what, found, expected) => {
    expect(found).toEqual(expected);
  });

  test('one of two probes that could not run leaves it open', () => {
    const runs = [run([trial('kept')]), run([], 'not-run')];
    expect(result(runs, 'settles')).toEqual(['open', 'not-run']);
  });
});

describe('hazards', () => {
  const about = { impact: 'misleads', verified: new Set(['R1']) } as const;

  test('are one for each way of losing it in each place, with the steps to see it again', () => {
    const trials = [
      trial('lost'),
      trial('lost', { sample: 's-02' }),
      trial('lost', { subject: 'preview', url: null, sample: null }),
      trial('kept'),
      trial('unclear'),
    ];
    const found = hazardsOf(run(trials), about);
    expect(found.map(({ id, lost, tried, severity, verified }) => [id, lost, tried, severity, verified])).toEqual([
      ['logs/web/seen', 2, 3, 'critical', true],
      ['logs/preview/seen', 1, 1, 'critical', true],
    ]);
    expect(found[0]?.reproduce).toEqual([
      { code: 'publish', params: { sample: 's-01' } },
      { code: 'fetch', params: { url: 'https://a.example/1', subject: 'web' } },
      { code: 'seen.seen', params: {} },
    ]);
  });

  test('in a copy of something known begin with what it is a copy of', () => {
    const copy = trial('lost', { sample: 's-01~crop', url: null, params: { of: 's-01', edit: 'image.crop' } });
    const [hazard] = hazardsOf(run([copy]), about);
    expect(hazard?.reproduce.map(({ code, params }) => [code, params['sample']])).toEqual([
      ['publish', 's-01'],
      ['list-known', undefined],
      ['edit.image.crop', undefined],
      ['publish', 's-01~crop'],
      ['seen.seen', undefined],
    ]);
  });

  test('of rules that nobody has read are warnings', () => {
    expect(hazardsOf(run([trial('lost')]), { impact: 'misleads', verified: new Set() })[0]?.verified).toBe(false);
  });

  test.each([
    ['misleads', 1, 100, 'high'],
    ['misleads', 60, 100, 'critical'],
    ['hinders', 1, 100, 'moderate'],
    ['hinders', 10, 100, 'high'],
    ['weakens', 1, 100, 'low'],
    ['weakens', 100, 100, 'moderate'],
  ] as const)('what %s, %i of %i times, is %s', (impact, lost, tried, severity) => {
    expect(severityOf(impact, lost, tried)).toBe(severity);
  });
});

test('rates leave out what was unclear, and the worst comes first', () => {
  const trials = [trial('kept'), trial('unclear'), trial('lost'), trial('kept', { subject: 'preview' })];
  expect(ratesOf(trials).map(({ subject, kept, tried, unclear }) => [subject, kept, tried, unclear])).toEqual([
    ['web', 1, 2, 1],
    ['preview', 1, 1, 0],
  ]);
  expect(worstFirst(trials).map(({ outcome }) => outcome)).toEqual(['lost', 'unclear', 'kept', 'kept']);
});
