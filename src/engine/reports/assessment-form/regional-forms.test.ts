import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AssessmentRecord, ProbeRun } from '../../../contract/assessment.ts';
import type { Lang } from '../../../contract/lang.ts';
import { rulebookSchema } from '../../../contract/rulebook.ts';
import { contentHash, renderDocx, renderPdf, renderSignatures } from './assessment-form.ts';
import { type Filling, fillForm } from './fill.ts';
import { answerKey, type FilledForm, isEmpty, isTable } from './form.ts';
import { squeezed } from './sample-said.ts';
import type { SignedReport } from './signature-page.ts';

function rulebookOf(id: string): Filling['rulebook'] {
  const file = new URL(`../../../../rulebooks/${id}/rulebook.yaml`, import.meta.url);
  const rulebook = rulebookSchema.parse(parse(readFileSync(file, 'utf8')));
  if (!rulebook.form) throw new Error(`${id} has a form`);
  return { ...rulebook, form: rulebook.form };
}

const ran: ProbeRun = {
  probe: 'public-sign',
  requirements: ['CNLB-4'],
  state: 'ran',
  reason: null,
  startedAt: '2026-11-23T08:00:10.000Z',
  endedAt: '2026-11-23T08:03:00.000Z',
  rates: [
    { subject: 'image/jpeg', kept: 19, tried: 20, unclear: 0, low: 0.764, high: 0.991 },
    { subject: 'video/mp4', kept: 5, tried: 10, unclear: 1, low: 0.237, high: 0.763 },
  ],
  trials: [],
};
const hazard: AssessmentRecord['hazards'][number] = {
  id: 'public-sign/video/sign-missing',
  probe: 'public-sign',
  subject: 'video/mp4',
  code: 'sign-missing',
  requirements: ['CNLB-4'],
  severity: 'high',
  verified: true,
  lost: 5,
  tried: 10,
  reproduce: [],
};

function fillingOf(id: string, given: Partial<AssessmentRecord> = {}): Omit<Filling, 'lang'> {
  const rulebook = rulebookOf(id);
  const { version, shortTitle, requirements } = rulebook;
  const record: AssessmentRecord = {
    schema: 'clearmirror.assessment/1',
    run: '20ef2e24-3905-48b4-91f5-bc1edd177931',
    startedAt: '2026-11-23T08:00:00.000Z',
    endedAt: '2026-11-23T08:04:00.000Z',
    service: { slug: 'video', name: { zh: '微光短视频', en: 'Shimmer Video' } },
    function: { slug: 'face-swap', name: { zh: '换脸特效', en: 'Face swap' } },
    rulebooks: [{ id, version, shortTitle }],
    requirements: requirements
      .filter(({ method }) => method.length > 0)
      .map((one) => ({
        ...{ rulebook: id, id: one.id, clause: one.clause, title: one.title, verified: one.verified },
        ...{ provenance: one.provenance, method: one.method, result: 'open' },
        ...{ reason: { code: 'for-people', params: {} }, probes: [], kept: 0, lost: 0, unclear: 0 },
      })),
    probes: [ran],
    hazards: [hazard],
    samples: [],
    requests: 61,
    leftBehind: [],
    isolation: 'bwrap',
    versions: { clearmirror: '0.1.0' },
    ...given,
  };
  return {
    ...{ record, rulebook, requirements },
    triggers: rulebook.triggers.map((one) => one.id),
    company: { kind: 'unit', name: { zh: '云上微光', en: 'Example Shimmer Ltd' }, placeOfRegistration: 'Example City' },
    service: {
      ...{ slug: 'video', name: { zh: '微光短视频', en: 'Shimmer Video' }, type: 'app', features: ['livestream'] },
      addresses: ['https://video.shimmer.example/'],
      facts: { euDesignation: { designated: true, notifiedOn: '2026-03-15' } },
      figures: [
        { kind: 'euAmar', value: 46_000_000, asOf: '2026-06-30' },
        { kind: 'euAmar', value: 44_000_000, asOf: '2025-12-31' },
        { kind: 'mau', value: 1, asOf: '2026-10-31' },
      ],
      functions: [{ slug: 'face-swap', name: { zh: '换脸特效', en: 'Face swap' }, features: ['face_swap'] }],
    },
  };
}

function fill(id: string, lang: Lang, given?: Partial<AssessmentRecord>): FilledForm {
  return fillForm({ ...fillingOf(id, given), lang });
}

/** Keys of the fields that nobody filled in; of a table, that it has empty places. */
function blanks({ form, answers }: FilledForm): string[] {
  return form.sections.flatMap((section) =>
    section.fields.flatMap((field) => {
      const key = answerKey(section, field);
      const answer = answers[key] ?? null;
      const open = isTable(answer) ? answer.rows.some((row) => row.length < answer.columns.length) : isEmpty(answer);
      return open ? [key] : [];
    }),
  );
}

function pdfText(pdf: Uint8Array): string {
  return squeezed(execFileSync('pdftotext', ['-raw', '-', '-'], { input: pdf }).toString().replaceAll('\f', ''));
}

describe('what the register and the probes know, and what they do not', () => {
  test('the risk report of the DSA', () => {
    const filled = fill('eu-dsa', 'en');
    expect(filled.answers).toMatchObject({
      'unit.name': 'Example Shimmer Ltd',
      'basics.known_features': 'live stream\nface swap',
      'basics.eu_amar': '46,000,000 (on 2026-06-30)',
      'basics.designation': '2026-03-15',
      'basics.trigger': ['EUDSA-T1', 'EUDSA-T2'],
      'basics.period': '2026-11-23 09:00 – 2026-11-23 09:04 (Europe/Brussels)',
    });
    expect(filled.answers['mitigation.measured']).toContain(
      'kept in 24 of 30 tests, 95\u00a0% interval 62.7–90.5\u00a0%',
    );
    expect(filled.answers['risks.observed']).toMatchObject({
      rows: [[expect.any(String), 'Face swap', 'high', expect.any(String)]],
    });
    expect(blanks(filled)).toEqual([
      'unit.contact_name',
      'unit.contact_phone',
      'basics.function_description',
      'risks.categories',
      'risks.ratings',
      ...['algorithms', 'moderation', 'terms', 'advertising', 'data_practices', 'manipulation', 'regions'].map(
        (factor) => `factors.${factor}`,
      ),
      ...['mitigation.measures', 'mitigation.prominent_markings', 'mitigation.indicate'],
      ...['audit.report', 'audit.received_on', 'audit.implementation'],
      ...['publication.consultations', 'publication.sent_on', 'publication.published_on', 'records.kept'],
    ]);
  });

  test('the record of the Online Safety Act', () => {
    const filled = fill('uk-osa', 'en');
    expect(filled.answers['basics.trigger']).toEqual(['UKOSA-T1-first', 'UKOSA-T5', 'UKOSA-T0']);
    expect(blanks(filled)).toEqual([
      ...[
        'unit.contact_name',
        'unit.contact_phone',
        'basics.function_description',
        'basics.kind',
        'basics.responsible',
      ],
      ...['harms.kinds', 'harms.profiles', 'harms.factors', 'levels.ratings', 'measures.code', 'measures.alternative'],
      ...['review.findings', 'review.reported_to', 'review.next_review'],
    ]);
  });

  test('without a run, what it would have measured is left empty too', () => {
    const notRun = { ...ran, state: 'not-run' as const, rates: [] };
    const left = blanks(fill('eu-dsa', 'en', { probes: [notRun], hazards: [] }));
    for (const key of ['basics.how', 'risks.observed', 'mitigation.measured']) expect(left).toContain(key);
  });

  test('a run that found nothing says that it did, and that it is not all', () => {
    expect(fill('uk-osa', 'en', { hazards: [] }).answers['levels.observed']).toMatch(/found none.*open/s);
  });

  test('requirements of another jurisdiction are no business of this authority', () => {
    const rulebooks = ['cn-2018', 'eu-dsa'].map((id) => rulebookOf(id));
    const { record } = fillingOf('eu-dsa');
    const foreign = fillingOf('cn-2018');
    const filling = {
      ...fillingOf('cn-2018'),
      record: { ...record, requirements: [...record.requirements, ...foreign.record.requirements] },
      requirements: rulebooks.flatMap((one) => one.requirements),
    };
    const ids = (given: Partial<Filling>) =>
      fillForm({ ...filling, ...given, lang: 'zh' }).results.map(({ requirement }) => requirement.id.slice(0, 4));
    expect(new Set(ids({ rulebooks }))).toEqual(new Set(['CN18']));
    expect(new Set(ids({}))).toEqual(new Set(['CN18', 'EUDS']));
  });

  test('nor are its probes and hazards: neither among the answers nor in the annexes', () => {
    const rulebooks = ['cn-2018', 'eu-dsa'].map((id) => rulebookOf(id));
    const { record } = fillingOf('eu-dsa');
    const foreign = fillingOf('cn-2018');
    const requirements = [...record.requirements, ...foreign.record.requirements];
    const about = { requirements: ['CN18-E4'] };
    const told = (probes: ProbeRun[], hazards: AssessmentRecord['hazards']) => {
      const own = { ...record, requirements, probes, hazards };
      const filled = fillForm({ ...fillingOf('eu-dsa'), record: own, rulebooks, lang: 'en' });
      return [filled.probes.length, filled.hazards.length, isTable(filled.answers['risks.observed'] ?? null)];
    };
    expect(told([{ ...ran, ...about }], [{ ...hazard, ...about }])).toEqual([0, 0, false]);
    // What stands in no requirement of the run is told to everybody.
    expect(told([ran], [hazard])).toEqual([1, 1, true]);
  });

  test('no answer is given to a field that the form does not have', () => {
    for (const id of ['eu-dsa', 'uk-osa', 'cn-2018']) {
      const { form, answers } = fill(id, 'zh');
      const known = form.sections.flatMap((section) => section.fields.map((field) => answerKey(section, field)));
      expect(Object.keys(answers).filter((key) => !known.includes(key))).toEqual([]);
    }
  });
});

describe('the edition that counts', () => {
  test.each([
    ['eu-dsa', 'en'],
    ['uk-osa', 'en'],
    ['cn-2018', 'zh'],
  ] as const)('%s counts in %s; the other one names everything in both languages', async (id, official) => {
    const editions = { zh: fill(id, 'zh'), en: fill(id, 'en') };
    expect(editions.zh.official).toBe(official);
    const copy = official === 'en' ? editions.zh : editions.en;
    const own = pdfText(await renderPdf(editions[official]));
    const hash = contentHash(editions[official]);
    const read = pdfText(await renderPdf({ ...copy, officialHash: hash }));
    for (const label of copy.form.sections.flatMap((one) => [one.label, ...one.fields.map((field) => field.label)])) {
      expect(own).toContain(squeezed(label[official]));
      expect(read).toContain(squeezed(label.zh));
      expect(read).toContain(squeezed(label.en));
    }
    for (const text of [own, read]) expect(text).toContain(hash.slice(0, 12));
    if (official === 'en') expect(own).not.toMatch(/\p{Script=Han}/u);
  });

  test('only the 2018 form has a place for a seal, and none of these claims to be official', async () => {
    expect(pdfText(await renderPdf(fill('cn-2018', 'zh')))).toContain('单位公章');
    for (const id of ['eu-dsa', 'uk-osa']) {
      const text = pdfText(await renderPdf(fill(id, 'en')));
      expect(text).not.toContain('sealoftheorganisation');
      expect(text).toContain('noofficialformwasread');
    }
  });

  test('the DOCX is drawn in English from the same sheet', async () => {
    const [one, other] = [await renderDocx(fill('uk-osa', 'en')), await renderDocx(fill('uk-osa', 'en'))];
    expect(Buffer.compare(one, other)).toBe(0);
  });
});

test('a report that people answered and concluded names who signs; who signed stands on a page of its own', async () => {
  const [ada, bo] = [
    { name: 'Ada Example', role: 'Compliance' },
    { name: 'Bo Example', role: 'Director' },
  ];
  const filled: FilledForm = {
    ...fill('uk-osa', 'en'),
    conclusion: 'The level of risk is low.\nThe next review is due within a year.',
    signatories: [ada, bo],
  };
  const text = pdfText(await renderPdf(filled));
  expect(text).toContain('Thelevelofriskislow.Thenextreviewisduewithinayear.');
  expect(text).toContain('ComplianceAdaExampleSignedonthesignaturepage');
  const signed: SignedReport = {
    ...{ lang: 'en', id: filled.document.id, title: filled.title, rulebooks: [filled.document.rulebook.shortTitle] },
    ...{ concludedAt: '2026-11-23T10:00:00Z', timeZone: 'Europe/London', reportSha256: 'cd'.repeat(32) },
    files: [{ name: 'uk-osa.en.pdf', sha256: 'ef'.repeat(32) }],
    signatures: [{ ...ada, at: '2026-11-23T10:30:00Z', fingerprint: 'ab'.repeat(32), signature: 'S'.repeat(86) }],
    missing: [bo],
  };
  for (const [lang, ...said] of [
    ['en', 'ComplianceAdaExample✓signed2026-11-2310:30', 'DirectorBoExamplenotsignedyet'],
    ['zh', '✓已签署2026-11-2310:30', '尚未签署'],
  ] as const) {
    const page = pdfText(await renderSignatures({ ...signed, lang }));
    for (const one of [...said, 'ab'.repeat(32), 'cd'.repeat(32), 'ef'.repeat(32), `Ed25519${'S'.repeat(86)}`])
      expect(page).toContain(one);
  }
});
