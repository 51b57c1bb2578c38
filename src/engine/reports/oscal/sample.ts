import {
  type AssessmentRecord,
  type ProbeId,
  type ProbeRun,
  probeIds,
  type Trial,
} from '../../../contract/assessment.ts';
import type { Hazard } from '../../../contract/hazards.ts';
import { hazardsOf } from '../../assessments/hazards.ts';
import { ratesOf, worstFirst } from '../../assessments/rates.ts';
import { resultOf } from '../../assessments/results.ts';
import { rulebook } from '../assessment-form/sample.ts';
import type { Filling } from './filling.ts';
import { uuidIn } from './uuids.ts';

/** What the probes of a run saw: of one that is not named, that the target does not describe it. */
export type Seen = Partial<Record<ProbeId, readonly Trial['outcome'][]>>;

const about: Readonly<Record<ProbeId, readonly string[]>> = {
  'labels-survive': ['CN18-E4'],
  'public-sign': ['CN18-E5'],
  'genuine-unflagged': ['CN18-E5'],
  'exports-labelled': ['CN18-E4', 'CN18-E5'],
  'credentials-survive': ['CN18-E4'],
  'reupload-recognised': ['CN18-E0'],
  complaints: ['CN18-E6'],
  logs: ['CN18-E3', 'CN18-E3-min'],
  identity: ['CN18-E2'],
  malformed: ['CN18-E0'],
};
const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 8, 0, second)).toISOString();

/** A run under the 2018 rules, with `text` wherever a stranger could have written something. For tests only. */
export function sampleFilling(seen: Seen, text = 'face-swap'): Filling {
  const probes = probeIds.map((probe) => runOf(probe, seen[probe] ?? null, text));
  const requirements = rulebook.requirements.map((one) =>
    resultOf(rulebook.id, one, {
      runs: probes,
      reaches: (probe) => Object.fromEntries(about[probe].map((id) => [id, 'settles' as const])),
    }),
  );
  const verified = new Set(requirements.filter((one) => one.verified).map(({ id }) => id));
  const record: AssessmentRecord = {
    schema: 'clearmirror.assessment/1',
    run: '20ef2e24-3905-48b4-91f5-bc1edd177931',
    startedAt: at(0),
    endedAt: at(59),
    service: { slug: 'shimmer-video', name: { zh: text, en: null } },
    function: { slug: 'face-swap', name: { zh: null, en: text } },
    rulebooks: [{ id: rulebook.id, version: rulebook.version, shortTitle: rulebook.shortTitle }],
    requirements,
    probes,
    hazards: probes.flatMap((run) => hazardsOf(run, { impact: 'misleads', verified })),
    samples: [{ id: text, about: 'labelled', format: 'jpeg', bytes: 1, sha256: 'ab'.repeat(32) }],
    requests: 17,
    leftBehind: [text],
    isolation: text,
    versions: { clearmirror: '0.1.0' },
  };
  return {
    record,
    recordSha256: 'cd'.repeat(32),
    rulebooks: [rulebook],
    timeZone: rulebook.timeZone,
    company: { kind: 'unit', name: { zh: text, en: text } },
    service: {
      slug: 'shimmer-video',
      name: { zh: text, en: null },
      type: 'app',
      addresses: [text],
      description: { zh: text, en: text },
      launchedOn: '2026-11-01',
      functions: [{ slug: 'face-swap', name: { zh: text, en: null }, features: [] }],
    },
    lang: 'zh',
  };
}

/** The same as a workspace has it: what the run found was planned, done and verified; the last hazard is a person's. For tests only. */
export function sampleWorkspace(filling: Filling, text = 'face-swap'): Filling {
  const { record } = filling;
  const by = { type: 'person', id: 'p1', name: text } as const;
  const step = { at: at(0), by, dueOn: null, note: text, run: null };
  const own: Hazard = {
    ...{ id: '3fd4c3f6-66a1-4a05-b1a4-11c8f6bd7f5d', no: 9, revision: 1, title: text, seen: null, reproduce: [text] },
    assessment: { id: record.run, state: 'assessing' },
    service: { id: record.run, slug: record.service.slug, name: record.service.name },
    ...{
      function: null,
      requirements: [],
      severity: 'high',
      verifiedRule: true,
      state: 'open',
      owner: null,
      plan: null,
    },
    ...{ foundAt: at(0), plannedAt: null, dueOn: null, firstDueOn: null, doneAt: null, verifiedAt: null, steps: [] },
  };
  const found = record.hazards.map(
    ({ id, requirements, severity, verified, ...seen }, no): Hazard => ({
      ...own,
      ...{ id: uuidIn(record.run, id), no, title: null, reproduce: [], severity, verifiedRule: verified },
      seen: { ...seen, params: {}, run: record.run, search: false },
      requirements: requirements.map((one) => ({ rulebook: rulebook.id, id: one })),
      ...{ state: 'verified', owner: { id: 'p1', name: text }, plan: text, plannedAt: at(1), doneAt: at(2) },
      ...{ dueOn: '2026-12-24', firstDueOn: '2026-12-04', verifiedAt: at(3) },
      steps: (['found', 'planned', 'extended', 'done', 'open', 'found-again', 'not-verified', 'verified'] as const).map(
        (to) => ({ ...step, to }),
      ),
    }),
  );
  return { ...filling, hazards: [...found, own] };
}

function runOf(probe: ProbeId, outcomes: readonly Trial['outcome'][] | null, text: string): ProbeRun {
  const trials = (outcomes ?? []).map(
    (outcome, no): Trial => ({
      sample: no % 3 === 2 ? null : `${text}-${no}`,
      subject: `${text}/${no % 2}`,
      requirements: [...about[probe]],
      outcome,
      code: outcome === 'kept' ? 'label-kept' : outcome === 'lost' ? 'unexaminable' : 'target-no-answer',
      params: { reason: text, detail: text },
      at: at(no % 60),
      url: no % 4 === 3 ? null : `${text}?${no}`,
      sha256: no % 5 === 4 ? null : 'ef'.repeat(32),
    }),
  );
  return {
    probe,
    requirements: [...about[probe]],
    state: outcomes ? 'ran' : 'not-run',
    reason: outcomes ? null : { code: 'not-described', params: { part: text } },
    startedAt: at(1),
    endedAt: at(58),
    rates: ratesOf(trials),
    trials: worstFirst(trials),
  };
}
