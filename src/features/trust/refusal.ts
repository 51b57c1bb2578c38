import { refusalsOf } from '../../platform/refusal.ts';

/** Why a list was not taken, and the exit code of each (docs/exit-codes.md). Nothing is changed by a refusal. */
export const trustProblems = {
  'trust-path-missing': 4,
  'trust-bad-id': 2,
  'trust-bad-source': 2,
  'trust-bad-settings': 2,
  'trust-exists': 5,
  'trust-unknown': 5,
  'trust-busy': 5,
  'trust-list-broken': 5,
  'trust-too-large': 5,
  'trust-private-key': 5,
  'trust-no-certificate': 5,
  'trust-foreign-block': 5,
  'trust-bad-certificate': 5,
  'trust-not-authority': 5,
  'trust-shrinks': 5,
  'trust-insecure-address': 5,
  'trust-wrong-host': 5,
  'trust-wrong-key': 5,
  'trust-wrong-content': 5,
  'trust-not-certified': 5,
  'trust-bad-answer': 5,
  'trust-cut-short': 5,
  'trust-too-slow': 5,
  'trust-unreachable': 5,
} as const;

export const refuse = refusalsOf('trust', trustProblems);
