import type { AssessmentRecord, FoundHazard, ProbeRun } from '../../../contract/assessment.ts';
import type { NameIn } from '../../../contract/fields.ts';
import type { Lang } from '../../../contract/lang.ts';
import { sayTrial } from '../../../contract/trial-words.ts';
import { say } from '../../../contract/words.ts';
import { wilsonInterval } from '../../assessments/wilson.ts';
import type { Filling } from './filling.ts';
import { type Answer, answerKey, type TableAnswer } from './form.ts';
import { moment } from './moments.ts';

/**
 * What the register and the probes know, by `answerKey`. Fields of the same name mean the same in every form. A field that is not here is
 * for people, and a name that the form does not have is left out.
 */
export function knownAnswers(filling: Filling): Record<string, Answer> {
  const { rulebook, triggers } = filling;
  const known: Record<string, Answer> = {
    ...ofRegister(filling),
    ...ofProbes(filling),
    ...ofTestedRequirements(filling),
  };
  const answers = rulebook.form.sections.flatMap((section) =>
    section.fields.flatMap((field): [string, Answer][] => {
      const key = answerKey(section, field);
      // Other triggers of the rulebook fire too; the form asks for those that make an assessment due.
      if (key === 'basics.trigger')
        return [[key, triggers.filter((id) => field.options?.some((one) => one.id === id))]];
      const answer = known[key];
      return answer === undefined ? [] : [[key, answer]];
    }),
  );
  return Object.fromEntries(answers);
}

function ofRegister({ record, company, service, lang }: Filling): Record<string, Answer> {
  const [contact] = company?.contacts ?? [];
  const subject = company?.kind === 'person' ? 'person' : 'unit';
  const described = service.functions?.find(({ slug }) => slug === record.function?.slug)?.description;
  const features = new Set([...(service.features ?? []), ...(service.functions ?? []).flatMap((one) => one.features)]);
  const said = [...features].map((feature) => say(lang, `fact-word.${feature}`)).join('\n') || null;
  return {
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
    'basics.method': ['self'],
    'basics.known_features': said,
    'harms.known_features': said,
    'basics.eu_amar': newestFigure(service, lang),
    'basics.designation': service.facts?.euDesignation?.notifiedOn ?? null,
  };
}

function newestFigure({ figures = [] }: Filling['service'], lang: Lang): string | null {
  const newest = figures
    .filter(({ kind }) => kind === 'euAmar')
    .toSorted((a, b) => (a.asOf < b.asOf ? 1 : -1))
    .at(0);
  if (!newest) return null;
  return say(lang, 'assessment-form.figure', { value: newest.value.toLocaleString('en'), asOf: newest.asOf });
}

function ofProbes({ record, rulebook: { timeZone }, lang }: Filling): Record<string, Answer> {
  const ran = record.probes.filter(({ state }) => state === 'ran');
  const span = (from: string, to: string) => ({ from: moment(from, timeZone), to: moment(to, timeZone), timeZone });
  const starts = ran.map(({ startedAt }) => startedAt).toSorted();
  const ends = ran.map(({ endedAt }) => endedAt).toSorted();
  const [first, last] = [starts[0], ends.at(-1)];
  const counts = { probes: ran.length, samples: record.samples.length, requests: record.requests };
  const how =
    first === undefined || last === undefined
      ? null
      : say(lang, 'assessment-form.how', { ...span(first, last), ...counts });
  const measured = ran.flatMap((run) => sayRate(run, lang)).join('\n') || null;
  const observed = ran.length === 0 ? null : sayHazards(record, lang);
  return {
    'basics.period': say(lang, 'assessment-form.period', span(record.startedAt, record.endedAt)),
    'basics.how': how,
    'review.how': how,
    'risks.categories': categoryTable(['category', 'status', 'surface', 'feature', 'users', 'place'], lang),
    'risks.ratings': categoryTable(
      ['category', 'severity', 'probability', 'uncertainty', 'amplification', 'source'],
      lang,
    ),
    'risks.observed': observed,
    'levels.observed': observed,
    'mitigation.measured': measured,
    'measures.measured': measured,
  };
}

/** Of the four categories (EUDSA-2) only the names are known; people say the rest. */
function categoryTable(columns: readonly string[], lang: Lang): TableAnswer {
  return {
    columns: columns.map((column) => say(lang, `assessment-form.column.${column}`)),
    rows: ['a', 'b', 'c', 'd'].map((category) => [say(lang, `assessment-form.category.${category}`)]),
  };
}

function sayHazards({ hazards, function: own }: AssessmentRecord, lang: Lang): Answer {
  if (hazards.length === 0) return say(lang, 'assessment-form.nothing-found');
  const feature = nameIn(own?.name, lang)[0] ?? '';
  return {
    columns: ['found', 'feature', 'severity', 'source'].map((column) => say(lang, `assessment-form.column.${column}`)),
    rows: hazards.map((hazard) => [
      sayHazard(hazard, lang),
      feature,
      say(lang, severityKey(hazard)),
      say(lang, `probe.${hazard.probe}`),
    ]),
  };
}

function sayRate(run: ProbeRun, lang: Lang): string[] {
  const { kept, tried } = countsOf(run);
  if (tried === 0) return [];
  const { low, high } = wilsonInterval(kept, tried);
  const percent = (share: number) => (share * 100).toFixed(1);
  const params = { probe: say(lang, `probe.${run.probe}`), kept, tried, low: percent(low), high: percent(high) };
  return [say(lang, 'assessment-form.measured', params)];
}

/** The form of 2018 asks for the actual situation of each item. Where probes looked at it, that is what they saw. */
function ofTestedRequirements({ record, rulebook: { form }, lang }: Filling): Record<string, Answer> {
  // Forms with a field for what was measured leave the others to people.
  if (form.sections.some(({ fields }) => fields.some(({ id }) => id === 'measured'))) return {};
  const tested = form.sections.flatMap((section) =>
    section.fields.flatMap((field): [string, Answer][] => {
      const assessed = record.requirements.find(({ id }) => id === field.about);
      const runs = record.probes.filter(({ probe, state }) => assessed?.probes.includes(probe) && state === 'ran');
      return runs.length === 0 ? [] : [[answerKey(section, field), runs.map((run) => sayProbe(run, lang)).join('\n')]];
    }),
  );
  return Object.fromEntries(tested);
}

function sayProbe(run: ProbeRun, lang: Lang): string {
  return `${say(lang, `probe.${run.probe}`)}: ${say(lang, 'cli.assess.kept', countsOf(run))}`;
}

export function countsOf({ rates }: ProbeRun): { kept: number; tried: number } {
  const sum = (pick: 'kept' | 'tried') => rates.reduce((total, rate) => total + rate[pick], 0);
  return { kept: sum('kept'), tried: sum('tried') };
}

export function sayHazard({ code, subject, reproduce }: FoundHazard, lang: Lang): string {
  const seen = reproduce.find((step) => step.code === `seen.${code}`);
  return `${subject}: ${sayTrial({ code, params: seen?.params ?? {} }, lang)}`;
}

/** What breaks a rule that nobody has read is a warning, however bad it is. */
export function severityKey({ severity, verified }: FoundHazard): string {
  return verified ? `severity.${severity}` : 'cli.assess.warning';
}

export function nameIn(name: NameIn | AssessmentRecord['service']['name'] | null | undefined, lang: Lang): string[] {
  const words = name?.[lang] ?? name?.zh ?? name?.en;
  return words ? [words] : [];
}
