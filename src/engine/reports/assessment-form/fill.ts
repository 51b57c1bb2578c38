import { createHash } from 'node:crypto';
import type {
  AssessedRequirement,
  AssessmentRecord,
  FoundHazard,
  ProbeRun,
  Trial,
} from '../../../contract/assessment.ts';
import type { Lang } from '../../../contract/lang.ts';
import { sayTrial } from '../../../contract/trial-words.ts';
import { say } from '../../../contract/words.ts';
import { wilsonInterval } from '../../assessments/wilson.ts';
import type { Filling } from './filling.ts';
import type { Evidence, FilledForm } from './form.ts';
import { countsOf, knownAnswers, nameIn, sayHazard, severityKey } from './known-answers.ts';

export type { Filling } from './filling.ts';

/**
 * Fills in what the register and the probes know. What only people can say stays visibly empty: the conclusion, the signatures, the
 * items that nobody tested.
 */
export function fillForm(given: Filling): FilledForm {
  const filling = { ...given, record: ownPart(given) };
  const { record, rulebook, lang } = filling;
  const { evidence, ofProbe } = gatherEvidence(record, lang);
  const byId = new Map(filling.requirements.map((one) => [one.id, one]));
  return {
    form: rulebook.form,
    lang,
    official: rulebook.jurisdiction === 'cn' ? 'zh' : 'en',
    title: [record.service.name, record.function?.name].flatMap((name) => nameIn(name, lang)).join(' · '),
    document: {
      id: record.run,
      createdAt: record.endedAt,
      timeZone: rulebook.timeZone,
      rulebook: { id: rulebook.id, version: rulebook.version, shortTitle: rulebook.shortTitle },
    },
    answers: knownAnswers(filling),
    results: record.requirements.flatMap((assessed) => {
      const requirement = byId.get(assessed.id);
      if (!requirement) return [];
      const { result } = assessed;
      return [{ requirement, result, reason: sayReason(assessed, lang), evidence: assessed.probes.map(ofProbe) }];
    }),
    evidence,
    probes: record.probes.map((run) => describeProbe(run, lang)),
    hazards: record.hazards.map((hazard, index) => describeHazard(hazard, index + 1, lang)),
    conclusion: null,
    signatories: [],
  };
}

/** Without what concerns only other jurisdictions. What concerns no requirement of the run is told to each. */
function ownPart({ record, rulebook, rulebooks }: Filling): AssessmentRecord {
  if (!rulebooks) return record;
  const near = rulebooks.filter(({ jurisdiction }) => jurisdiction === rulebook.jurisdiction).map(({ id }) => id);
  const isNear = (one: AssessedRequirement) => near.includes(one.rulebook);
  const requirements = record.requirements.filter(isNear);
  const own = new Set(requirements.map(({ id }) => id));
  const others = new Set(record.requirements.filter((one) => !isNear(one)).map(({ id }) => id));
  const isOwn = (one: { requirements: readonly string[] }) =>
    one.requirements.some((id) => own.has(id)) || !one.requirements.some((id) => others.has(id));
  return { ...record, requirements, probes: record.probes.filter(isOwn), hazards: record.hazards.filter(isOwn) };
}

function sayReason({ reason }: AssessedRequirement, lang: Lang): string {
  return say(lang, `requirement-reason.${reason.code}`, reason.params);
}

function describeProbe(run: ProbeRun, lang: Lang): FilledForm['probes'][number] {
  const { kept, tried } = countsOf(run);
  const failing = run.trials.filter(({ outcome }) => outcome === 'lost');
  return {
    id: run.probe,
    title: say(lang, `probe.${run.probe}`),
    requirementIds: run.requirements,
    ...{ tried, kept },
    rate: tried === 0 ? null : kept / tried,
    interval: tried === 0 ? null : wilsonInterval(kept, tried),
    rates: run.rates.filter((one) => one.tried > 0).toSorted((a, b) => a.kept / a.tried - b.kept / b.tried),
    failing: failing.map((trial) => ({ sample: nameOf(trial), what: sayTrial(trial, lang) })),
  };
}

function nameOf({ sample, subject }: Trial): string {
  return sample === null ? subject : `${sample} · ${subject}`;
}

function inBoth(key: string) {
  return { zh: say('zh', key), en: say('en', key) };
}

function describeHazard(hazard: FoundHazard, no: number, lang: Lang): FilledForm['hazards'][number] {
  const { code, reproduce } = hazard;
  return {
    no,
    title: sayHazard(hazard, lang),
    severity: inBoth(severityKey(hazard)),
    state: inBoth('hazard.state.open'),
    due: null,
    reproduce: reproduce.map((step) =>
      step.code.startsWith('seen.')
        ? sayTrial({ code, params: step.params }, lang)
        : say(lang, `hazard.step.${step.code}`, step.params),
    ),
  };
}

/** One piece for each probe that ran, with the digest of all that it saw, and one for each thing that went wrong. */
function gatherEvidence({ probes }: AssessmentRecord, lang: Lang) {
  const evidence: Evidence[] = [];
  const numbers = new Map<string, number>();
  for (const run of probes) {
    const no = evidence.length + 1;
    numbers.set(run.probe, no);
    evidence.push({
      no,
      kind: inBoth('evidence.probe-run'),
      title: say(lang, `probe.${run.probe}`),
      observedAt: run.endedAt,
      receivedAt: run.endedAt,
      validUntil: null,
      sha256: createHash('sha256').update(JSON.stringify(run)).digest('hex'),
      source: `assessment.json#/probes/${probes.indexOf(run)}`,
    });
    for (const trial of run.trials.filter(({ outcome }) => outcome === 'lost')) {
      evidence.push({
        no: evidence.length + 1,
        kind: inBoth('evidence.trial'),
        title: `${nameOf(trial)}: ${sayTrial(trial, lang)}`,
        observedAt: trial.at,
        receivedAt: trial.at,
        validUntil: null,
        sha256: trial.sha256,
        source: trial.url ?? '–',
      });
    }
  }
  const ofProbe = (probe: string) => numbers.get(probe) ?? 0;
  return { evidence, ofProbe };
}
