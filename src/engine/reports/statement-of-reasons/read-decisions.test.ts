import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScreeningRecord } from '../../../contract/screening.ts';
import {
  accountMeasures,
  automatedDecisions,
  monetaryMeasures,
  serviceMeasures,
  statedContentTypes,
  statementCategories,
  statementKeywords,
  statementTerritories,
  visibilityMeasures,
} from '../../../contract/statement-of-reasons.ts';
import { checkBatch } from './check-statement.ts';
import { prefillOf, type Screened } from './prefill.ts';
import { readDecisions } from './read-decisions.ts';
import { batchesOf } from './statement-of-reasons.ts';

const sha256 = 'ab'.repeat(32);
const record: ScreeningRecord = {
  schema: 'clearmirror.screening/1',
  file: { name: 'Jane Doe at the harbour.mp4', bytes: 1, sha256, format: 'mp4', kind: 'video' },
  verdict: { word: 'strong', code: 'strong-trace', because: ['trace#1', 'trace#2'] },
  propagation: { status: 'suspected', rule: 'CNLB-6', because: ['trace#1'] },
  conflicts: [],
  signals: ['trace#1', 'trace#2', 'label.iptc#1'].map((id) => ({
    id,
    layer: 'label',
    method: id.startsWith('trace') ? 'trace.sd-webui' : 'label.iptc',
    claim: 'ai-generated',
    strength: 'strong',
    code: 'trace',
    params: { author: 'Jane Doe' },
    place: null,
    checks: [],
    errorRate: null,
    evidence: { author: 'Jane Doe' },
  })),
  findings: [],
  media: null,
  isolation: 'sandboxed',
  versions: { clearmirror: '0.9.0', verdictRule: '2', tools: {}, models: [], trustLists: [] },
};
const machine = { record, override: null };
const screened = { screenings: new Map([[sha256, machine]]), lang: 'en' } as const;
const unscreened = { screenings: new Map<string, Screened>(), lang: 'en' } as const;

const decision = {
  puid: 'a-1',
  visibility: { measures: ['content-labelled'] },
  ground: { kind: 'incompatible-content', termsGround: 'Terms 4.2', explanation: 'It was not declared.' },
  contentTypes: ['video'],
  category: 'other-violation-tc',
  contentDate: '2026-11-18',
  appliedOn: '2026-11-20',
  facts: 'A trace of a generator.',
  source: { type: 'voluntary' },
  automatedDetection: true,
  automatedDecision: 'not-automated',
};
const file = (...decisions: unknown[]) => JSON.stringify({ schema: 'clearmirror.moderation-decisions/1', decisions });
const faultsOf = (text: string, given: Parameters<typeof readDecisions>[1] = unscreened) =>
  readDecisions(text, given).faults.map(
    ({ code, path, field }) => `${code} ${path.join('.')}${field ? ` (${field})` : ''}`,
  );

describe('a file of decisions', () => {
  test('one decision, one statement', () => {
    const { statements, faults } = readDecisions(file(decision), unscreened);
    expect(faults).toEqual([]);
    expect(statements).toMatchObject([{ puid: 'a-1', decision_facts: 'A trace of a generator.' }]);
  });

  test.each([
    ['no JSON', '{', ['not-json ']],
    ['another file', '{"schema":"x","decisions":[]}', ['not-one-of schema', 'empty decisions']],
    ['a field of nobody', file({ ...decision, topic: 'x' }), ['unknown-field decisions.0.topic']],
    [
      'a field of nobody within',
      file({ ...decision, account: { measure: 'suspended', x: 1 } }),
      ['unknown-field decisions.0.account.x'],
    ],
    ['a word of nobody', file({ ...decision, category: 'deepfake' }), ['not-one-of decisions.0.category']],
    ['a ground of nobody', file({ ...decision, ground: { kind: 'x' } }), ['not-one-of decisions.0.ground.kind']],
    [
      'a name of a voluntary source',
      file({ ...decision, source: { type: 'voluntary', identity: 'x' } }),
      ['unknown-field decisions.0.source.identity'],
    ],
    ['a number for a text', file({ ...decision, facts: 1 }), ['wrong-type decisions.0.facts']],
    [
      'a digest in capitals',
      file({ ...decision, screening: sha256.toUpperCase() }),
      ['not-a-digest decisions.0.screening'],
    ],
    [
      'a file that nobody screened',
      file({ ...decision, screening: sha256 }),
      ['screening-unknown decisions.0.screening'],
    ],
    ['the same number twice', file(decision, decision), ['puid-twice decisions.1.puid (puid)']],
    [
      'several at once, by their places',
      file(
        { ...decision, visibility: { measures: ['other'], until: '2026-13-01' } },
        { ...decision, puid: 'a-2', ground: { kind: 'illegal-content', legalGround: 'x' } },
      ),
      [
        'not-a-day decisions.0.visibility.until (end_date_visibility_restriction)',
        'required-with decisions.0.visibility.other (decision_visibility_other)',
        'required-with decisions.1.ground.explanation (illegal_content_explanation)',
      ],
    ],
  ])('%s', (_, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
    expect(readDecisions(text, unscreened).statements).toEqual([]);
  });

  test('any sound decision gives a body that is taken', () => {
    const words = (max: number) =>
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: max }).map((text) => `x${text}`.slice(0, max));
    const day = fc
      .integer({ min: 0, max: 6_574 })
      .map((days) => new Date(Date.UTC(2020, 0, 1 + days)).toISOString().slice(0, 10));
    const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
    const other = <T extends { measure: string }>(arbitrary: fc.Arbitrary<T>) =>
      arbitrary.map((one) => (one.measure === 'other' ? { ...one, other: 'in our own way' } : one));
    const sound = fc.record({
      visibility: some(visibilityMeasures).map((measures) => ({
        measures,
        ...(measures.includes('other') ? { other: 'in our own way' } : {}),
      })),
      monetary: maybe(other(fc.record({ measure: fc.constantFrom(...monetaryMeasures), until: maybe(day) }))),
      service: maybe(fc.record({ measure: fc.constantFrom(...serviceMeasures), until: maybe(day) })),
      account: maybe(fc.record({ measure: fc.constantFrom(...accountMeasures), until: maybe(day) })),
      ground: fc.oneof(
        fc.record({ kind: fc.constant('illegal-content'), legalGround: words(400), explanation: words(1500) }),
        fc.record({
          ...{ kind: fc.constant('incompatible-content'), termsGround: words(400), explanation: words(1500) },
          alsoIllegal: maybe(fc.boolean()),
        }),
      ),
      contentTypes: some(statedContentTypes.filter((one) => one !== 'other')),
      category: fc.constantFrom(...statementCategories),
      furtherCategories: maybe(some(statementCategories)),
      keywords: maybe(some(statementKeywords)),
      territories: maybe(some(statementTerritories)),
      language: maybe(fc.constantFrom('EN', 'DE', 'ZH', 'EL')),
      contentDate: day,
      appliedOn: day,
      facts: words(4000),
      ean13: maybe(fc.constant('4006381333931')),
      source: fc.oneof(
        fc.constant({ type: 'voluntary' }),
        fc.record({
          type: fc.constantFrom('article-16', 'trusted-flagger', 'other-notification'),
          identity: maybe(words(400)),
        }),
      ),
      automatedDetection: fc.boolean(),
      automatedDecision: fc.constantFrom(...automatedDecisions),
    });
    fc.assert(
      fc.property(fc.array(sound, { minLength: 1, maxLength: 4 }), (decisions) => {
        const { statements, faults } = readDecisions(
          file(...decisions.map((one, index) => ({ ...one, puid: `p-${index}` }))),
          unscreened,
        );
        expect(faults).toEqual([]);
        expect(statements).toHaveLength(decisions.length);
        for (const batch of batchesOf(statements)) expect(checkBatch(JSON.parse(JSON.stringify(batch)))).toEqual([]);
      }),
      { seed: 20_261_123, numRuns: 200 },
    );
  });

  test('no text of any kind makes it fail', () => {
    const sound = file(decision);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sound.length }), fc.string(), fc.nat(20), (at, put, cut) => {
        const { statements, faults } = readDecisions(sound.slice(0, at) + put + sound.slice(at + cut), unscreened);
        expect(statements.length === 0).toBe(faults.length > 0);
      }),
      { seed: 20_261_123, numRuns: 2_000 },
    );
  });
});

describe('what a screening fills in', () => {
  test('the kind of media and what was measured, without names of anybody', () => {
    const filled = prefillOf(machine, 'en');
    expect(filled.contentTypes).toEqual(['video']);
    expect(filled.facts).toBe(
      'The file was screened by machine (Clearmirror 0.9.0, verdict rule 2).\n' +
        "Result: strong evidence. Strong evidence of synthesis: the file carries a generator's own metadata.\n" +
        'Methods that carried it: trace.sd-webui.',
    );
    expect(prefillOf(machine, 'zh').facts).toMatch(/^该文件经机器检测/);
    for (const lang of ['en', 'zh'] as const)
      expect(JSON.stringify(prefillOf(machine, lang))).not.toMatch(/Jane|harbour/);
  });

  test('the word of a person stands beside that of the machine', () => {
    const { facts } = prefillOf({ record, override: 'little' }, 'en');
    expect(facts).toContain('Result: strong evidence.');
    expect(facts).toContain('A person looked at it and put another word above it: little evidence.');
    expect(prefillOf({ record, override: 'little' }, 'zh').facts).toContain('经人工查看，改判为：');
  });

  test('a strong verdict does not make it synthetic media, a deepfake or a label by itself', () => {
    const { contentTypes: _, facts: _facts, ...rest } = decision;
    const { statements } = readDecisions(
      file({ ...rest, visibility: { measures: ['content-demoted'] }, screening: sha256 }),
      screened,
    );
    expect(statements).toMatchObject([{ content_type: ['CONTENT_TYPE_VIDEO'] }]);
    expect(JSON.stringify(statements)).not.toMatch(/SYNTHETIC_MEDIA|DEEPFAKE|LABELLED|KEYWORD/);
  });

  test('what the decision says itself stands', () => {
    const { statements } = readDecisions(
      file({ ...decision, contentTypes: ['synthetic-media'], screening: sha256 }),
      screened,
    );
    expect(statements).toMatchObject([
      { content_type: ['CONTENT_TYPE_SYNTHETIC_MEDIA'], decision_facts: 'A trace of a generator.' },
    ]);
  });

  test.each([
    ['image', ['image']],
    ['audio', ['audio']],
    ['document', undefined],
    [null, undefined],
  ] as const)('media of kind %s', (kind, types) => {
    expect(
      prefillOf({ record: { ...record, file: { ...record.file, kind } }, override: null }, 'en').contentTypes,
    ).toEqual(types);
  });

  test('how the content was found is never filled in', () => {
    const { automatedDetection: _, ...rest } = decision;
    expect(faultsOf(file({ ...rest, screening: sha256 }), screened)).toEqual([
      'required decisions.0.automatedDetection (automated_detection)',
    ]);
  });
});
