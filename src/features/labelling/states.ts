import type { LabellingState } from '../../contract/labellings.ts';

/**
 * docs/workflows/labelling.md draws these. `working → working`: the process died, and the job runs again. What was refused stays so:
 * the same plan over the same bytes gives the same; another plan is another labelling.
 */
export const labellingMoves = {
  queued: ['working'],
  working: ['working', 'done', 'refused', 'failed'],
  done: [],
  refused: [],
  failed: ['queued'],
} as const satisfies Record<LabellingState, readonly LabellingState[]>;

/** The states from which one may come to that one. */
export function statesBefore(to: LabellingState): LabellingState[] {
  const moves: Record<LabellingState, readonly LabellingState[]> = labellingMoves;
  return states.filter((from) => moves[from].includes(to));
}

const states: readonly LabellingState[] = ['queued', 'working', 'done', 'refused', 'failed'];
