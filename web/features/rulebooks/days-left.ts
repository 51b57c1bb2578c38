import type { Lang } from '../../../src/contract/lang.ts';
import type { By } from '../../../src/contract/question.ts';
import type { Say } from '../../words/words.ts';
import { addDays, daysBetween, sayDate } from './days.tsx';

/** The day on which something is due, if it has one. */
export function dueDay(by: By): string | null {
  if (by.kind === 'date') return by.date;
  if (by.kind === 'before-launch') return by.launch?.slice(0, 10) ?? null;
  if (by.kind === 'recurring') return by.next;
  return null;
}

/** How much time is left: working days where the clock counts those, else days. Null without a day. */
export function sayLeft(by: By, today: string, say: Say): { text: string; late: boolean } | null {
  const day = dueDay(by);
  if (day === null) return null;
  const days = daysBetween(today, day);
  if (by.kind === 'date' && by.overdue) return { text: say('filings.left.overdue', { count: -days }), late: true };
  if (days < 0) return { text: say('filings.left.past', { count: -days }), late: true };
  if (days === 0) return { text: say('filings.left.today'), late: true };
  const working = by.kind === 'date' && by.derivation?.unit === 'working-day';
  if (!working) return { text: say('filings.left.days', { count: days }), late: days <= 3 };
  const count = workingDays(today, day, by.derivation?.skipped.map(({ date }) => date) ?? []);
  return { text: say('filings.left.working-days', { count }), late: count <= 3 };
}

/** Overdue first, then by day; what has no day comes last. */
export function byUrgency(one: By, other: By): number {
  return (dueDay(one) ?? '9999').localeCompare(dueDay(other) ?? '9999');
}

export function dayTitle(by: By, lang: Lang): string {
  const day = dueDay(by);
  return day === null ? '' : sayDate(day, lang);
}

/** The days after today up to the last, without those that the clock leaves out. */
function workingDays(today: string, last: string, skipped: readonly string[]): number {
  const out = new Set(skipped);
  let count = 0;
  for (let day = addDays(today, 1); day <= last; day = addDays(day, 1)) if (!out.has(day)) count += 1;
  return count;
}
