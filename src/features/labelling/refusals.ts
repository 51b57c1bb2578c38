import { Problem } from '../../contract/problem.ts';
import type { Say } from '../../contract/words.ts';
import { oneLine } from '../../platform/one-line.ts';

/**
 * A refusal to label one file, in the reader's language, with what to do next: the sentences `problem.<code>` and `next.<code>`.
 * Nothing was written when it is thrown. Parameters come from file names and files, and are made fit for one line of a terminal.
 */
export function refusal(
  say: Say,
  code: string,
  params: Record<string, string | number> = {},
  cause?: unknown,
): Problem {
  const safe = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]),
  );
  return new Problem(code, say(`problem.${code}`, safe), {
    next: say(`next.${code}`, safe),
    params: safe,
    ...(cause === undefined ? {} : { cause }),
  });
}
