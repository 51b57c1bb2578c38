import type { FilingState } from '../../contract/filings.ts';
import { Problem } from '../../contract/problem.ts';

/**
 * docs/workflows/filing.md draws these. What was accepted may still be returned: an authority can order a supplement or a new assessment
 * after it looked again.
 */
const filingMoves = {
  filed: ['accepted', 'returned', 'withdrawn'],
  returned: ['filed', 'withdrawn'],
  accepted: ['returned', 'withdrawn'],
  withdrawn: [],
} as const satisfies Record<FilingState, readonly FilingState[]>;

export function refuseFilingMove(from: FilingState, to: FilingState): void {
  const allowed: readonly FilingState[] = filingMoves[from];
  if (allowed.includes(to)) return;
  throw new Problem('filing-move-not-allowed', `A filing that is ${from} cannot become ${to}.`, {
    status: 409,
    params: { from, to },
  });
}
