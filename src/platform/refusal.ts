import type { Lang } from '../contract/lang.ts';
import { Problem } from '../contract/problem.ts';
import { say } from '../contract/words.ts';
import { oneLine } from './one-line.ts';

export type Refuse<Code extends string> = (lang: Lang, code: Code, params?: Params, cause?: unknown) => Problem;

/**
 * Makes the Problems of one area in the person's language: what was wrong (`cli.<area>.problem.<code>`) and what to do
 * (`cli.<area>.next.<code>`). `exitCodes` lists its codes, each with the exit code of the command.
 */
export function refusalsOf<Code extends string>(area: string, exitCodes: Record<Code, number>): Refuse<Code> {
  return (lang, code, params = {}, cause) => {
    const safe = onOneLine(params);
    return new Problem(code, say(lang, `cli.${area}.problem.${code}`, safe), {
      next: say(lang, `cli.${area}.next.${code}`, safe),
      exitCode: exitCodes[code],
      cause,
    });
  };
}

type Params = Record<string, string | number>;

/**
 * The same for what is answered over HTTP (`problem.<code>`, `next.<code>`): the answer says it in its reader's language. `statuses` lists
 * the codes, each with the status of the answer.
 */
export function httpRefusalsOf<Code extends string>(statuses: Record<Code, number>) {
  return (code: Code, params: Params = {}, cause?: unknown): Problem => {
    const safe = onOneLine(params);
    return new Problem(code, say('en', `problem.${code}`, safe), {
      next: say('en', `next.${code}`, safe),
      status: statuses[code],
      params: safe,
      cause,
    });
  };
}

function onOneLine(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]),
  );
}
