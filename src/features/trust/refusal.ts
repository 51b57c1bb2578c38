import { Problem } from '../../contract/problem.ts';
import { say } from '../../contract/words.ts';

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
} as const satisfies Record<string, 2 | 4 | 5>;
export type TrustProblem = keyof typeof trustProblems;

export type Lang = 'en' | 'zh';

/** A Problem in the person's language: what was wrong, and what to do. */
export function refuse(
  lang: Lang,
  code: TrustProblem,
  params: Record<string, string | number> = {},
  cause?: unknown,
): Problem {
  const safe = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]),
  );
  return new Problem(code, say(lang, `cli.trust.problem.${code}`, safe), {
    next: say(lang, `cli.trust.next.${code}`, safe),
    cause,
  });
}

/** Foreign text for a terminal: one line, no control or direction characters, at most 300 characters. */
export function oneLine(text: string): string {
  return text
    .slice(0, 300)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
