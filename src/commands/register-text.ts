import type { Lang } from '../contract/lang.ts';
import type { FieldChange, PlanItem, RegisterPlan } from '../contract/register-document.ts';
import { say } from '../contract/words.ts';
import { oneLine } from '../platform/one-line.ts';

/** The plan as a person reads it before agreeing. */
export function sayPlan(plan: RegisterPlan, file: string, lang: Lang): string {
  if (plan.items.length === 0) return `${say(lang, 'cli.register.nothing', { file })}\n`;
  const lines = [
    ...plan.items.flatMap((item) => sayItem(item, lang)),
    say(lang, 'cli.register.summary', countActions(plan)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Dates and figures that are noted count as changes. */
export function countActions({ items }: RegisterPlan): { add: number; change: number; withdraw: number } {
  const count = (actions: PlanItem['action'][]) => items.filter(({ action }) => actions.includes(action)).length;
  return {
    add: count(['add']),
    change: count(['change', 'launch', 'new-version', 'note-figure']),
    withdraw: count(['withdraw']),
  };
}

const signs = {
  add: '+',
  change: '~',
  launch: '~',
  'new-version': '~',
  'note-figure': '~',
  withdraw: '−',
} as const satisfies Record<PlanItem['action'], string>;

function sayItem({ action, subject, changes }: PlanItem, lang: Lang): string[] {
  const params = { service: subject.service ?? '', function: subject.function ?? '' };
  const what = say(lang, `register.subject.${subject.type}`, params);
  const head = `${signs[action]} ${say(lang, `register.action.${action}`)} ${what}`;
  return [oneLine(head), ...changes.map((change) => oneLine(`    ${sayChange(change)}`))];
}

function sayChange({ field, before, after }: FieldChange): string {
  return before === null || before === undefined
    ? `${field}: ${sayValue(after)}`
    : `${field}: ${sayValue(before)} → ${sayValue(after)}`;
}

function sayValue(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
