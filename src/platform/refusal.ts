import type { Lang } from '../contract/lang.ts';
import { Problem } from '../contract/problem.ts';
import { say } from '../contract/words.ts';
import { oneLine } from './one-line.ts';

export type Refuse<Code extends string> = (
  lang: Lang,
  code: Code,
  params?: Record<string, string | number>,
  cause?: unknown,
) => Problem;

/**
 * Makes the Problems of one area in the person's language: what was wrong (`cli.<area>.problem.<code>`) and what to do
 * (`cli.<area>.next.<code>`). `exitCodes` lists its codes, each with the exit code of the command.
 */
export function refusalsOf<Code extends string>(area: string, exitCodes: Record<Code, number>): Refuse<Code> {
  return (lang, code, params = {}, cause) => {
    const safe = Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]),
    );
    return new Problem(code, say(lang, `cli.${area}.problem.${code}`, safe), {
      next: say(lang, `cli.${area}.next.${code}`, safe),
      exitCode: exitCodes[code],
      cause,
    });
  };
}
