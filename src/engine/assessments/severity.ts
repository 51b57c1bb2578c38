import type { Severity } from '../../contract/assessment.ts';

/** How bad it is for the public when the safeguard fails once. */
export type Impact = 'misleads' | 'hinders' | 'weakens';

/** How often it failed, of what was tried. */
const often = [
  { from: 0.5, frequency: 'usual' },
  { from: 0.1, frequency: 'frequent' },
  { from: 0, frequency: 'occasional' },
] as const;

/**
 * The matrix of docs/workflows/assessment.md. `misleads`: people take for genuine, or for synthetic, what is not. `hinders`: people or
 * the authority cannot act. `weakens`: another safeguard stands on less.
 */
const matrix = {
  misleads: { usual: 'critical', frequent: 'high', occasional: 'high' },
  hinders: { usual: 'high', frequent: 'high', occasional: 'moderate' },
  weakens: { usual: 'moderate', frequent: 'moderate', occasional: 'low' },
} as const satisfies Record<Impact, Record<(typeof often)[number]['frequency'], Severity>>;

export function severityOf(impact: Impact, lost: number, tried: number): Severity {
  const share = tried === 0 ? 1 : lost / tried;
  const { frequency } = often.find(({ from }) => share >= from) ?? often[2];
  return matrix[impact][frequency];
}

/** The same, where a person says how often. */
export function severityIn(impact: Impact, frequency: (typeof often)[number]['frequency']): Severity {
  return matrix[impact][frequency];
}
