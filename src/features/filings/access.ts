import type { FilingState } from '../../contract/filings.ts';
import { Problem } from '../../contract/problem.ts';
import type { Caller } from '../../platform/http/endpoint.ts';

export const readers = ['company'] as const;
/** What opens the gate is said by those who sign for the company. */
export const recorders = ['company.signatory', 'company.administrator'] as const;
/** May record at least one of the moves, and hand in a copy. */
export const movers = [...recorders, 'company.assessor'] as const;

/** A return shuts the gate: whoever learns of it may record it. */
export function refuseMover({ grants }: Caller, to: FilingState): void {
  const allowed: readonly string[] = to === 'returned' ? movers : recorders;
  if (allowed.some((grant) => grants.has(grant))) return;
  throw new Problem('not-allowed', 'Your roles do not allow this.', { status: 403 });
}
