import { describe, expect, test } from 'vitest';
import { hostile } from '../assessment-form/sample-hostile.ts';
import type { Filling } from './filling.ts';
import { lineOf, momentOf, proseOf, stringOf, tokenOf, uriOf } from './markup.ts';
import { oscalOf } from './oscal.ts';
import { sampleFilling, sampleWorkspace } from './sample.ts';
import { uuidIn } from './uuids.ts';

const filling = sampleFilling({
  'labels-survive': ['lost', 'kept', 'lost', 'lost', 'unclear', 'lost'],
  'public-sign': ['kept', 'kept'],
  complaints: ['lost'],
  logs: ['kept', 'kept', 'lost'],
  identity: ['kept'],
  malformed: [],
});
const { record } = filling;
const { plan, results, poam } = oscalOf(filling);
const [result] = results['assessment-results'].results;

describe('a run as OSCAL', () => {
  test('every requirement is an objective of the plan and has one finding about it', () => {
    const objectives = plan['assessment-plan']['local-definitions']['objectives-and-methods'] ?? [];
    const found = result?.findings ?? [];
    expect(objectives.map(({ parts }) => parts[0]?.id)).toEqual(found.map(({ target }) => target['target-id']));
    expect(found.map(({ props }) => props[0]?.value)).toEqual(record.requirements.map((one) => one.result));
    expect(new Set(found.map(({ target }) => target['target-id'])).size).toBe(record.requirements.length);
    expect(found.map(({ title }) => title)).toEqual(
      record.requirements.map(({ id, title }) => lineOf(`${id} ${title.zh}`)),
    );
  });

  test.each([
    ['conforms', { state: 'satisfied', reason: 'pass' }],
    ['fails', { state: 'not-satisfied', reason: 'fail' }],
    ['open', { state: 'not-satisfied', reason: 'other', remarks: expect.stringContaining('未定') }],
    ['not-applicable', { state: 'satisfied', reason: 'other', remarks: expect.stringContaining('不适用') }],
  ] as const)('what %s is called', (word, status) => {
    const [first, ...others] = record.requirements;
    expect(first).toBeDefined();
    const requirements = first ? [{ ...first, result: word }, ...others] : [];
    const said = oscalOf({ ...filling, record: { ...record, requirements } }).results['assessment-results'];
    expect(said.results[0]?.findings?.[0]?.target.status).toEqual(status);
  });

  test('every probe is an activity with steps, and every run an observation with its rates', () => {
    const activities = plan['assessment-plan']['local-definitions'].activities ?? [];
    const probeOf = (props: { name: string; value: string }[]) => props.find(({ name }) => name === 'probe')?.value;
    expect(activities.map(({ props }) => probeOf(props))).toEqual(record.probes.map(({ probe }) => probe));
    expect(activities.filter(({ steps }) => steps.length < 2)).toEqual([]);
    const runs = (result?.observations ?? []).filter(({ types }) => types.includes('control-objective'));
    expect(runs.map(({ props }) => probeOf(props))).toEqual(record.probes.map(({ probe }) => probe));
    expect(runs.map((one) => one['relevant-evidence'][0]?.href)).toEqual(
      record.probes.map((_, no) => `assessment.json#/probes/${no}`),
    );
    // Five of the six say something, four of them lost: Wilson's interval of 1 in 5.
    expect(runs[0]?.description).toContain('1/5  \\[3.6–62.4 %\\] · 1 次无法判断');
    expect(runs[2]?.description).toContain('没有比率');
  });

  test('every lost trial is evidence once, and nothing else is', () => {
    const lost = record.probes.flatMap(({ trials }, run) =>
      trials.flatMap(({ outcome }, no) => (outcome === 'lost' ? [`assessment.json#/probes/${run}/trials/${no}`] : [])),
    );
    expect(lost.length).toBe(6);
    const losses = (result?.observations ?? []).filter(({ types }) => types.includes('finding'));
    expect(losses.flatMap((one) => one['relevant-evidence'].map(({ href }) => href)).sort()).toEqual(lost.sort());
  });

  test('every hazard is an open risk and an item, and rests on what was seen', () => {
    const risks = result?.risks ?? [];
    expect(record.hazards.length).toBe(4);
    expect(risks.map(({ props }) => props[0]?.value)).toEqual(record.hazards.map(({ id }) => id));
    expect(risks.map((one) => one['related-observations']?.length)).toEqual(record.hazards.map(() => 2));
    expect(risks[0]?.statement).toContain('1. 发布样本 face-swap-0\n2. 取回');
    expect(risks.map((one) => one.characterizations[0]?.facets[0]?.value)).toEqual(
      record.hazards.map(({ severity }) => severity),
    );
    const action = poam?.['plan-of-action-and-milestones'];
    expect(action?.risks).toEqual(risks);
    expect(action?.['poam-items'].map((item) => item['related-risks'][0]?.['risk-uuid'])).toEqual(
      risks.map(({ uuid }) => uuid),
    );
  });

  test('rules that nobody has read say that they only warn', () => {
    const standings = (result?.findings ?? []).map(({ props }) => props.find(({ name }) => name === 'rule-text'));
    expect(standings.map((one) => one?.value === 'read')).toEqual(record.requirements.map(({ verified }) => verified));
    expect(standings.find((one) => one?.value !== 'read')?.remarks).toContain('仅作提示');
  });

  test('a run without a hazard has no plan of action', () => {
    expect(oscalOf(sampleFilling({ logs: ['kept'] })).poam).toBeNull();
  });
});

describe('UUIDs', () => {
  test('are those of RFC 9562', () => {
    // Its appendix A.4: www.example.com in the namespace of DNS.
    expect(uuidIn('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  test.each<[string, Filling]>([
    ['a run', filling],
    ['a run of a service without functions', { ...filling, record: { ...record, function: null } }],
    ['the same in English', { ...filling, lang: 'en' }],
    ['the same with its rectification', sampleWorkspace(filling)],
  ])('name one thing each, and every reference finds it: %s', (_what, given) => {
    const documents = oscalOf(given);
    const planned = named(documents.plan);
    const resulted = named(documents.results);
    const acted = named(documents.poam);
    for (const { defined } of [planned, resulted, acted]) expect(new Set(defined).size).toBe(defined.length);
    expect(planned.references.filter((one) => !planned.defined.includes(one))).toEqual([]);
    const known = [...planned.defined, ...resulted.defined];
    expect(resulted.references.filter((one) => !known.includes(one))).toEqual([]);
    expect(acted.references.filter((one) => !acted.defined.includes(one))).toEqual([]);
    expect(Math.min(planned.references.length, resulted.references.length, acted.references.length)).toBeGreaterThan(9);
    for (const { fragments, defined } of [planned, resulted, acted])
      expect(fragments.filter((one) => !defined.includes(one))).toEqual([]);
  });

  test('and bytes are the same for the same run; a document that says something else has another one', () => {
    expect(JSON.stringify(oscalOf(structuredClone(filling)))).toBe(JSON.stringify(oscalOf(filling)));
    const english = oscalOf({ ...filling, lang: 'en' });
    expect(english.plan['assessment-plan'].uuid).not.toBe(plan['assessment-plan'].uuid);
    expect(english.results['assessment-results'].results[0]?.findings?.map(({ uuid }) => uuid)).toEqual(
      result?.findings?.map(({ uuid }) => uuid),
    );
  });
});

describe('strings of strangers', () => {
  test.each(Object.entries({ ...hostile, empty: '', blank: ' \u3000\n', indented: '    code', heading: '# a\n---' }))(
    '%s fits every data type',
    (_what, text) => {
      expect(stringOf(text)).toMatch(/^\S(.*\S)?$/u);
      expect(lineOf(text)).toMatch(/^\S(.*\S)?$/u);
      expect(proseOf(text)).not.toMatch(/^\s|[\u0000-\u0009\u000b-\u001f]/);
      expect(tokenOf(text)).toMatch(/^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$/u);
    },
  );

  test.each([
    ['![x](http://tracker.example/a.png)', '!\\[x\\](http://tracker.example/a.png)'],
    ['<script>&amp;', '\\<script\\>\\&amp;'],
    ['{{ insert: param, a }}', '\\{\\{ insert: param, a \\}\\}'],
    ['1. one', '1\\. one'],
    ['- one', '\\- one'],
    ['labels-survive', 'labels-survive'],
  ])('%s is no Markdown', (text, line) => {
    expect(lineOf(text)).toBe(line);
  });

  test.each([
    ['CN18-E3', 'CN18-E3'],
    ['5.1', '_5.1'],
    ['a b', 'a_20_b'],
    ['a_20_b', 'a_5f_20_5f_b'],
    ['第三条', '第三条'],
  ])('%s as a token', (text, token) => {
    expect(tokenOf(text)).toBe(token);
  });

  test('addresses and moments', () => {
    expect(uriOf('https://a.example/条?x={1}|%zz#[b]')).toBe('https://a.example/%E6%9D%A1?x=%7B1%7D%7C%25zz#%5Bb%5D');
    expect(momentOf('2026-11-23T07:39Z')).toBe('2026-11-23T07:39:00.000Z');
  });
});

/** UUIDs that a document defines, those that it refers to by name, and those to which its links point. */
function named(document: unknown) {
  const found = { defined: [] as string[], references: [] as string[], fragments: [] as string[] };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (value !== null && typeof value === 'object')
      for (const [key, inner] of Object.entries(value)) {
        const list = Array.isArray(inner) ? inner : [inner];
        if (key === 'uuid') found.defined.push(...list);
        else if (/-uuids?$/.test(key)) found.references.push(...list);
        else if (key === 'href' && /^#/.test(String(inner))) found.fragments.push(String(inner).slice(1));
        visit(inner);
      }
  };
  visit(document);
  return found;
}
