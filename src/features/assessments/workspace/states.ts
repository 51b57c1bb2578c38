import type { AssessmentState } from '../../../contract/assessment-parts.ts';
import type { HazardState } from '../../../contract/hazards.ts';
import { Problem } from '../../../contract/problem.ts';

/**
 * docs/workflows/assessment.md draws these. `signed` comes by itself with the last signature; back to `assessing` from there voids all of
 * them. What was filed stays as it was filed: a re-assessment begins from it.
 */
export const assessmentMoves = {
  draft: ['assessing', 'abandoned'],
  assessing: ['rectifying', 'concluding', 'abandoned'],
  rectifying: ['assessing', 'concluding', 'abandoned'],
  concluding: ['assessing', 'signed', 'abandoned'],
  signed: ['assessing', 'filed', 'abandoned'],
  filed: [],
  abandoned: [],
} as const satisfies Record<AssessmentState, readonly AssessmentState[]>;

/** What a person may choose; `signed` is nobody's choice. */
export function movesFrom(state: AssessmentState): AssessmentState[] {
  return assessmentMoves[state].filter((to) => to !== 'signed');
}

export function refuseAssessmentMove(from: AssessmentState, to: AssessmentState): void {
  const allowed: readonly AssessmentState[] = assessmentMoves[from];
  if (allowed.includes(to)) return;
  throw new Problem('assessment-move-not-allowed', `An assessment that is ${from} cannot become ${to}.`, {
    status: 409,
    params: { from, to },
  });
}

const workable: readonly AssessmentState[] = ['draft', 'assessing', 'rectifying'];

export function isWorkable(state: AssessmentState): boolean {
  return workable.includes(state);
}

/** Nothing changes under a report that somebody reads to sign it. */
export function refuseUnworkable(state: AssessmentState): void {
  if (isWorkable(state)) return;
  const code = state === 'filed' || state === 'abandoned' ? 'assessment-closed' : 'assessment-concluded';
  throw new Problem(code, `An assessment that is ${state} is not changed.`, { status: 409, params: { state } });
}

/** `verified → open`: a later run saw it again. */
export const hazardMoves = {
  open: ['planned', 'verified'],
  planned: ['planned', 'done', 'open', 'verified'],
  done: ['open', 'verified'],
  verified: ['open'],
} as const satisfies Record<HazardState, readonly HazardState[]>;

export function refuseHazardMove(from: HazardState, to: HazardState): void {
  const allowed: readonly HazardState[] = hazardMoves[from];
  if (allowed.includes(to)) return;
  throw new Problem('hazard-move-not-allowed', `A hazard that is ${from} cannot become ${to}.`, {
    status: 409,
    params: { from, to },
  });
}
