import type { z } from 'zod';
import type { requirementResults } from '../../../contract/assessment.ts';
import type { Lang } from '../../../contract/lang.ts';
import type { Both, formFieldSchema, formSchema, Rulebook } from '../../../contract/rulebook.ts';

export type Form = z.infer<typeof formSchema>;
export type FormSection = Form['sections'][number];
export type FormField = z.infer<typeof formFieldSchema>;

/** What a field of kind `table` holds. The form names the field, whoever fills it in names the columns. */
export interface TableAnswer {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

/** Text, ids of chosen options, a table, or nothing yet. */
export type Answer = string | readonly string[] | TableAnswer | null;

export type ResultCode = (typeof requirementResults)[number];

export interface RequirementResult {
  requirement: Pick<Rulebook['requirements'][number], 'id' | 'clause' | 'title' | 'text' | 'verified'>;
  result: ResultCode;
  reason: string | null;
  /** Numbers of the evidence that carries the result. */
  evidence: readonly number[];
}

export interface Evidence {
  no: number;
  /** Named by the caller, whose vocabulary it is. */
  kind: Both;
  title: string;
  /** ISO 8601 with an offset. */
  observedAt: string;
  receivedAt: string;
  validUntil: string | null;
  sha256: string | null;
  source: string;
}

/** A share with its 95 % Wilson interval, all of them 0…1. */
export interface SubjectRate {
  subject: string;
  kept: number;
  tried: number;
  low: number;
  high: number;
}

export interface ProbeRun {
  id: string;
  title: string;
  requirementIds: readonly string[];
  /** Samples that were published, and how many of them came through. */
  tried: number;
  kept: number;
  /** Share 0…1 with its 95 % Wilson interval; null when nothing was tried. */
  rate: number | null;
  interval: { low: number; high: number } | null;
  /** The same for each thing that was looked at, worst first. */
  rates?: readonly SubjectRate[];
  failing: readonly { sample: string; what: string }[];
}

export interface Hazard {
  no: number;
  title: string;
  severity: Both;
  state: Both;
  due: string | null;
  /** The other days of its rectification item: days or moments of ISO 8601. Null or left out: not known, not yet. */
  planned?: string | null;
  extended?: string | null;
  done?: string | null;
  verified?: string | null;
  /** One step an entry. */
  reproduce: readonly string[];
}

/** Whether they signed stands on the signature page: these pages are fixed before. */
export interface Signatory {
  name: string;
  role: string;
}

/** A security assessment as it goes into the authority's form. */
export interface FilledForm {
  form: Form;
  lang: Lang;
  /** The language in which it counts; Chinese where nothing is said. In the other one it is a reading copy with the names in both. */
  official?: Lang;
  /** Content hash of the official edition, which says the same in the other language. Left out: the report carries its own. */
  officialHash?: string;
  /** What was assessed, in one line. */
  title: string;
  document: {
    id: string;
    createdAt: string;
    /** IANA name. Every time in the report is told in it. */
    timeZone: string;
    rulebook: Pick<Rulebook, 'id' | 'version' | 'shortTitle'>;
  };
  /** By `answerKey`. */
  answers: Readonly<Record<string, Answer>>;
  results: readonly RequirementResult[];
  evidence: readonly Evidence[];
  probes: readonly ProbeRun[];
  hazards: readonly Hazard[];
  conclusion: string | null;
  signatories: readonly Signatory[];
}

export function officialOf({ official = 'zh' }: Pick<FilledForm, 'official'>): Lang {
  return official;
}

/** Field ids are unique within their section only: organisation and person both have a `name`. */
export function answerKey(section: Pick<FormSection, 'id'>, field: Pick<FormField, 'id'>): string {
  return `${section.id}.${field.id}`;
}

export function isTable(answer: Answer): answer is TableAnswer {
  return answer !== null && typeof answer === 'object' && 'columns' in answer;
}

export function isEmpty(answer: Answer): boolean {
  if (answer === null) return true;
  if (typeof answer === 'string') return answer.trim() === '';
  return isTable(answer) ? answer.rows.length === 0 : answer.length === 0;
}
