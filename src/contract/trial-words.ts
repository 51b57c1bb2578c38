import type { Trial } from './assessment.ts';
import type { Lang } from './lang.ts';
import { say } from './words.ts';

/** One sentence on what was seen. */
export function sayTrial({ code, params }: Pick<Trial, 'code' | 'params'>, lang: Lang): string {
  if (code.startsWith('explicit-')) {
    const figure = params['figure'] ? ` (${params['figure']})` : '';
    return `${say(lang, `check.${code.slice('explicit-'.length)}`)}${figure}`;
  }
  const signs = Object.fromEntries(
    ['due', 'told'].flatMap((name) => (params[name] ? [[name, say(lang, `public-sign.${params[name]}`)]] : [])),
  );
  return say(lang, `trial.${code}`, { ...params, ...signs });
}
