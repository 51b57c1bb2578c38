import { expect, test } from 'vitest';
import { type AskedFunction, mergeFacts, type StoredFacts } from './merge-facts.ts';

const service: StoredFacts['service'] = {
  features: null,
  facts: {},
  jurisdictions: null,
  figures: {},
  launchedOn: null,
  plannedLaunch: null,
};
const room: AskedFunction = { slug: 'room', features: ['voice_room'], facts: {}, day: null };
const swap: AskedFunction = { slug: 'swap', features: ['face_swap'], facts: { editsBiometrics: true }, day: null };
const merge = (given: Partial<StoredFacts>) =>
  mergeFacts({ service, asked: null, others: [], event: 'none', happening: null, overrides: {}, ...given });

test('what nobody said is unknown, never no', () => {
  expect(merge({})).toEqual({
    facts: { event: 'none' },
    sources: [{ fact: 'event', from: 'service', function: null }],
  });
});

test('a service offers what it says, what runs beside, and what is asked about', () => {
  const { facts, sources } = merge({ service: { ...service, features: ['short_video'] }, asked: room, others: [swap] });
  expect(facts.features).toEqual(['short_video', 'voice_room', 'face_swap']);
  expect(sources.filter(({ fact }) => fact === 'features').map(({ from, function: slug }) => slug ?? from)).toEqual([
    'service',
    'swap',
    'room',
  ]);
});

test('facts of the other functions are not those of the one that is asked about', () => {
  expect(merge({ asked: room, others: [swap] }).facts.editsBiometrics).toBeUndefined();
});

test.each([
  ['one of them does', [swap, { ...room, facts: { editsBiometrics: false } }], true],
  ['all of them deny it', [{ ...room, facts: { editsBiometrics: false } }], false],
  ['one of them is silent', [room, { ...swap, facts: { editsBiometrics: false } }], undefined],
  ['there are none', [], undefined],
])('a service that is asked about edits biometrics when %s', (_when, others, expected) => {
  expect(merge({ others, event: 'launch-service' }).facts.editsBiometrics).toBe(expected);
});

test.each([
  [true, undefined, true],
  [true, false, true],
  [false, true, true],
  [false, undefined, false],
  // That a function denies it says nothing of the service.
  [undefined, false, undefined],
  [undefined, true, true],
  [undefined, undefined, undefined],
])('a service says %s and its function %s: together %s', (ofService, ofFunction, together) => {
  const facts = ofService === undefined ? {} : { isGenerator: ofService };
  const own = ofFunction === undefined ? {} : { isGenerator: ofFunction };
  expect(merge({ service: { ...service, facts }, asked: { ...room, facts: own } }).facts.isGenerator).toBe(together);
});

test('a happening brings its facts and its day; an override of one keeps the others', () => {
  const notice = { issuer: 'public-security', level: 'prefecture' } as const;
  const happening = { kind: 'authority-notice', on: '2026-11-20', incident: null, notice } as const;
  const asked = { event: 'authority-notice', happening, overrides: { authorityNotice: { level: 'county' } } } as const;
  const { facts, sources } = merge(asked);
  expect(facts.authorityNotice).toEqual({ issuer: 'public-security', level: 'county', date: '2026-11-20' });
  expect(sources.filter(({ fact }) => fact.startsWith('authorityNotice'))).toEqual([
    { fact: 'authorityNotice.issuer', from: 'happening', function: null },
    { fact: 'authorityNotice.level', from: 'question', function: null },
    { fact: 'authorityNotice.date', from: 'happening', function: null },
  ]);
});

test('every fact that is known says where it is from', () => {
  const { facts, sources } = merge({
    service: {
      ...service,
      jurisdictions: ['cn'],
      facts: { hostsUserContent: true },
      figures: { mau: { value: 3, asOf: '2026-01-01' } },
    },
    asked: { ...room, facts: { isGenerator: true, materialChange: { technicalMethod: true } }, day: '2026-12-01' },
    event: 'change-function',
    overrides: { realisticOutput: false },
  });
  expect(facts.plannedAt).toBe('2026-12-01');
  expect(Object.fromEntries(sources.map(({ fact, from, function: slug }) => [fact, slug ?? from]))).toEqual({
    jurisdictions: 'service',
    event: 'room',
    features: 'room',
    plannedAt: 'room',
    hostsUserContent: 'service',
    isGenerator: 'room',
    realisticOutput: 'question',
    'materialChange.technicalMethod': 'room',
    mau: 'figure',
  });
});
