import { describe, expect, test } from 'vitest';
import type { Facts } from '../../contract/facts.ts';
import { answerSchema, type DueAnswer, type RulebookAnswer } from '../../contract/question.ts';
import { askRulebooks, checkRulebooks } from './rulebooks.ts';

/** Every trigger of every shipped rulebook, fired, not fired and open; every clock with a date; each row names its clause. */

const shipped = checkRulebooks(['rulebooks'], 'en');
const all = [...shipped.rulebooks, ...shipped.notChosen];
const now = new Date('2026-11-22T04:00:00Z');

function ask(rulebook: string, facts: Facts): RulebookAnswer {
  const answer = answerSchema.parse(askRulebooks(shipped, { facts, now, only: [rulebook], lang: 'en' }));
  const [first] = answer.rulebooks;
  if (!first) throw new Error(`no answer from ${rulebook}`);
  return first;
}

function stateOf(answer: RulebookAnswer, id: string): string {
  if (answer.verdict === 'does-not-apply') return 'not-fired';
  const trigger = answer.triggers.find((candidate) => candidate.id === id);
  if (!trigger) throw new Error(`no trigger ${id}`);
  return trigger.state;
}

/** `before-launch`, a date, `projected` date, `every 6 month`, `standing`, `without-delay`, `waits for …`. */
function sayBy({ by }: DueAnswer): string {
  switch (by.kind) {
    case 'date':
      return `${by.derivation?.unit === 'hour' ? by.at : by.date}${by.projected ? ' projected' : ''}`;
    case 'start-unknown':
      return `waits for ${by.waitsFor.join(' or ')}`;
    case 'recurring':
      return `every ${by.every} ${by.unit}${by.next === null ? '' : `, next ${by.next}`}`;
    default:
      return by.kind;
  }
}

const room: Facts = { jurisdictions: ['cn'], features: ['voice_room'], event: 'add-function', plannedAt: '2026-12-20' };
const swap: Facts = {
  jurisdictions: ['cn'],
  features: ['short_video', 'face_swap'],
  event: 'add-function',
  plannedAt: '2026-12-20',
};
const change = { functionalAttribute: false, technicalMethod: true, resourceAllocation: false };
const calm = { functionalAttribute: false, technicalMethod: false, resourceAllocation: false };
const incident = { illegalSpread: true, controlsInsufficient: true, on: '2026-09-25' };
const notice = { issuer: 'internet-information', level: 'prefecture', date: '2026-01-15' } as const;
const quiet: Facts = { jurisdictions: ['cn'], features: ['voice_room'], event: 'none' };
const eu: Facts = {
  jurisdictions: ['eu'],
  features: ['short_video'],
  euDesignation: { designated: true, notifiedOn: '2026-03-15' },
};
const euGenerator: Facts = { jurisdictions: ['eu'], features: ['face_swap'], event: 'none' };
const uk: Facts = { jurisdictions: ['uk'], features: ['voice_room'], event: 'none' };
const us: Facts = { jurisdictions: ['us'], features: ['short_video'] };
const ca: Facts = { jurisdictions: ['us-ca'], features: ['image_gen'], event: 'none', isPropagator: false };
const manyCa = { value: 3_000_000, asOf: '2026-10-31' };
const fewCa = { value: 1_000_000, asOf: '2026-10-31' };
const india: Facts = { jurisdictions: ['in'], features: ['short_video', 'face_swap'] };
const korea: Facts = { jurisdictions: ['kr'], features: ['face_swap'], event: 'none' };
const none: Facts = { jurisdictions: [], features: [], isGenerator: false, isPropagator: false, isAppStore: false };
const without = (facts: Facts, ...names: (keyof Facts)[]): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => !names.some((other) => other === name)));

type Row = [trigger: string, clause: string, rulebook: string, fires: Facts, doesNot: Facts, open: Facts];

const triggers: Row[] = [
  ['CN18-T1', 'Art. 3(1)', 'cn-2018', room, { ...room, event: 'none' }, without(room, 'event')],
  [
    'CN18-T1',
    'Art. 3(1)',
    'cn-2018',
    { ...room, event: 'launch-service' },
    { ...room, features: [], opinionOrMobilisation: false },
    { ...room, features: [] },
  ],
  [
    'CN18-T2',
    'Art. 3(2)',
    'cn-2018',
    { ...swap, event: 'change-function', materialChange: change },
    { ...swap, materialChange: calm },
    swap,
  ],
  [
    'CN18-T2',
    'Art. 3(2)',
    'cn-2018',
    { ...room, usesNewTech: true, materialChange: change },
    { ...room, usesNewTech: false, materialChange: change },
    { ...room, materialChange: change },
  ],
  ['CN18-T3', 'Art. 3(3)', 'cn-2018', { ...room, event: 'user-growth' }, room, without(room, 'event')],
  [
    'CN18-T3-scale',
    'Art. 3(3) (the number is a parameter)',
    'cn-2018',
    { ...quiet, registeredUsers: { value: 1_000_000, asOf: '2026-10-31' } },
    { ...quiet, registeredUsers: { value: 999_999, asOf: '2026-10-31' }, mau: { value: 99_999, asOf: '2026-10-31' } },
    { ...quiet, registeredUsers: { value: 999_999, asOf: '2026-10-31' } },
  ],
  [
    'CN18-T4',
    'Art. 3(4)',
    'cn-2018',
    { ...room, event: 'incident', incident },
    { ...room, event: 'incident', incident: { ...incident, controlsInsufficient: false } },
    { ...room, event: 'incident', incident: { illegalSpread: true } },
  ],
  [
    'CN18-T5',
    'Art. 3(5)',
    'cn-2018',
    { ...room, event: 'authority-notice', authorityNotice: notice },
    { ...room, event: 'authority-notice', authorityNotice: { ...notice, level: 'county' } },
    { ...room, event: 'authority-notice', authorityNotice: { issuer: 'public-security' } },
  ],
  ['CN19-T4', 'Art. 10', 'cn-2019', swap, { ...swap, event: 'incident' }, without(swap, 'event')],
  [
    'CN19-T5',
    'Art. 11',
    'cn-2019',
    { ...swap, event: 'none' },
    { ...swap, features: ['short_video'] },
    without(swap, 'features'),
  ],
  [
    'CN19-T7',
    'Art. 12',
    'cn-2019',
    { ...room, event: 'none' },
    { ...room, features: ['forum'] },
    without(room, 'jurisdictions'),
  ],
  [
    'CN19-T8',
    'Art. 13',
    'cn-2019',
    { ...swap, event: 'incident', incident },
    { ...swap, event: 'incident', incident: { ...incident, illegalSpread: false } },
    { ...swap, event: 'incident' },
  ],
  [
    'CNDS-T15-1',
    'Art. 15, second paragraph, (1)',
    'cn-2022-deep-synthesis',
    swap,
    { ...swap, features: ['text_gen'], editsBiometrics: false },
    { ...swap, features: ['text_gen'] },
  ],
  [
    'CNDS-T15-2',
    'Art. 15, second paragraph, (2)',
    'cn-2022-deep-synthesis',
    { ...swap, touchesNationalSecurityScene: true },
    { ...swap, touchesNationalSecurityScene: false },
    swap,
  ],
  [
    'CNDS-T20',
    'Art. 20',
    'cn-2022-deep-synthesis',
    swap,
    { ...swap, features: ['face_swap'], opinionOrMobilisation: false },
    { ...swap, features: ['face_swap'] },
  ],
  [
    'CNDS-T19',
    'Art. 19',
    'cn-2022-deep-synthesis',
    swap,
    { ...swap, features: ['face_swap'], opinionOrMobilisation: false, isApiProvider: false },
    { ...swap, features: ['face_swap'], opinionOrMobilisation: false },
  ],
  [
    'CNDS-T14',
    'Art. 14',
    'cn-2022-deep-synthesis',
    swap,
    { ...swap, features: ['text_gen'], editsBiometrics: false },
    { ...swap, features: ['avatar'] },
  ],
  [
    'CNDS-T16',
    'Art. 16',
    'cn-2022-deep-synthesis',
    swap,
    { ...none, jurisdictions: ['cn'], isAppStore: true },
    { jurisdictions: ['cn'], features: [], isAppStore: true },
  ],
  [
    'CNDS-T17',
    'Art. 17, first paragraph, (1), (2), (3), (5)',
    'cn-2022-deep-synthesis',
    swap,
    { ...swap, features: ['virtual_scene'] },
    without({ ...swap, isGenerator: true }, 'features'),
  ],
  [
    'CNDS-T17-4',
    'Art. 17, first paragraph, (4)',
    'cn-2022-deep-synthesis',
    { ...swap, features: ['virtual_scene'] },
    swap,
    without({ ...swap, isGenerator: true }, 'features'),
  ],
  [
    'CNDS-T11',
    'Art. 11',
    'cn-2022-deep-synthesis',
    { ...swap, event: 'incident', incident },
    swap,
    { ...swap, event: 'incident' },
  ],
  [
    'CNDS-T13',
    'Art. 13',
    'cn-2022-deep-synthesis',
    { ...swap, isAppStore: true },
    { ...swap, isAppStore: false },
    swap,
  ],
  [
    'CNALG-T24-1',
    'Art. 24, first paragraph',
    'cn-algorithm',
    swap,
    { ...swap, event: 'none' },
    { ...swap, features: ['recommender'] },
  ],
  [
    'CNALG-T24-2',
    'Art. 24, second paragraph',
    'cn-algorithm',
    { ...swap, event: 'change-function' },
    swap,
    without(swap, 'event'),
  ],
  [
    'CNALG-T24-3',
    'Art. 24, third paragraph',
    'cn-algorithm',
    { ...swap, event: 'end-service' },
    swap,
    without(swap, 'event'),
  ],
  ['CNALG-T27', 'Art. 27', 'cn-algorithm', swap, { ...swap, event: 'incident' }, without(swap, 'event')],
  [
    'CNALG-T26',
    'Art. 26',
    'cn-algorithm',
    swap,
    { ...swap, features: ['recommender'], opinionOrMobilisation: false },
    { ...swap, features: ['recommender'] },
  ],
  [
    'CNALG-T9',
    'Art. 9',
    'cn-algorithm',
    swap,
    { ...none, jurisdictions: ['cn'] },
    { jurisdictions: ['cn'], features: [], isGenerator: false },
  ],
  [
    'CNGA-T17',
    'Art. 17',
    'cn-2023-generative-ai',
    { ...swap, offeredToPublic: true },
    { ...swap, offeredToPublic: false },
    swap,
  ],
  [
    'CNGA-T12',
    'Art. 12',
    'cn-2023-generative-ai',
    { ...swap, offeredToPublic: true },
    { ...room, isGenerator: false },
    swap,
  ],
  [
    'CNGA-T14',
    'Art. 14',
    'cn-2023-generative-ai',
    { ...swap, offeredToPublic: true, event: 'incident', incident },
    { ...swap, offeredToPublic: true },
    { ...swap, offeredToPublic: true, event: 'incident' },
  ],
  [
    'CNLB-T4',
    'Art. 4',
    'cn-2025-labelling',
    swap,
    { ...none, jurisdictions: ['cn'], isPropagator: true },
    { jurisdictions: ['cn'], features: [], isPropagator: true },
  ],
  [
    'CNLB-T5',
    'Art. 5',
    'cn-2025-labelling',
    swap,
    { ...none, jurisdictions: ['cn'], isPropagator: true },
    { jurisdictions: ['cn'], features: [], isPropagator: true },
  ],
  [
    'CNLB-T6',
    'Art. 6',
    'cn-2025-labelling',
    { ...none, jurisdictions: ['cn'], isPropagator: true },
    { ...swap, isPropagator: false },
    swap,
  ],
  [
    'CNLB-T7',
    'Art. 7',
    'cn-2025-labelling',
    { ...none, jurisdictions: ['cn'], isAppStore: true },
    { ...swap, isAppStore: false },
    swap,
  ],
  [
    'CNLB-T9',
    'Art. 9',
    'cn-2025-labelling',
    swap,
    { ...none, jurisdictions: ['cn'], isAppStore: true },
    { jurisdictions: ['cn'], isAppStore: true },
  ],
  ['CNLB-T12', 'Art. 12', 'cn-2025-labelling', swap, { ...swap, event: 'none' }, without(swap, 'event')],
  [
    'EUDSA-T1',
    'Art. 34(1)',
    'eu-dsa',
    { ...eu, event: 'add-function', criticalImpact: true },
    { ...eu, event: 'add-function', criticalImpact: false },
    { ...eu, event: 'add-function' },
  ],
  [
    'EUDSA-T2',
    'Art. 34(1)',
    'eu-dsa',
    eu,
    { ...eu, euDesignation: { designated: false }, euAmar: { value: 45_000_000, asOf: '2026-08-17' } },
    without(eu, 'euDesignation'),
  ],
  [
    'EUDSA-T5',
    'Art. 35(1)(k)',
    'eu-dsa',
    { ...eu, hostsUserContent: true },
    { ...eu, hostsUserContent: false, realisticOutput: false },
    { ...eu, hostsUserContent: false },
  ],
  [
    'EUDSA-T7',
    'Art. 42(1)',
    'eu-dsa',
    eu,
    { ...eu, euDesignation: { designated: false }, euAmar: { value: 46_000_000, asOf: '2026-08-17' } },
    without(eu, 'euDesignation'),
  ],
  [
    'EUDSA-T0',
    'Art. 33',
    'eu-dsa',
    { ...eu, euDesignation: { designated: false }, euAmar: { value: 45_000_000, asOf: '2026-08-17' } },
    { ...eu, euAmar: { value: 45_000_000, asOf: '2026-08-17' } },
    without(eu, 'euDesignation'),
  ],
  [
    'EUAIA-T1',
    'Art. 50(1)',
    'eu-ai-act-50',
    { ...euGenerator, features: ['text_gen'] },
    euGenerator,
    without(euGenerator, 'features'),
  ],
  [
    'EUAIA-T2',
    'Art. 50(2)',
    'eu-ai-act-50',
    { ...euGenerator, plannedAt: '2026-08-02' },
    { ...euGenerator, plannedAt: '2026-08-01' },
    euGenerator,
  ],
  [
    'EUAIA-T2-old',
    'Art. 111(4)',
    'eu-ai-act-50',
    { ...euGenerator, plannedAt: '2026-08-01' },
    { ...euGenerator, plannedAt: '2026-08-02' },
    euGenerator,
  ],
  [
    'EUAIA-T4',
    'Art. 50(4)',
    'eu-ai-act-50',
    { ...euGenerator, realisticOutput: true },
    { ...euGenerator, realisticOutput: false },
    euGenerator,
  ],
  ['UKOSA-T1', 'ss. 9 and 26', 'uk-osa', uk, { ...uk, features: [], hostsUserContent: false }, { ...uk, features: [] }],
  [
    'UKOSA-T1-first',
    'ss. 9 and 26; Schedule 3',
    'uk-osa',
    { ...uk, plannedAt: '2024-12-16' },
    { ...uk, plannedAt: '2024-12-17' },
    uk,
  ],
  [
    'UKOSA-T5',
    's. 9(4)',
    'uk-osa',
    { ...uk, event: 'change-function', criticalImpact: true },
    { ...uk, criticalImpact: true },
    { ...uk, event: 'change-function' },
  ],
  ['UKOSA-T0', 's. 9 and Schedule 3', 'uk-osa', { ...uk, event: 'launch-service' }, uk, without(uk, 'event')],
  [
    'USTID-T3',
    'Removal request',
    'us-take-it-down',
    { ...us, event: 'removal-request', removalRequest: { kind: 'intimate' } },
    { ...us, event: 'removal-request', removalRequest: { kind: 'grievance' } },
    { ...us, event: 'removal-request' },
  ],
  ['USTID-T0', 'Process', 'us-take-it-down', us, { ...us, jurisdictions: ['eu'] }, without(us, 'jurisdictions')],
  [
    'USCA-T2',
    '§22757.2 and §22757.3',
    'us-ca-sb942',
    { ...ca, caMonthlyUsers: manyCa },
    { ...ca, caMonthlyUsers: fewCa },
    ca,
  ],
  [
    'USCA-T6',
    '§22757.3.1',
    'us-ca-sb942',
    { ...ca, isPropagator: true, caMonthlyUsers: manyCa, event: 'add-function', plannedAt: '2027-01-01' },
    { ...ca, isPropagator: true, caMonthlyUsers: manyCa },
    { ...ca, isPropagator: true, caMonthlyUsers: manyCa, event: 'add-function' },
  ],
  [
    'USCB-T2',
    '§22757.2 and §22757.3',
    'us-ca-sb1000',
    { ...ca, caMonthlyUsers: fewCa },
    { ...ca, features: [], isGenerator: false },
    { ...ca, features: [] },
  ],
  [
    'USCB-T6',
    '§22757.3.1',
    'us-ca-sb1000',
    { ...ca, isPropagator: true, caMonthlyUsers: manyCa, event: 'add-function', plannedAt: '2027-01-01' },
    { ...ca, isPropagator: true, caMonthlyUsers: manyCa },
    { ...ca, isPropagator: true, caMonthlyUsers: manyCa, event: 'add-function' },
  ],
  [
    'IN-T2',
    'Rule 3(3)',
    'in-it-rules-2026',
    { ...india, realisticOutput: true },
    { ...india, realisticOutput: false },
    india,
  ],
  [
    'IN-T3',
    'Rule 4',
    'in-it-rules-2026',
    { ...india, hostsUserContent: true },
    { ...india, hostsUserContent: false },
    india,
  ],
  [
    'IN-T4-order',
    'Rule 3(1)(d)',
    'in-it-rules-2026',
    { ...india, event: 'removal-request', removalRequest: { kind: 'order' } },
    { ...india, event: 'none' },
    { ...india, event: 'removal-request' },
  ],
  [
    'IN-T4-intimate',
    'Rule 3(2)(b)',
    'in-it-rules-2026',
    { ...india, event: 'removal-request', removalRequest: { kind: 'intimate' } },
    { ...india, event: 'none' },
    { ...india, event: 'removal-request' },
  ],
  [
    'IN-T4-grievance',
    'Rule 3(2)',
    'in-it-rules-2026',
    { ...india, event: 'removal-request', removalRequest: { kind: 'grievance' } },
    { ...india, event: 'none' },
    { ...india, event: 'removal-request' },
  ],
  [
    'IN-T5',
    'Rule 3(1)(c)',
    'in-it-rules-2026',
    india,
    { ...india, jurisdictions: ['kr'] },
    without(india, 'jurisdictions'),
  ],
  [
    'KR-T1',
    'Art. 31(1)',
    'kr-ai-basic-act',
    korea,
    { ...korea, features: [], isGenerator: false },
    { ...korea, features: [] },
  ],
  [
    'KR-T3',
    'Art. 31(3)',
    'kr-ai-basic-act',
    { ...korea, realisticOutput: true },
    { ...korea, realisticOutput: false },
    korea,
  ],
  [
    'KR-T5',
    'Art. 36',
    'kr-ai-basic-act',
    { ...korea, dau: { value: 1_000_000, asOf: '2026-10-31' } },
    { ...korea, dau: { value: 999_999, asOf: '2026-10-31' } },
    korea,
  ],
];

describe('triggers', () => {
  test.each(triggers)(
    '%s (%s of %s) fires, does not fire, or is open',
    (id, clause, rulebook, fires, doesNot, open) => {
      const [yes, no, unknown] = [ask(rulebook, fires), ask(rulebook, doesNot), ask(rulebook, open)];
      expect([stateOf(yes, id), stateOf(no, id), stateOf(unknown, id)]).toEqual(['fired', 'not-fired', 'unknown']);
      const trigger = yes.triggers.find((candidate) => candidate.id === id);
      expect(trigger?.clause.en).toBe(clause);
      const missing = unknown.triggers.find((candidate) => candidate.id === id)?.missing ?? [];
      expect(missing.length).toBeGreaterThan(0);
    },
  );

  test('no shipped trigger is left out of the table', () => {
    const tested = new Set(triggers.map(([id]) => id));
    const ids = all.flatMap((rulebook) => rulebook.triggers.map(({ id }) => id));
    expect(ids.filter((id) => !tested.has(id))).toEqual([]);
  });
});

describe('what is due, and by when', () => {
  type DueRow = [due: string, clause: string, rulebook: string, facts: Facts, by: string, blocks: boolean];
  const removal = (kind: 'intimate' | 'order' | 'grievance', receivedAt: string): Partial<Facts> => ({
    event: 'removal-request',
    removalRequest: { kind, receivedAt },
  });
  const table: DueRow[] = [
    ['CN18-D1', 'Art. 3(1) and (2); announcement of 18 March 2021', 'cn-2018', room, 'before-launch', true],
    ['CN18-D2', 'Art. 7', 'cn-2018', room, 'before-launch', false],
    ['CN18-D3', 'Art. 7', 'cn-2018', { ...room, event: 'incident', incident }, '2026-11-12', false],
    [
      'CN18-D3',
      'Art. 7',
      'cn-2018',
      { ...room, event: 'authority-notice', authorityNotice: notice },
      '2026-03-04',
      false,
    ],
    [
      'CN18-D3',
      'Art. 7',
      'cn-2018',
      { ...room, event: 'user-growth', mau: { value: 400_000, asOf: '2026-11-20' } },
      '2027-01-04 projected',
      false,
    ],
    [
      'CN18-D3',
      'Art. 7',
      'cn-2018',
      { ...room, event: 'user-growth' },
      'waits for incident.on or authorityNotice.date or registeredUsers or mau or dau',
      false,
    ],
    [
      'CN18-D4',
      'Art. 7',
      'cn-2018',
      { ...quiet, registeredUsers: { value: 2_000_000, asOf: '2026-09-30' } },
      '2026-11-17',
      false,
    ],
    ['CN19-D4', 'Art. 10', 'cn-2019', swap, 'before-launch', false],
    ['CN19-D5', 'Art. 11', 'cn-2019', swap, 'standing', false],
    ['CN19-D7', 'Art. 12', 'cn-2019', swap, 'standing', false],
    ['CN19-D8', 'Art. 13', 'cn-2019', { ...swap, event: 'incident', incident }, 'without-delay', false],
    ['CNDS-D20', 'Art. 20', 'cn-2022-deep-synthesis', swap, 'before-launch', true],
    ['CNDS-D15', 'Art. 15, second paragraph', 'cn-2022-deep-synthesis', swap, 'before-launch', false],
    [
      'CNDS-D19',
      'Art. 19; Algorithm Provisions, Art. 24',
      'cn-2022-deep-synthesis',
      { ...swap, plannedAt: '2026-09-25' },
      '2026-10-15',
      false,
    ],
    ['CNDS-D14', 'Art. 14, 16 and 17', 'cn-2022-deep-synthesis', swap, 'standing', false],
    ['CNDS-D16', 'Art. 14, 16 and 17', 'cn-2022-deep-synthesis', swap, 'standing', false],
    ['CNDS-D17', 'Art. 14, 16 and 17', 'cn-2022-deep-synthesis', swap, 'standing', false],
    ['CNDS-D11', 'Art. 11', 'cn-2022-deep-synthesis', { ...swap, event: 'incident', incident }, 'without-delay', false],
    ['CNDS-D13', 'Art. 13', 'cn-2022-deep-synthesis', { ...swap, isAppStore: true }, 'standing', false],
    [
      'CNALG-D24-1',
      'Art. 24, first paragraph',
      'cn-algorithm',
      { ...swap, plannedAt: '2026-02-09' },
      '2026-02-28',
      false,
    ],
    [
      'CNALG-D24-1',
      'Art. 24, first paragraph',
      'cn-algorithm',
      { ...swap, plannedAt: '2026-12-31' },
      '2027-01-15 projected',
      false,
    ],
    [
      'CNALG-D24-1',
      'Art. 24, first paragraph',
      'cn-algorithm',
      without(swap, 'plannedAt'),
      'waits for plannedAt',
      false,
    ],
    [
      'CNALG-D24-2',
      'Art. 24, second paragraph',
      'cn-algorithm',
      { ...swap, event: 'change-function', plannedAt: '2026-03-02' },
      '2026-03-16',
      false,
    ],
    [
      'CNALG-D24-3',
      'Art. 24, third paragraph',
      'cn-algorithm',
      { ...swap, event: 'end-service', plannedAt: '2026-09-25' },
      '2026-10-29',
      false,
    ],
    ['CNALG-D27', 'Art. 27', 'cn-algorithm', swap, 'before-launch', false],
    ['CNALG-D26', 'Art. 9 and 26', 'cn-algorithm', swap, 'standing', false],
    ['CNALG-D9', 'Art. 9 and 26', 'cn-algorithm', swap, 'standing', false],
    ['CNGA-D17', 'Art. 17', 'cn-2023-generative-ai', { ...swap, offeredToPublic: true }, 'before-launch', false],
    [
      'CNGA-D17-filing',
      'Art. 17; Algorithm Provisions, Art. 24',
      'cn-2023-generative-ai',
      { ...swap, offeredToPublic: true, plannedAt: '2026-09-30' },
      '2026-10-20',
      false,
    ],
    ['CNGA-D12', 'Art. 12', 'cn-2023-generative-ai', { ...swap, offeredToPublic: true }, 'standing', false],
    [
      'CNGA-D14',
      'Art. 14',
      'cn-2023-generative-ai',
      { ...swap, offeredToPublic: true, event: 'incident', incident },
      'without-delay',
      false,
    ],
    ['CNLB-D4', 'Art. 4 to 7', 'cn-2025-labelling', swap, 'standing', false],
    ['CNLB-D5', 'Art. 4 to 7', 'cn-2025-labelling', swap, 'standing', false],
    ['CNLB-D6', 'Art. 4 to 7', 'cn-2025-labelling', { ...swap, isPropagator: true }, 'standing', false],
    ['CNLB-D7', 'Art. 4 to 7', 'cn-2025-labelling', { ...swap, isAppStore: true }, 'standing', false],
    ['CNLB-D9', 'Art. 4 to 7', 'cn-2025-labelling', swap, 'standing', false],
    ['CNLB-D12', 'Art. 12', 'cn-2025-labelling', swap, 'before-launch', false],
    [
      'EUDSA-D1',
      'Art. 34(1)',
      'eu-dsa',
      { ...eu, event: 'add-function', criticalImpact: true },
      'before-launch',
      false,
    ],
    ['EUDSA-D2', 'Art. 34(1)', 'eu-dsa', eu, 'every 1 year, next 2027-03-15', false],
    ['EUDSA-D5', 'Art. 35', 'eu-dsa', { ...eu, hostsUserContent: true }, 'standing', false],
    ['EUDSA-D7-first', 'Art. 42(1)', 'eu-dsa', eu, '2026-09-15', false],
    ['EUDSA-D7', 'Art. 42(1)', 'eu-dsa', eu, 'every 6 month, next 2027-03-15', false],
    [
      'EUDSA-D0',
      'Art. 92',
      'eu-dsa',
      {
        ...eu,
        euDesignation: { designated: false, notifiedOn: '2026-10-31' },
        euAmar: { value: 45_000_000, asOf: '2026-08-17' },
      },
      '2027-02-28',
      false,
    ],
    ['EUAIA-D1', 'Art. 50(5)', 'eu-ai-act-50', { ...euGenerator, features: ['avatar'] }, 'standing', false],
    ['EUAIA-D2', 'Art. 50(2) and 113', 'eu-ai-act-50', { ...euGenerator, plannedAt: '2026-09-01' }, 'standing', false],
    ['EUAIA-D2-old', 'Art. 111(4)', 'eu-ai-act-50', { ...euGenerator, plannedAt: '2025-01-01' }, '2026-12-02', false],
    [
      'EUCOP-D4',
      'Code (text and detection)',
      'eu-ai-act-50',
      { ...euGenerator, plannedAt: '2026-09-01' },
      '2027-02-02',
      false,
    ],
    ['EUAIA-D4', 'Art. 50(5)', 'eu-ai-act-50', { ...euGenerator, realisticOutput: true }, 'standing', false],
    ['UKOSA-D1', 's. 9; Schedule 3', 'uk-osa', { ...uk, plannedAt: '2020-05-01' }, '2025-03-16', false],
    [
      'UKOSA-D0',
      'Schedule 3',
      'uk-osa',
      { ...uk, event: 'launch-service', plannedAt: '2026-11-30' },
      '2027-02-28',
      false,
    ],
    ['UKOSA-D5', 's. 9(4)', 'uk-osa', { ...uk, event: 'add-function', criticalImpact: true }, 'before-launch', false],
    ['UKOSA-D6', 'ss. 9(3) and 23', 'uk-osa', uk, 'every 1 year', false],
    ['UKOSA-D4', 'ss. 23 and 34', 'uk-osa', uk, 'standing', false],
    [
      'USTID-D3',
      '48 hours',
      'us-take-it-down',
      { ...us, ...removal('intimate', '2026-10-31T12:00:00Z') },
      '2026-11-02T07:00:00-05:00',
      false,
    ],
    ['USTID-D0', 'Process', 'us-take-it-down', us, 'standing', false],
    ['USCA-D2', '§22757.2 and §22757.3', 'us-ca-sb942', { ...ca, caMonthlyUsers: manyCa }, 'standing', false],
    [
      'USCA-D6',
      '§22757.3.1',
      'us-ca-sb942',
      { ...ca, isPropagator: true, caMonthlyUsers: manyCa, event: 'add-function', plannedAt: '2027-02-01' },
      '2027-01-01',
      false,
    ],
    ['USCB-D2', '§22757.2 and §22757.3', 'us-ca-sb1000', ca, 'standing', false],
    [
      'USCB-D6',
      '§22757.3.1',
      'us-ca-sb1000',
      { ...ca, isPropagator: true, caMonthlyUsers: manyCa, event: 'add-function', plannedAt: '2027-02-01' },
      '2027-01-01',
      false,
    ],
    ['IN-D2', 'Rule 3(3)', 'in-it-rules-2026', { ...india, realisticOutput: true }, 'standing', false],
    ['IN-D3', 'Rule 3(3)', 'in-it-rules-2026', { ...india, hostsUserContent: true }, 'standing', false],
    [
      'IN-D4-order',
      'Rule 3(1)(d)',
      'in-it-rules-2026',
      { ...india, ...removal('order', '2026-11-20T22:00:00+05:30') },
      '2026-11-21T01:00:00+05:30',
      false,
    ],
    [
      'IN-D4-intimate',
      'Rule 3(2)(b)',
      'in-it-rules-2026',
      { ...india, ...removal('intimate', '2026-11-20T10:00:00Z') },
      '2026-11-20T17:30:00+05:30',
      false,
    ],
    [
      'IN-D4-grievance',
      'Rule 3(2)(a)',
      'in-it-rules-2026',
      { ...india, ...removal('grievance', '2026-11-20') },
      '2026-11-27',
      false,
    ],
    [
      'IN-D4-36h',
      'Rule 3(2)(a)',
      'in-it-rules-2026',
      { ...india, ...removal('grievance', '2026-11-20T10:00:00Z') },
      '2026-11-22T03:30:00+05:30',
      false,
    ],
    ['IN-D5', 'Rule 3(1)(c)', 'in-it-rules-2026', india, 'every 3 month', false],
    ['KR-D1', 'Art. 31(1)', 'kr-ai-basic-act', korea, 'before-launch', false],
    ['KR-D2', 'Art. 31(2) and (3)', 'kr-ai-basic-act', korea, 'standing', false],
    ['KR-D3', 'Art. 31(2) and (3)', 'kr-ai-basic-act', { ...korea, realisticOutput: true }, 'standing', false],
    [
      'KR-D5',
      'Art. 36',
      'kr-ai-basic-act',
      { ...korea, dau: { value: 2_000_000, asOf: '2026-10-31' } },
      'standing',
      false,
    ],
  ];

  test.each(table)('%s (%s of %s)', (id, clause, rulebook, facts, by, blocks) => {
    const due = ask(rulebook, facts).due.find((candidate) => candidate.id === id);
    expect(due && [due.state, due.clock.clause.en, sayBy(due), due.blocks]).toEqual(['due', clause, by, blocks]);
  });

  test('nothing that can become due is left out of the table', () => {
    const tested = new Set(table.map(([id]) => id));
    const ids = all.flatMap((rulebook) => rulebook.due.map(({ id }) => id));
    expect(ids.filter((id) => !tested.has(id))).toEqual([]);
  });
});

test('a rule that is not in force yet says so and does not fire', () => {
  const answer = ask('cn-2025-labelling', { ...swap, plannedAt: '2025-08-31' });
  expect([answer.verdict, answer.scope.notInForce]).toEqual([
    'does-not-apply',
    { on: '2025-08-31', from: '2025-09-01', to: null },
  ]);
  expect(ask('cn-2025-labelling', { ...swap, plannedAt: '2025-09-01' }).verdict).toBe('applies');
});

test('what rests on something that nobody read never blocks', () => {
  for (const rulebook of all) {
    for (const facts of [room, swap, { ...swap, materialChange: change, usesNewTech: true }]) {
      for (const due of ask(rulebook.id, facts).due) {
        if (due.blocks) expect([due.id, due.verified, due.clock.verified]).toEqual([due.id, true, true]);
      }
    }
  }
});

test('requirements that do not concern the service are left out', () => {
  const labels = ask('cn-2025-labelling', { ...swap, features: ['text_gen'], isGenerator: false });
  const explicit = labels.due.find(({ id }) => id === 'CNLB-D4')?.requirements;
  expect(explicit).toContain('GB-X1');
  expect(explicit).not.toContain('GB-X2');
});
