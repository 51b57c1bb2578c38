import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { type ProbeId, probeIds, type Trial } from '../../../contract/assessment.ts';
import { langs } from '../../../contract/lang.ts';
import { hostile } from '../assessment-form/sample-hostile.ts';
import type { Filling } from './filling.ts';
import { oscalOf } from './oscal.ts';
import { type Seen, sampleFilling, sampleWorkspace } from './sample.ts';

/** NIST's own schema of all models, of the shared collection. */
const file = join(import.meta.dirname, '../../../../../shared/data/oscal/oscal_complete_schema-1.2.2.json');

const all = (...outcomes: Trial['outcome'][]): Seen =>
  Object.fromEntries(probeIds.map((probe): [ProbeId, Trial['outcome'][]] => [probe, outcomes]));
const mixed = sampleFilling(all('kept', 'lost', 'unclear', 'lost', 'lost', 'kept', 'lost'));
const change = (more: Partial<Filling['record']>): Filling => ({ ...mixed, record: { ...mixed.record, ...more } });
const [first, ...others] = mixed.record.requirements;
const odd = first
  ? [{ ...first, rulebook: '2018 规定/a_b', id: '5.1', result: 'not-applicable' as const }, ...others]
  : [];

const fillings: [string, Filling][] = [
  ['some kept, some lost', mixed],
  ['hazards that were planned, done and verified', sampleWorkspace(mixed)],
  ['nothing lost', sampleFilling(all('kept', 'kept'))],
  ['everything lost', sampleFilling(all('lost', 'lost', 'lost'))],
  ['everything unclear', sampleFilling(all('unclear'))],
  ['no probe that ran', sampleFilling({})],
  ['no probe at all', change({ probes: [], hazards: [] })],
  ['no requirement', change({ requirements: [], rulebooks: [] })],
  ['hazards without the trials that they are made of', change({ probes: [] })],
  ['names that are no tokens', change({ requirements: odd })],
  [
    'nothing in the register',
    { ...mixed, company: undefined, rulebooks: [], service: { ...mixed.service, functions: [] } },
  ],
  ['no function', change({ function: null })],
  ...Object.entries({ ...hostile, empty: '', blank: ' \u3000\n ' }).map(([what, text]): [string, Filling] => [
    `strings of strangers: ${what}`,
    sampleWorkspace(sampleFilling(all('lost', 'kept', 'lost'), text), text),
  ]),
];

describe.skipIf(!existsSync(file))("NIST's schema of OSCAL 1.2", () => {
  const validate = schemaOf();

  test.each(fillings)('takes a run with %s', (_what, filling) => {
    for (const lang of langs) {
      const { plan, results, poam } = oscalOf({ ...filling, lang });
      expect(poam === null).toBe(filling.record.hazards.length === 0);
      for (const document of [plan, results, poam ?? plan]) expect(mistakes(document)).toEqual([]);
    }
  });

  test('does not take what is wrong', () => {
    const { plan } = oscalOf(mixed);
    const { uuid: _, ...rest } = plan['assessment-plan'];
    expect(mistakes({ 'assessment-plan': rest })).not.toEqual([]);
    expect(mistakes({ 'assessment-plan': { ...plan['assessment-plan'], tasks: [] } })).not.toEqual([]);
    const metadata = { ...rest.metadata, version: ' 1' };
    expect(mistakes({ 'assessment-plan': { ...plan['assessment-plan'], metadata } })).not.toEqual([]);
    const link = { ...rest['import-ssp'], href: 'a b' };
    expect(mistakes({ 'assessment-plan': { ...plan['assessment-plan'], 'import-ssp': link } })).not.toEqual([]);
  });

  /** Of what would be written, not of the objects in memory. */
  function mistakes(document: unknown): string[] {
    if (validate(JSON.parse(JSON.stringify(document)))) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }
});

function schemaOf() {
  if (!existsSync(file)) return new Ajv().compile({});
  const ajv = new Ajv({
    strict: false,
    formats: {
      'date-time': (text) => !Number.isNaN(Date.parse(text)),
      email: /^[^@\s]+@[^@\s]+$/,
      uri: /^[a-z][a-z0-9+.-]*:(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i,
      'uri-reference': /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})*$/i,
    },
  });
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
}
