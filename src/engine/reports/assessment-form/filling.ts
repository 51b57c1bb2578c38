import type { AssessmentRecord } from '../../../contract/assessment.ts';
import type { Lang } from '../../../contract/lang.ts';
import type { RegisterDocument, ServiceDocument } from '../../../contract/register-document.ts';
import type { Requirement, Rulebook } from '../../../contract/rulebook.ts';

/** What a form is filled in from. */
export interface Filling {
  record: AssessmentRecord;
  /** The one whose form is filled in. */
  rulebook: Rulebook & { form: NonNullable<Rulebook['form']> };
  /** Of all rulebooks of the run, by id. */
  requirements: readonly Requirement[];
  /** Of the run. Where they are given, what concerns only other jurisdictions is left out: it is no business of this authority. */
  rulebooks?: readonly Pick<Rulebook, 'id' | 'jurisdiction'>[];
  /** Triggers that fired. */
  triggers: readonly string[];
  company: RegisterDocument['company'];
  service: ServiceDocument;
  lang: Lang;
}
