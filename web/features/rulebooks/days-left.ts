import type { Lang } from '../../../src/contract/lang.ts';
import type { By } from '../../../src/contract/question.ts';
import type { Say } from '../../words/words.ts';
import { addDays, daysBetween, sayDate } from './days.tsx';
import { sayBy } from './say.ts';

/** The day on which something is due, if it has one. */
export function dueDay(by: By): string | null {
  if (by.kind === 'date') return by.date;
  if (by.kind === 'before-launch') return by.launch?.slice(0, 10) ?? null;
  if (by.kind === 'recurring') return by.next;
  return null;
}

/** How much time is left: working days while a clock counts those, else days. Null without a day. */
export function sayLeft(by: By, today: string, say: Say): { text: string; late: boolean } | null {
  const day = dueDay(by);
  if (day === null) return null;
  const days = daysBetween(today, day);
  if (by.kind === 'date' && by.overdue) return { text: say('filings.left.overdue', { count: -days }), late: true };
  if (days < 0) return { text: say('filings.left.past', { count: -days }), late: true };
  if (days === 0) return { text: say('filings.left.today'), late: true };
  const count = by.kind === 'date' ? workingDays(by, today) : null;
  if (count !== null) return { text: say('filings.left.working-days', { count }), late: count <= 3 };
  return { text: say('filings.left.days', { count: days }), late: days <= 3 };
}

/** The day itself, with what it is: "before the launch on Sun 20 Dec 2026". */
export function sayDue(by: By, say: Say, lang: Lang): string {
  if (by.kind === 'date')
    return by.projected ? say('filings.projected', { date: sayDate(by.date, lang) }) : sayDate(by.date, lang);
  if (by.kind === 'before-launch' && by.launch !== null) {
    return say('filings.before-launch', { date: sayDate(by.launch, lang) });
  }
  return sayBy(by, say, lang);
}

/** Overdue first, then by day; what has no day comes last. */
export function byUrgency(one: By, other: By): number {
  return (dueDay(one) ?? '9999').localeCompare(dueDay(other) ?? '9999');
}

/** What is left of a period of working days that runs already. Before it runs, nobody has looked up which days are worked. */
function workingDays(by: Extract<By, { kind: 'date' }>, today: string): number | null {
  const { derivation, date } = by;
  if (derivation?.unit !== 'working-day' || derivation.firstCounted === null) return null;
  if (derivation.firstCounted > addDays(today, 1)) return null;
  const out = new Set(derivation.skipped.map((day) => day.date));
  let count = 0;
  for (let day = addDays(today, 1); day <= date; day = addDays(day, 1)) if (!out.has(day)) count += 1;
  return count;
}
