import { refusalsOf } from '../../platform/refusal.ts';

/** Why rulebooks or facts were not taken, and the exit code of each (docs/exit-codes.md). */
const rulebookProblems = {
  'rulebook-folder-missing': 4,
  'rulebook-broken': 5,
  'facts-missing': 4,
  'facts-broken': 2,
  'facts-bad-time': 2,
  'rulebook-unknown': 2,
} as const;

export const refuse = refusalsOf('rulebook', rulebookProblems);
