import { Problem, type ProblemOptions } from '../../contract/problem.ts';
import type { Say } from '../../contract/words.ts';

/**
 * A refusal to label one file, in the reader's language, with what to do next. The sentences are `problem.<code>` and `next.<code>`.
 * Nothing was written when it is thrown.
 */
export function refusal(say: Say, code: string, params: ProblemOptions['params'] = {}, cause?: unknown): Problem {
  return new Problem(code, say(`problem.${code}`, params), {
    next: say(`next.${code}`, params),
    params,
    ...(cause === undefined ? {} : { cause }),
  });
}
