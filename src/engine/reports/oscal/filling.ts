import type { AssessedRequirement, AssessmentRecord } from '../../../contract/assessment.ts';
import type { Hazard } from '../../../contract/hazards.ts';
import type { Lang } from '../../../contract/lang.ts';
import type { RegisterDocument, ServiceDocument } from '../../../contract/register-document.ts';
import type { Requirement, Rulebook } from '../../../contract/rulebook.ts';

/** What the documents are made of: the record, and what it does not say itself. */
export interface Filling {
  record: AssessmentRecord;
  /** SHA-256 of `assessment.json` as it lies beside the documents, in hex. */
  recordSha256: string;
  /** JSON pointers into `assessment.json` to the runs of probes, in the record's order; absent where it is the record itself. */
  probesAt?: readonly string[];
  /** All of the workspace, with their rectification; absent in a run without one. */
  hazards?: readonly Hazard[];
  /** Whose days the deadlines end with, for instance `Asia/Shanghai`. */
  timeZone: string;
  /** Those of the run. */
  rulebooks: readonly Rulebook[];
  company: RegisterDocument['company'];
  service: ServiceDocument;
  /** Of the prose. UUIDs, identifiers and values are the same in both. */
  lang: Lang;
}

/** The requirement as its rulebook has it: its text, and where it was found. */
export function requirementOf({ rulebooks }: Filling, assessed: AssessedRequirement): Requirement | null {
  const rulebook = rulebooks.find(({ id }) => id === assessed.rulebook);
  return rulebook?.requirements.find(({ id }) => id === assessed.id) ?? null;
}

/** A name in the language of the documents, or else in the one that there is. */
export function nameIn(name: { zh?: string | null; en?: string | null } | null | undefined, lang: Lang): string | null {
  return name?.[lang] ?? name?.zh ?? name?.en ?? null;
}
