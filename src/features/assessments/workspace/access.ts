import type { AssessmentState } from '../../../contract/assessment-parts.ts';
import { Problem } from '../../../contract/problem.ts';
import type { Caller } from '../../../platform/http/endpoint.ts';

/** Who may. Names of roles as `grantsOf` of the accounts gives them. */
export const readers = ['company'] as const;
/** Runs, evidence, hazards and how the service is reached: daily work of those who build it, too. */
export const workers = ['company.administrator', 'company.assessor', 'company.engineer'] as const;
/** What is answered, concluded, reopened and given up. */
export const assessors = ['company.administrator', 'company.assessor'] as const;
/** Named among the signatories besides. */
export const signers = ['company.signatory'] as const;
/** A signatory sends back what they do not sign, and says what was filed. */
export const movers = ['company.signatory', 'company.administrator', 'company.assessor'] as const;

export function refuseMover({ grants }: Caller, to: AssessmentState): void {
  const allowed: readonly string[] = to === 'assessing' || to === 'filed' ? movers : assessors;
  if (allowed.some((grant) => grants.has(grant))) return;
  throw new Problem('not-allowed', 'Your roles do not allow this.', { status: 403 });
}
