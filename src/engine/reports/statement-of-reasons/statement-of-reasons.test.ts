import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ModerationDecision, moderationDecisionSchema } from '../../../contract/statement-of-reasons.ts';
import { readWords } from '../../../contract/words.ts';
import { apiFieldNames } from './api-fields.ts';
import { checkBatch, checkStatement, statementFaultCodes } from './check-statement.ts';
import { batchesOf, placesInDecision, type Statement, statementOf } from './statement-of-reasons.ts';

/** A label on a video that its uploader did not declare, under the terms of the platform. */
const labelled: ModerationDecision = {
  puid: 'shimmer-2026_000001',
  visibility: { measures: ['content-labelled'], until: '2027-11-20' },
  ground: {
    kind: 'incompatible-content',
    termsGround: 'Terms 4.2: generated media is declared',
    explanation: 'The video shows a generated face and was not declared.',
    alsoIllegal: false,
  },
  referenceUrl: 'https://video.shimmer.example/terms#4.2',
  contentTypes: ['video', 'synthetic-media'],
  category: 'other-violation-tc',
  territories: ['GR', 'IE'],
  language: 'EL',
  contentDate: '2026-11-18',
  appliedOn: '2026-11-20',
  facts: 'A trace of a generator was found in the file.',
  source: { type: 'voluntary' },
  automatedDetection: true,
  automatedDecision: 'partially',
};
const sound = statementOf(labelled);

/** The body of a removal on a notice, with nothing left out that may be said. */
const everything: Statement = {
  puid: 'a',
  decision_visibility: ['DECISION_VISIBILITY_CONTENT_REMOVED', 'DECISION_VISIBILITY_OTHER'],
  decision_visibility_other: 'Taken out of search',
  end_date_visibility_restriction: '2038-01-01',
  decision_monetary: 'DECISION_MONETARY_OTHER',
  decision_monetary_other: 'Payments held back',
  end_date_monetary_restriction: '2027-01-01',
  decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION',
  end_date_service_restriction: '2027-01-01',
  decision_account: 'DECISION_ACCOUNT_SUSPENDED',
  end_date_account_restriction: '2027-01-01',
  account_type: 'ACCOUNT_TYPE_PRIVATE',
  decision_ground: 'DECISION_GROUND_ILLEGAL_CONTENT',
  decision_ground_reference_url: 'https://law.example/1',
  illegal_content_legal_ground: 'Act 1, section 2',
  illegal_content_explanation: 'It falls under section 2.',
  content_type: ['CONTENT_TYPE_VIDEO', 'CONTENT_TYPE_OTHER'],
  content_type_other: 'A live stream',
  category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
  category_addition: ['STATEMENT_CATEGORY_SCAMS_AND_FRAUD'],
  category_specification: ['KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE', 'KEYWORD_OTHER'],
  category_specification_other: 'A word of our own',
  territorial_scope: ['AT'],
  content_language: 'DE',
  content_date: '2000-01-01',
  application_date: '2020-01-01',
  content_id: { 'EAN-13': '4006381333931' },
  decision_facts: 'A notice was received and found to be right.',
  source_type: 'SOURCE_TRUSTED_FLAGGER',
  source_identity: 'Example Trust',
  automated_detection: 'No',
  automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED',
};

describe('the body of a statement', () => {
  test('a label for an undeclared video, word for word', () => {
    expect(JSON.stringify(sound, null, 1)).toBe(
      JSON.stringify(
        {
          puid: 'shimmer-2026_000001',
          decision_visibility: ['DECISION_VISIBILITY_CONTENT_LABELLED'],
          end_date_visibility_restriction: '2027-11-20',
          decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
          decision_ground_reference_url: 'https://video.shimmer.example/terms#4.2',
          incompatible_content_ground: 'Terms 4.2: generated media is declared',
          incompatible_content_explanation: 'The video shows a generated face and was not declared.',
          incompatible_content_illegal: 'No',
          content_type: ['CONTENT_TYPE_VIDEO', 'CONTENT_TYPE_SYNTHETIC_MEDIA'],
          category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
          territorial_scope: ['GR', 'IE'],
          content_language: 'EL',
          content_date: '2026-11-18',
          application_date: '2026-11-20',
          decision_facts: 'A trace of a generator was found in the file.',
          source_type: 'SOURCE_VOLUNTARY',
          automated_detection: 'Yes',
          automated_decision: 'AUTOMATED_DECISION_PARTIALLY',
        },
        null,
        1,
      ),
    );
    expect(checkStatement(sound)).toEqual([]);
  });

  test('everything that can be said is taken', () => {
    expect(checkStatement(everything)).toEqual([]);
    const said = new Set([...Object.keys(everything), ...Object.keys(sound)]);
    expect(apiFieldNames.filter((name) => !said.has(name))).toEqual([]);
  });

  test.each([
    ['article-16', 'SOURCE_ARTICLE_16'],
    ['trusted-flagger', 'SOURCE_TRUSTED_FLAGGER'],
    // Not SOURCE_OTHER_NOTIFICATION: the database is not regular here.
    ['other-notification', 'SOURCE_TYPE_OTHER_NOTIFICATION'],
  ] as const)('a source %s is %s', (type, name) => {
    const statement = statementOf({ ...labelled, source: { type, identity: 'Example Trust' } });
    expect([statement.source_type, statement.source_identity]).toEqual([name, 'Example Trust']);
    expect(checkStatement(statement)).toEqual([]);
  });

  test('what a decision does not say is not said', () => {
    expect(statementOf({})).toEqual({});
    const types = statementOf({ ...labelled, contentTypes: ['video'], keywords: undefined });
    expect(JSON.stringify(types)).not.toMatch(/SYNTHETIC|DEEPFAKE|KEYWORD/);
  });
});

/** One change to a body that would be taken, and what is then wrong with it. */
const mutations: [name: string, body: Statement, change: Statement, faults: string[]][] = [
  ...['puid', 'decision_ground', 'content_type', 'category', 'content_date', 'application_date'].map(
    (field): [string, Statement, Statement, string[]] => [
      `no ${field}`,
      sound,
      { [field]: undefined },
      field === 'decision_ground'
        ? [
            'required decision_ground',
            ...['ground', 'explanation', 'illegal'].map((part) => `only-with incompatible_content_${part}`),
          ]
        : [`required ${field}`],
    ],
  ),
  ...['decision_facts', 'source_type', 'automated_detection', 'automated_decision'].map(
    (field): [string, Statement, Statement, string[]] => [
      `no ${field}`,
      sound,
      { [field]: null },
      [`required ${field}`],
    ],
  ),
  ['only spaces are nothing', sound, { decision_facts: ' \n ' }, ['required decision_facts']],
  ['an empty list is nothing', sound, { content_type: [] }, ['required content_type']],
  ['nothing decided', sound, { decision_visibility: [] }, ['no-decision decision_visibility']],
  ['another family decides', sound, { decision_visibility: null, decision_account: 'DECISION_ACCOUNT_TERMINATED' }, []],
  [
    'a monetary decision alone',
    sound,
    { decision_visibility: null, decision_monetary: 'DECISION_MONETARY_SUSPENSION' },
    [],
  ],
  [
    'a provision alone',
    sound,
    { decision_visibility: null, decision_provision: 'DECISION_PROVISION_TOTAL_TERMINATION' },
    [],
  ],
  [
    'no words for OTHER',
    everything,
    { decision_visibility_other: undefined },
    ['required-with decision_visibility_other'],
  ],
  ['no words for OTHER money', everything, { decision_monetary_other: '' }, ['required-with decision_monetary_other']],
  ['no words for OTHER content', everything, { content_type_other: null }, ['required-with content_type_other']],
  ['words without OTHER', sound, { decision_visibility_other: 'x' }, ['only-with decision_visibility_other']],
  ['words without OTHER money', sound, { decision_monetary_other: 'x' }, ['only-with decision_monetary_other']],
  ['words without OTHER content', sound, { content_type_other: 'x' }, ['only-with content_type_other']],
  [
    'illegal without its ground',
    everything,
    { illegal_content_legal_ground: undefined, illegal_content_explanation: '' },
    ['required-with illegal_content_legal_ground', 'required-with illegal_content_explanation'],
  ],
  [
    'incompatible without its ground',
    sound,
    { incompatible_content_ground: undefined, incompatible_content_explanation: undefined },
    ['required-with incompatible_content_ground', 'required-with incompatible_content_explanation'],
  ],
  [
    'a legal ground for terms',
    sound,
    { illegal_content_legal_ground: 'x' },
    ['only-with illegal_content_legal_ground'],
  ],
  [
    'Yes to illegal on a legal ground',
    everything,
    { incompatible_content_illegal: 'Yes' },
    ['only-with incompatible_content_illegal'],
  ],
  ['terms need not say whether illegal', sound, { incompatible_content_illegal: undefined }, []],
  ['a voluntary source has no name', sound, { source_identity: 'x' }, ['not-with source_identity']],
  ['500 of 500 characters', sound, { incompatible_content_ground: '𠮷'.repeat(500) }, []],
  ['501 of 500', sound, { incompatible_content_ground: 'x'.repeat(501) }, ['too-long incompatible_content_ground']],
  ['2000 of 2000', sound, { incompatible_content_explanation: 'x'.repeat(2000) }, []],
  [
    '2001 of 2000',
    sound,
    { incompatible_content_explanation: '明'.repeat(2001) },
    ['too-long incompatible_content_explanation'],
  ],
  ['5000 of 5000', sound, { decision_facts: 'x'.repeat(5000) }, []],
  ['5001 of 5000', sound, { decision_facts: 'x'.repeat(5001) }, ['too-long decision_facts']],
  ['a long puid', sound, { puid: 'x'.repeat(501) }, ['too-long puid']],
  ...[
    'decision_visibility_other',
    'decision_monetary_other',
    'illegal_content_legal_ground',
    'content_type_other',
    'category_specification_other',
    'source_identity',
  ].map((field): [string, Statement, Statement, string[]] => [
    `501 in ${field}`,
    everything,
    { [field]: 'x'.repeat(501) },
    [`too-long ${field}`],
  ]),
  [
    '2001 of an illegality',
    everything,
    { illegal_content_explanation: 'x'.repeat(2001) },
    ['too-long illegal_content_explanation'],
  ],
  [
    'a long address',
    sound,
    { decision_ground_reference_url: `https://a.example/${'x'.repeat(483)}` },
    ['too-long decision_ground_reference_url'],
  ],
  ['no address', sound, { decision_ground_reference_url: 'terms, 4.2' }, ['not-a-url decision_ground_reference_url']],
  [
    'a program as an address',
    sound,
    { decision_ground_reference_url: 'javascript:alert(1)' },
    ['not-a-url decision_ground_reference_url'],
  ],
  ...['a b', 'ä', 'a.b', 'a\n', 'a/b'].map((puid): [string, Statement, Statement, string[]] => [
    `puid ${JSON.stringify(puid)}`,
    sound,
    { puid },
    ['not-a-puid puid'],
  ]),
  ...['2026-02-30', '18.11.2026', '2026-1-1', '2026-11-18T10:00:00Z', '20261118'].map(
    (day): [string, Statement, Statement, string[]] => [
      `content of ${day}`,
      sound,
      { content_date: day },
      ['not-a-day content_date'],
    ],
  ),
  ['content of 1999', sound, { content_date: '1999-12-31' }, ['too-early content_date']],
  ['applied in 2019', sound, { application_date: '2019-12-31' }, ['too-early application_date']],
  ['content of 2038', sound, { content_date: '2038-01-02' }, ['too-late content_date']],
  ['applied in 2038', sound, { application_date: '2038-01-02' }, ['too-late application_date']],
  ...['visibility', 'monetary', 'service', 'account'].flatMap((family): [string, Statement, Statement, string[]][] => {
    const field = `end_date_${family}_restriction`;
    return [
      [`${family} too late`, everything, { [field]: '2038-01-02' }, [`too-late ${field}`]],
      [`${family} for ever`, everything, { [field]: null }, []],
    ];
  }),
  ...['AT ', 'at', 'EL', 'UK', 'GB', 'CH', 'EU'].map((code): [string, Statement, Statement, string[]] => [
    `territory ${code}`,
    sound,
    { territorial_scope: ['DE', code] },
    ['not-one-of territorial_scope.1'],
  ]),
  ...['en', 'ENG', 'GR', 'XX'].map((code): [string, Statement, Statement, string[]] => [
    `language ${code}`,
    sound,
    { content_language: code },
    ['not-one-of content_language'],
  ]),
  [
    'a keyword nobody knows',
    sound,
    { category_specification: ['KEYWORD_DEEPFAKE'] },
    ['not-one-of category_specification.0'],
  ],
  ['a category in small letters', sound, { category: 'violence' }, ['not-one-of category']],
  ['a category for another', sound, { category_addition: ['KEYWORD_OTHER'] }, ['not-one-of category_addition.0']],
  ['a list where one word stands', sound, { category: ['STATEMENT_CATEGORY_VIOLENCE'] }, ['wrong-type category']],
  ['a word where a list stands', sound, { content_type: 'CONTENT_TYPE_VIDEO' }, ['wrong-type content_type']],
  ['true for Yes', sound, { automated_detection: true }, ['wrong-type automated_detection']],
  ['yes for Yes', sound, { automated_detection: 'yes' }, ['not-one-of automated_detection']],
  ['twelve digits', everything, { content_id: { 'EAN-13': '400638133393' } }, ['not-an-ean content_id.EAN-13']],
  [
    'another number',
    everything,
    { content_id: { 'EAN-13': '4006381333931', ISBN: '1' } },
    ['unknown-field content_id'],
  ],
  ['a field of nobody', sound, { platform_name: 'x' } as Statement, ['unknown-field platform_name']],
];

describe('what the database would refuse or drop', () => {
  test.each(mutations)('%s', (_, body, change, faults) => {
    const changed = Object.fromEntries(
      Object.entries({ ...body, ...change }).filter(([, value]) => value !== undefined),
    );
    expect(checkStatement(changed).map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(faults);
  });

  test.each([[null], [undefined], ['x'], [1], [[]]])('%j is no statement', (body) => {
    expect(checkStatement(body).map(({ code }) => code)).toEqual(['not-an-object']);
  });

  test('every kind of fault has its sentence in both languages, and every field its place in a decision', () => {
    for (const lang of ['en', 'zh'] as const) {
      const words = readWords(lang);
      expect(statementFaultCodes.filter((code) => !words[`statement.fault.${code}`])).toEqual([]);
    }
    const shape = moderationDecisionSchema.shape;
    for (const [first = ''] of Object.values(placesInDecision)) expect(Object.keys(shape)).toContain(first);
  });

  test('whatever is put in place of a value, the check answers, and only a value of the right kind passes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...apiFieldNames), fc.jsonValue(), (field, value) => {
        const faults = checkStatement({ ...everything, [field]: value });
        for (const { code, path } of faults)
          expect([statementFaultCodes.includes(code), path.length > 0]).toEqual([true, true]);
        const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
        const kind = (one: unknown) => (Array.isArray(one) ? 'list' : typeof one);
        if (!isEmpty && kind(value) !== kind(everything[field] ?? '')) expect(faults.length).toBeGreaterThan(0);
      }),
      { seed: 20_261_123, numRuns: 3_000 },
    );
  });
});

describe('batches', () => {
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ ...sound, puid: `p-${index}` }));

  test('any number of statements goes in order, a hundred at most each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 730 }), (count) => {
        const all = numbered(count);
        const batches = batchesOf(all);
        expect(batches.flatMap(({ statements }) => statements)).toEqual(all);
        expect(batches.every(({ statements }) => statements.length > 0 && statements.length <= 100)).toBe(true);
        expect(batches.slice(0, -1).every(({ statements }) => statements.length === 100)).toBe(true);
      }),
      { seed: 20_261_123, numRuns: 60 },
    );
  });

  test.each([
    ['a hundred', { statements: numbered(100) }, []],
    ['a hundred and one', { statements: numbered(101) }, ['too-many statements']],
    ['none', { statements: [] }, ['empty statements']],
    ['no list', { statements: sound }, ['not-an-object statements']],
    ['nothing', null, ['not-an-object statements']],
    ['a number twice', { statements: [sound, { ...sound, puid: 'b' }, sound] }, ['puid-twice statements.2.puid']],
    [
      'one that is wrong',
      { statements: [sound, { ...sound, puid: 'b', category: 'x' }] },
      ['not-one-of statements.1.category'],
    ],
  ])('%s', (_, body, faults) => {
    expect(checkBatch(body).map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(faults);
  });
});
