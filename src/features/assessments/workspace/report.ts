import type { AssessmentRecord, ProbeId, ProbeRun } from '../../../contract/assessment.ts';
import { assessmentRecordSchema } from '../../../contract/assessment.ts';
import type { Evidence } from '../../../contract/assessment-evidence.ts';
import type { Assessment, RequirementItem } from '../../../contract/assessments.ts';
import type { Company } from '../../../contract/company.ts';
import type { Hazard } from '../../../contract/hazards.ts';
import { type Lang, langs } from '../../../contract/lang.ts';
import { newFigureSchema, type Service, type ServiceFunction } from '../../../contract/register.ts';
import type { RegisterDocument, ServiceDocument } from '../../../contract/register-document.ts';
import type { Requirement, Rulebook } from '../../../contract/rulebook.ts';
import { sayTrial } from '../../../contract/trial-words.ts';
import { say } from '../../../contract/words.ts';
import { hazardKey } from '../../../engine/assessments/gone.ts';
import { contentHash } from '../../../engine/reports/assessment-form/content-hash.ts';
import { fillForm } from '../../../engine/reports/assessment-form/fill.ts';
import type { Filling } from '../../../engine/reports/assessment-form/filling.ts';
import type { FilledForm } from '../../../engine/reports/assessment-form/form.ts';
import { withSheets } from '../../../engine/reports/assessment-form/sheets.ts';
import type { SignedReport } from '../../../engine/reports/assessment-form/signature-page.ts';
import { fileNames } from '../../../engine/reports/oscal/file-names.ts';
import { oscalOf } from '../../../engine/reports/oscal/oscal.ts';
import type { NamedRulebook } from '../../rulebooks/rulebooks.ts';
import { sha256Of } from './read.ts';

/** All that a report is made of, read in one transaction. */
export interface ReportParts {
  assessment: Assessment;
  /** Of the runs that came to their end, oldest first, as they are kept. */
  records: readonly string[];
  service: Service;
  function: ServiceFunction | null;
  company: Company | null;
  rulebooks: readonly NamedRulebook[];
  now: Date;
}

export interface TextFile {
  name: string;
  mediaType: string;
  text: string;
}

/** A form to be drawn, and as what. */
export interface Sheet {
  name: string;
  kind: 'pdf' | 'docx' | 'svg';
  filled: FilledForm;
}

/** What the signature pages and `signatures.json` are made of; null while nobody signed the report that stands. */
export function signedReportOf({ assessment, rulebooks }: ReportParts, lang: Lang): SignedReport | null {
  const { id, service, function: own, report, signatories } = assessment;
  const standing = assessment.signatures.filter(({ voided }) => voided === null);
  if (!report || standing.length === 0) return null;
  const nameOf = ({ name, slug }: Assessment['service']) => name[lang] ?? name.zh ?? name.en ?? slug;
  return {
    ...{ lang, id },
    title: [service, own].flatMap((one) => (one ? [nameOf(one)] : [])).join(' · '),
    rulebooks: assessment.rulebooks.map(({ shortTitle }) => shortTitle),
    concludedAt: report.at,
    timeZone: rulebooks[0]?.rulebook.timeZone ?? 'UTC',
    reportSha256: report.sha256,
    files: report.files.map(({ name, sha256 }) => ({ name, sha256 })),
    signatures: standing.map(({ person, role, at, publicKey, signature }) => ({
      ...{ name: person.name, role, at, signature },
      fingerprint: sha256Of(Buffer.from(publicKey, 'base64url')),
    })),
    missing: signatories
      .filter(({ person }) => !standing.some((one) => one.person.id === person.id))
      .map(({ person, role }) => ({ name: person.name, role })),
  };
}

/** The report in the form of each rulebook that has one, or in a plain one; to be read in both languages, to be edited in the official one. */
export function sheetsOf(parts: ReportParts): Sheet[] {
  const record = wholeRecord(parts);
  return withSheets(parts.rulebooks).flatMap((named) => {
    const official = fillSheet(parts, { record, named, lang: officialLang(named.rulebook) });
    return langs.flatMap((lang): Sheet[] => {
      const name = `${named.rulebook.id}.${lang}`;
      if (lang === official.lang)
        return [
          { name: `${name}.pdf`, kind: 'pdf', filled: official },
          { name: `${name}.docx`, kind: 'docx', filled: official },
        ];
      const copy = { ...fillSheet(parts, { record, named, lang }), officialHash: contentHash(official) };
      return [{ name: `${name}.pdf`, kind: 'pdf', filled: copy }];
    });
  });
}

function officialLang({ jurisdiction }: Rulebook): Lang {
  return jurisdiction === 'cn' ? 'zh' : 'en';
}

/** The same for programs: everything that stands in it, and as OSCAL. */
export function textsOf(parts: ReportParts, lang: Lang): TextFile[] {
  const { assessment, company, service } = parts;
  const record = wholeRecord(parts);
  const whole = json('assessment.json', {
    schema: 'clearmirror.assessment-report/1',
    ...withoutFleeting(assessment),
    records: parts.records.map((text) => JSON.parse(text)),
  });
  const documents = oscalOf({
    record,
    recordSha256: sha256Of(whole.text),
    rulebooks: parts.rulebooks.map(({ rulebook }) => rulebook),
    company: companyDocument(company),
    service: serviceDocument(service, parts.function),
    probesAt: lastRuns(recordsOf(parts)).map(({ record: no, probe }) => `/records/${no}/probes/${probe}`),
    hazards: assessment.hazards,
    timeZone: parts.rulebooks[0]?.rulebook.timeZone ?? 'UTC',
    lang,
  });
  const names = fileNames(lang);
  const oscal = (['plan', 'results', 'poam'] as const).flatMap((part) =>
    documents[part] === null ? [] : [json(names[part], documents[part])],
  );
  return [whole, ...oscal];
}

function json(name: string, value: unknown): TextFile {
  return { name, mediaType: 'application/json', text: `${JSON.stringify(value, null, 2)}\n` };
}

/** What belongs to the moment or to whoever asks is no part of the report. */
function withoutFleeting(assessment: Assessment) {
  const { blocks: _b, moves: _m, report: _r, signatures: _s, running: _u, state: _t, ...rest } = assessment;
  return rest;
}

function recordsOf({ records }: ReportParts): AssessmentRecord[] {
  return records.map((text) => assessmentRecordSchema.parse(JSON.parse(text)));
}

/** Of each probe what it saw last, with the numbers of its record and of its run there. */
function lastRuns(records: readonly AssessmentRecord[]) {
  const last = new Map<ProbeId, { run: ProbeRun; record: number; probe: number }>();
  for (const [record, { probes }] of records.entries())
    for (const [probe, run] of probes.entries())
      if (run.state === 'ran' || !last.has(run.probe)) last.set(run.probe, { run, record, probe });
  return [...last.values()];
}

/** The runs together, with the answers of people. */
function wholeRecord(parts: ReportParts): AssessmentRecord {
  const { assessment, now } = parts;
  const parsed = recordsOf(parts);
  const last = parsed.at(-1);
  const { service, function: own } = assessment;
  return {
    schema: 'clearmirror.assessment/1',
    run: assessment.id,
    startedAt: assessment.createdAt,
    endedAt: now.toISOString(),
    service: { slug: service.slug, name: service.name },
    function: own && { slug: own.slug, name: own.name },
    rulebooks: assessment.rulebooks.map(({ id, version, shortTitle }) => ({ id, version, shortTitle })),
    requirements: assessment.requirements.map(asAssessed),
    probes: lastRuns(parsed).map(({ run }) => run),
    hazards: assessment.hazards.flatMap(asFound),
    samples: [...new Map(parsed.flatMap(({ samples }) => samples).map((one) => [one.sha256, one])).values()],
    requests: parsed.reduce((sum, { requests }) => sum + requests, 0),
    leftBehind: last?.leftBehind ?? [],
    isolation: last?.isolation ?? 'none',
    versions: last?.versions ?? { clearmirror: '' },
  };
}

function asAssessed(item: RequirementItem): AssessmentRecord['requirements'][number] {
  const { rulebook, id, clause, title, verified, provenance, method, result, tested } = item;
  const { probes, kept, lost, unclear } = tested ?? { probes: [], kept: 0, lost: 0, unclear: 0 };
  return {
    ...{ rulebook, id, clause, title, verified, provenance, method, result },
    ...{ reason: reasonOf(item), probes, kept, lost, unclear },
  };
}

function reasonOf({ reason, tested, answeredBy }: RequirementItem): AssessmentRecord['requirements'][number]['reason'] {
  if (answeredBy === 'person') return { code: 'person', params: { text: reason ?? '' } };
  if (!tested) return { code: 'unanswered', params: {} };
  const { code, kept, lost, unclear } = tested;
  return { code, params: { kept, lost, unclear, tried: kept + lost } };
}

/** Those that a probe found and nobody verified as gone. */
function asFound(hazard: Hazard): AssessmentRecord['hazards'] {
  const { seen, requirements, severity, verifiedRule, state } = hazard;
  if (!seen || state === 'verified') return [];
  const { probe, subject, code, lost, tried, reproduce } = seen;
  return [
    {
      id: hazardKey(seen),
      ...{ probe, subject, code, lost, tried, reproduce, severity },
      requirements: requirements.map(({ id }) => id),
      verified: verifiedRule,
    },
  ];
}

function fillSheet(
  { assessment, company, service, function: own, rulebooks }: ReportParts,
  { record, named, lang }: { record: AssessmentRecord; named: Pick<Filling, 'rulebook' | 'triggers'>; lang: Lang },
): FilledForm {
  const { rulebook, triggers } = named;
  const filling: Filling = {
    record,
    rulebook,
    requirements: rulebooks.flatMap(({ requirements }) => requirements),
    rulebooks: rulebooks.map((one) => one.rulebook),
    triggers,
    company: companyDocument(company),
    service: serviceDocument(service, own),
    lang,
  };
  const filled = fillForm(filling);
  const near = new Set(
    rulebooks.filter((one) => one.rulebook.jurisdiction === rulebook.jurisdiction).map((one) => one.rulebook.id),
  );
  const numbers = new Map(assessment.evidence.map(({ id, no }) => [id, no]));
  const texts = new Map(rulebooks.flatMap((one) => one.requirements).map((one) => [one.id, one]));
  return {
    ...filled,
    answers: { ...filled.answers, ...answersIn(assessment.answers, rulebook.id) },
    results: assessment.requirements
      .filter((item) => near.has(item.rulebook))
      .map((item) => ({
        requirement: asRequirement(item, texts.get(item.id)),
        result: item.result,
        reason: say(lang, `requirement-reason.${reasonOf(item).code}`, reasonOf(item).params),
        evidence: item.evidence.flatMap((id) => numbers.get(id) ?? []),
      })),
    evidence: assessment.evidence.filter(({ withdrawn }) => withdrawn === null).map((one) => describeEvidence(one)),
    hazards: assessment.hazards
      .filter(({ requirements }) => requirements.length === 0 || requirements.some((ref) => near.has(ref.rulebook)))
      .map((hazard) => describeHazard(hazard, lang)),
    conclusion: assessment.conclusion,
    signatories: assessment.signatories.map(({ person, role }) => ({ name: person.name, role })),
  };
}

/** As it was said when the assessment began. */
function asRequirement(item: RequirementItem, known: Requirement | undefined) {
  const { id, clause, title, text, verified } = item;
  return { ...known, id, clause, title, text, verified };
}

function answersIn(answers: Record<string, string>, rulebook: string): Record<string, string> {
  const own = Object.entries(answers).filter(([key]) => key.startsWith(`${rulebook}/`));
  return Object.fromEntries(own.map(([key, answer]) => [key.slice(rulebook.length + 1), answer]));
}

function inBoth(key: string) {
  return { zh: say('zh', key), en: say('en', key) };
}

function describeEvidence(one: Evidence): FilledForm['evidence'][number] {
  return {
    no: one.no,
    kind: inBoth(`evidence.${one.kind}`),
    title: one.title,
    observedAt: one.observedAt,
    receivedAt: one.receivedAt,
    validUntil: one.validUntil,
    sha256: one.sha256,
    source: one.url ?? one.file?.name ?? one.statement ?? one.screening ?? one.run?.id ?? '–',
  };
}

function describeHazard(hazard: Hazard, lang: Lang): FilledForm['hazards'][number] {
  const { no, severity, verifiedRule, state, dueOn, firstDueOn, seen, title, reproduce } = hazard;
  return {
    no,
    title: seen ? `${seen.subject}: ${sayTrial(seen, lang)}` : (title ?? ''),
    severity: verifiedRule ? inBoth(`severity.${severity}`) : inBoth('cli.assess.warning'),
    state: inBoth(`hazard.state.${state}`),
    due: firstDueOn,
    planned: hazard.plannedAt,
    extended: dueOn === firstDueOn ? null : dueOn,
    done: hazard.doneAt,
    verified: hazard.verifiedAt,
    reproduce: seen
      ? seen.reproduce.map((step) =>
          step.code.startsWith('seen.') ? sayTrial(seen, lang) : say(lang, `hazard.step.${step.code}`, step.params),
        )
      : reproduce,
  };
}

/** What the register keeps, as the document in which a company writes it. */
function serviceDocument(service: Service, own: ServiceFunction | null): ServiceDocument {
  const { slug, name, type, addresses, description, jurisdictions, features, facts, figures } = service;
  return {
    ...{ slug, name, type, addresses, description, jurisdictions, features, facts },
    figures: Object.entries(figures).map(([kind, figure]) => newFigureSchema.parse({ kind, ...figure })),
    functions: own
      ? [{ slug: own.slug, name: own.name, description: own.description, features: own.features, facts: own.facts }]
      : [],
  };
}

function companyDocument(company: Company | null): RegisterDocument['company'] {
  if (!company) return undefined;
  const { kind, name, uscc, placeOfRegistration, operationsPlace, contacts, licences } = company;
  return { kind, name, uscc, placeOfRegistration, operationsPlace, contacts, licences };
}
