import type { Lang } from '../contract/lang.ts';
import { say } from '../contract/words.ts';
import type { DecisionFault } from '../engine/reports/statement-of-reasons/read-decisions.ts';
import { oneLine } from '../platform/one-line.ts';

/** `decisions.json: decisions[3].visibility.other (decision_visibility_other): required-with`, and below it what that means. */
export function sayFault(file: string, { code, path, field, params }: DecisionFault, lang: Lang): string {
  const place = path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${part}`))
    .join('');
  const name = field === null ? '' : ` (${field})`;
  const shown = Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, typeof value === 'string' ? oneLine(value) : value]),
  );
  const where = place === '' ? file : `${file}: ${place}${name}`;
  return `${oneLine(`${where}: ${code}`)}\n    ${say(lang, `statement.fault.${code}`, shown)}\n`;
}
