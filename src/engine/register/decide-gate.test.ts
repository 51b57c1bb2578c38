import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Facts } from '../../contract/facts.ts';
import type { FilingState } from '../../contract/filings.ts';
import type { Occasion } from '../../contract/gate.ts';
import { rulebookSchema } from '../../contract/rulebook.ts';
import { answerQuestion } from '../rulebooks/evaluate.ts';
import { decideGate, type FiledReport } from './decide-gate.ts';

const now = new Date('2026-11-22T08:00:00Z');
const cn2018 = rulebookSchema.parse(
  parse(readFileSync(new URL('../../../rulebooks/cn-2018/rulebook.yaml', import.meta.url), 'utf8')),
);
/** The same text, as if nobody had read it. */
const unread = {
  ...cn2018,
  triggers: cn2018.triggers.map((rule) => ({ ...rule, verified: false })),
  clocks: cn2018.clocks.map((rule) => ({ ...rule, verified: false })),
};
/** As if somebody had read the clock of thirty working days. */
const read = { ...cn2018, clocks: cn2018.clocks.map((rule) => ({ ...rule, verified: true })) };

const room: Facts = { jurisdictions: ['cn'], features: ['voice_room'] };
const swap: Facts = { ...room, features: ['voice_room', 'voice_clone'], materialChange: { functionalAttribute: true } };

const version = (number: number): Occasion => ({
  kind: 'function-version',
  event: number === 1 ? 'add-function' : 'change-function',
  version: number,
  happening: null,
  on: null,
});
const noticeId = '00000000-0000-4000-8000-000000000001';
const notice: Occasion = { kind: 'happening', event: 'authority-notice', version: null, happening: noticeId, on: null };
const noticeFacts = (date: string): Facts => ({
  ...room,
  authorityNotice: { issuer: 'public-security', level: 'prefecture', date },
});

function report(state: FilingState, about: { version?: number; happening?: string } = {}): FiledReport {
  const { version: number = null, happening = null } = about;
  return { id: noticeId, rulebook: 'cn-2018', state, number: 'EX-1', version: number, happening };
}

function gate(
  asked: [Occasion, Facts][],
  reports: FiledReport[] = [],
  rulebook: typeof cn2018 = cn2018,
): { reasons: string[]; warnings: string[] } {
  const questions = asked.map(([occasion, facts]) => ({
    occasion,
    answer: answerQuestion({
      facts: { ...facts, event: occasion.event },
      rulebooks: [rulebook],
      calendars: new Map(),
      now,
    }),
  }));
  const { reasons, warnings } = decideGate({ asked: questions, reports, rulebooks: [rulebook] });
  const told = ({ code, due }: { code: string; due: { due: string; occasion: Occasion } }) =>
    `${code} ${due.due}${due.occasion.version ? ` v${due.occasion.version}` : ''}`;
  return { reasons: reasons.map(told), warnings: warnings.map(told) };
}

test.each<[string, FiledReport[], string[]]>([
  ['nothing was filed', [], ['not-filed CN18-D1 v1']],
  ['it was filed', [report('filed', { version: 1 })], ['not-accepted CN18-D1 v1']],
  ['it was returned', [report('returned', { version: 1 })], ['filing-returned CN18-D1 v1']],
  ['it was withdrawn', [report('withdrawn', { version: 1 })], ['filing-withdrawn CN18-D1 v1']],
  [
    'it was withdrawn and filed anew',
    [report('withdrawn', { version: 1 }), report('filed', { version: 1 })],
    ['not-accepted CN18-D1 v1'],
  ],
  ['it was accepted', [report('accepted', { version: 1 })], []],
  [
    'another rulebook was accepted',
    [{ ...report('accepted', { version: 1 }), rulebook: 'cn-2019' }],
    ['not-filed CN18-D1 v1'],
  ],
  ['the service was accepted', [report('accepted')], ['not-filed CN18-D1 v1']],
  ['a happening was accepted', [report('accepted', { happening: noticeId })], ['not-filed CN18-D1 v1']],
])('an added function, when %s', (_when, reports, reasons) => {
  expect(gate([[version(1), room]], reports).reasons).toEqual(reasons);
});

test.each<[string, [Occasion, Facts][], FiledReport[], string[]]>([
  [
    'its addition was accepted and its change was not filed',
    [
      [version(1), room],
      [version(2), swap],
    ],
    [report('accepted', { version: 1 })],
    ['not-filed CN18-D1 v2'],
  ],
  [
    'its addition was never filed, and its change needs nothing',
    [
      [version(1), room],
      [
        version(2),
        { ...room, materialChange: { functionalAttribute: false, technicalMethod: false, resourceAllocation: false } },
      ],
    ],
    [],
    ['not-filed CN18-D1 v1'],
  ],
  [
    'only its change was accepted',
    [
      [version(1), room],
      [version(2), swap],
    ],
    [report('accepted', { version: 2 })],
    [],
  ],
  [
    'only its change was filed',
    [
      [version(1), room],
      [version(2), swap],
    ],
    [report('filed', { version: 2 })],
    ['not-accepted CN18-D1 v1', 'not-accepted CN18-D1 v2'],
  ],
  [
    'its addition was accepted and it is not known what changes',
    [
      [version(1), room],
      [version(2), { ...swap, materialChange: {} }],
    ],
    [report('accepted', { version: 1 })],
    ['facts-unknown CN18-D1 v2'],
  ],
])('a changed function, when %s', (_when, asked, reports, reasons) => {
  expect(gate(asked, reports).reasons).toEqual(reasons);
});

test.each<[string, Facts, string[]]>([
  ['nothing', {}, ['facts-unknown CN18-D1 v1']],
  ['only the features', { features: ['voice_room'] }, ['facts-unknown CN18-D1 v1']],
  ['only the place', { jurisdictions: ['cn'] }, ['facts-unknown CN18-D1 v1']],
  [
    'harmless features, but not whether it mobilises',
    { jurisdictions: ['cn'], features: [] },
    ['facts-unknown CN18-D1 v1'],
  ],
  ['that it is harmless', { jurisdictions: ['cn'], features: [], opinionOrMobilisation: false }, []],
  ['that it is elsewhere', { jurisdictions: ['uk'], features: ['voice_room'] }, []],
])('an added function, when what is known is %s', (_what, facts, reasons) => {
  expect(gate([[version(1), facts]]).reasons).toEqual(reasons);
});

test('a rule that nobody has read only warns, whatever is known', () => {
  for (const facts of [room, {}]) {
    const { reasons, warnings } = gate([[version(1), facts]], [], unread);
    expect(reasons).toEqual([]);
    expect(warnings.length).toBeGreaterThan(0);
  }
});

test('a notice leaves its time; when that is over, the gate shuts until a report about it is accepted', () => {
  expect(gate([[notice, noticeFacts('2026-11-20')]], [], read)).toEqual({
    reasons: [],
    warnings: ['due-later CN18-D3'],
  });
  const late: [Occasion, Facts][] = [[notice, noticeFacts('2026-03-02')]];
  expect(gate(late, [], read).reasons).toEqual(['overdue CN18-D3']);
  expect(gate(late, [report('filed', { happening: noticeId })], read).reasons).toEqual(['not-accepted CN18-D3']);
  expect(gate(late, [report('accepted', { happening: noticeId })], read)).toEqual({ reasons: [], warnings: [] });
  // The shipped clock was not read: it warns.
  expect(gate(late)).toEqual({ reasons: [], warnings: ['unverified-due CN18-D3'] });
});
