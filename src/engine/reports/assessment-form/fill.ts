import { createHash } from 'node:crypto';
import type {
  AssessedRequirement,
  AssessmentRecord,
  FoundHazard,
  ProbeRun,
  Trial,
} from '../../../contract/assessment.ts';
import type { Lang } from '../../../contract/lang.ts';
import type { RegisterDocument, ServiceDocument } from '../../../contract/register-document.ts';
import type { Requirement, Rulebook } from '../../../contract/rulebook.ts';
import { sayTrial } from '../../../contract/trial-words.ts';
import { say } from '../../../contract/words.ts';
import { wilsonInterval } from '../../assessments/wilson.ts';
import type { Answer, Evidence, FilledForm } from './form.ts';

export interface Filling {
  record: AssessmentRecord;
  /** The one whose form is filled in. */
  rulebook: Rulebook & { form: NonNullable<Rulebook['form']> };
  /** Of all rulebooks of the run, by id. */
  requirements: readonly Requirement[];
  /** Triggers that fired. */
  triggers: readonly string[];
  company: RegisterDocument['company'];
  service: ServiceDocument;
  lang: Lang;
}

/**
 * Fills in what the register and the probes know. What only people can say stays visibly empty: the conclusion, the signatures, the
 * items that nobody tested.
 */
export function fillForm(filling: Filling): FilledForm {
  const { record, rulebook, lang } = filling;
  const { evidence, ofProbe } = gatherEvidence(record, lang);
  const byId = new Map(filling.requirements.map((one) => [one.id, one]));
  return {
    form: rulebook.form,
    lang,
    title: [record.service.name, record.function?.name].flatMap((name) => nameIn(name, lang)).join(' · '),
    document: {
      id: record.run,
      createdAt: record.endedAt,
      timeZone: rulebook.timeZone,
      rulebook: { id: rulebook.id, version: rulebook.version, shortTitle: rulebook.shortTitle },
    },
    answers: answersFor(filling),
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

function nameIn(name: AssessmentRecord['service']['name'] | null | undefined, lang: Lang): string[] {
  const words = name?.[lang] ?? name?.zh ?? name?.en;
  return words ? [words] : [];
}

function sayReason({ reason }: AssessedRequirement, lang: Lang): string {
  return say(lang, `requirement-reason.${reason.code}`, reason.params);
}

/** Answers by the names that the fields have in the form; a form that has other fields gets nothing under these. */
function answersFor({ record, rulebook, triggers, company, service, lang }: Filling): Record<string, Answer> {
  const [contact] = company?.contacts ?? [];
  const subject = company?.kind === 'person' ? 'person' : 'unit';
  const described = service.functions?.find(({ slug }) => slug === record.function?.slug)?.description;
  const known: Record<string, Answer> = {
    [`${subject}.name`]: company ? (nameIn(company.name, lang)[0] ?? null) : null,
    'unit.place_of_registration': company?.placeOfRegistration ?? null,
    'unit.ops_team_location': company?.operationsPlace ?? null,
    'unit.contact_name': contact?.name ?? null,
    'unit.contact_phone': contact?.phone ?? null,
    'basics.service_name': nameIn(record.service.name, lang)[0] ?? null,
    'basics.function_name': nameIn(record.function?.name, lang)[0] ?? null,
    'basics.function_description': nameIn(described ?? service.description, lang)[0] ?? null,
    'basics.url': service.addresses?.join('\n') ?? null,
    'basics.type': [service.type],
    'basics.trigger': triggers,
    'basics.method': ['self'],
  };
  const tested = rulebook.form.sections.flatMap((section) =>
    section.fields.flatMap((field) => {
      const assessed = record.requirements.find(({ id }) => id === field.about);
      const runs = record.probes.filter(({ probe, state }) => assessed?.probes.includes(probe) && state === 'ran');
      return runs.length === 0
        ? []
        : [[`${section.id}.${field.id}`, runs.map((run) => sayProbe(run, lang)).join('\n')]];
    }),
  );
  return { ...known, ...Object.fromEntries(tested) };
}

function countsOf({ rates }: ProbeRun): { kept: number; tried: number } {
  const sum = (pick: 'kept' | 'tried') => rates.reduce((total, rate) => total + rate[pick], 0);
  return { kept: sum('kept'), tried: sum('tried') };
}

function sayProbe(run: ProbeRun, lang: Lang): string {
  return `${say(lang, `probe.${run.probe}`)}: ${say(lang, 'cli.assess.kept', countsOf(run))}`;
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
  const { code, subject, severity, verified, reproduce } = hazard;
  const seen = reproduce.find((step) => step.code === `seen.${code}`);
  return {
    no,
    title: `${subject}: ${sayTrial({ code, params: seen?.params ?? {} }, lang)}`,
    severity: verified ? inBoth(`severity.${severity}`) : inBoth('cli.assess.warning'),
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
