import { type FactName, type Facts, isFactName } from '../../contract/facts.ts';
import type { By } from '../../contract/question.ts';
import type { Calendar, ClockRule, Rulebook } from '../../contract/rulebook.ts';
import { countDeadline, endOfDay, nextRecurrence } from './clocks.ts';
import { dayOf } from './facts.ts';

interface Moment {
  facts: Facts;
  calendars: ReadonlyMap<string, Calendar>;
  now: Date;
}

/** By when something is due: what the clock says about these facts. */
export function byWhen(rule: ClockRule, rulebook: Rulebook, { facts, calendars, now }: Moment): By {
  const { timeZone } = rulebook;
  const calendar = rulebook.calendar === null ? null : (calendars.get(rulebook.calendar) ?? null);
  if ('before' in rule) return { kind: 'before-launch', launch: dayOf(facts, 'plannedAt') };
  if ('during' in rule) return { kind: 'standing', from: dayOf(facts, 'plannedAt') };
  if ('afterFiling' in rule)
    throw new Error(`${rulebook.id}: a clock within a filing starts with the filing, not with a fact`);
  if ('on' in rule) {
    const at = endOfDay(rule.on, timeZone);
    return { kind: 'date', date: rule.on, at, projected: false, overdue: isPast(at, now), derivation: null };
  }
  if ('without' in rule) return { kind: 'without-delay', since: firstKnown(rule.since, facts)?.day ?? null };
  if ('every' in rule) {
    const since = firstKnown(rule.since, facts);
    const next = since && nextRecurrence(since.day, rule.every, rule.unit, timeZone, now);
    return { kind: 'recurring', every: rule.every, unit: rule.unit, next };
  }
  const start = firstKnown(rule.after, facts);
  const { length, unit } = rule;
  if (!start) return { kind: 'start-unknown', waitsFor: rule.after.filter(isFactName), length, unit };
  const counted = countDeadline({ start: start.day, startFact: start.fact, length, unit, timeZone, calendar });
  const projected = counted.derivation.projectedYears.length > 0;
  return { kind: 'date', ...counted, projected, overdue: isPast(counted.at, now) };
}

function firstKnown(names: string[], facts: Facts): { fact: FactName; day: string } | null {
  for (const fact of names.filter(isFactName)) {
    const day = dayOf(facts, fact);
    if (day !== null) return { fact, day };
  }
  return null;
}

function isPast(at: string, now: Date): boolean {
  return Date.parse(at) < now.getTime();
}
