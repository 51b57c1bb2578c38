import { DateTime } from 'luxon';
import type { FactName } from '../../contract/facts.ts';
import type { Derivation } from '../../contract/question.ts';
import type { Calendar, ClockUnit } from '../../contract/rulebook.ts';
import { lookUpDay } from './calendar.ts';

export interface Count {
  /** ISO day or moment. */
  start: string;
  startFact: FactName | null;
  length: number;
  unit: ClockUnit;
  timeZone: string;
  /** For working days; null counts Monday to Friday. */
  calendar: Calendar | null;
}

export interface Deadline {
  /** Last day in time, ISO, in the time zone of the clock. */
  date: string;
  /** Last moment in time, ISO with offset: the end of that day, or the exact moment for hours. */
  at: string;
  derivation: Derivation;
}

/**
 * When a period ends. The day of the event does not count; the period ends with the end of its last day. Months and years end on
 * the day of the same number, or on the last of a month that lacks it. Hours run from the moment itself. A period of days that
 * ends on a day of rest is not prolonged here: the earlier, careful reading.
 * Sources: Civil Code of the PRC Art. 201 and 202 (read in a public copy), Regulation (EEC, Euratom) No 1182/71 Art. 3 (from memory).
 * That the rulebooks themselves count so was not found in their texts: docs/rulebooks.md calls it unverified.
 */
export function countDeadline(count: Count): Deadline {
  const { start, startFact, length, unit, timeZone, calendar } = count;
  const from = DateTime.fromISO(start, { zone: timeZone });
  const base: Derivation = {
    startFact,
    start,
    length,
    unit,
    timeZone,
    firstCounted: unit === 'hour' ? null : isoDay(from.plus({ days: 1 })),
    startWasOnlyADay: unit === 'hour' && isOnlyADay(start),
    calendar: unit === 'working-day' ? (calendar?.id ?? null) : null,
    skipped: [],
    worked: [],
    projectedYears: [],
  };
  switch (unit) {
    case 'hour': {
      const end = from.plus({ hours: length });
      return { date: isoDay(end), at: isoMoment(end), derivation: base };
    }
    case 'day':
      return endOf(from.plus({ days: length }), base);
    case 'month':
      return endOf(from.plus({ months: length }), base);
    case 'year':
      return endOf(from.plus({ years: length }), base);
    case 'working-day':
      return countWorkingDays(from, base, calendar);
  }
}

/** The first of the days `start`, `start` + period, `start` + 2 periods … that is not before `today`. */
export function nextRecurrence(
  start: string,
  every: number,
  unit: 'day' | 'month' | 'year',
  timeZone: string,
  now: Date,
): string {
  const from = DateTime.fromISO(start, { zone: timeZone }).startOf('day');
  const today = DateTime.fromJSDate(now, { zone: timeZone }).startOf('day');
  const units = { day: 'days', month: 'months', year: 'years' } as const;
  const elapsed = today.diff(from, units[unit]).as(units[unit]);
  let rounds = Math.max(1, Math.floor(elapsed / every));
  while (from.plus({ [units[unit]]: rounds * every }) < today) rounds++;
  return isoDay(from.plus({ [units[unit]]: rounds * every }));
}

/** The ISO day of a day or moment in a time zone. */
export function dayInZone(start: string, timeZone: string): string {
  return isoDay(DateTime.fromISO(start, { zone: timeZone }));
}

/** The ISO day of an instant in a time zone. */
export function todayInZone(now: Date, timeZone: string): string {
  return isoDay(DateTime.fromJSDate(now, { zone: timeZone }));
}

/** The last moment of an ISO day. */
export function endOfDay(date: string, timeZone: string): string {
  return isoMoment(DateTime.fromISO(date, { zone: timeZone }).endOf('day'));
}

function countWorkingDays(from: DateTime, base: Derivation, calendar: Calendar | null): Deadline {
  const derivation: Derivation = { ...base, skipped: [], worked: [] };
  const projected = new Set<number>();
  let day = from.startOf('day');
  for (let left = base.length; left > 0; ) {
    day = day.plus({ days: 1 });
    const date = isoDay(day);
    const { isWorked, why, name, isProjected } = lookUpDay(calendar, date);
    if (isProjected) projected.add(day.year);
    if (isWorked) left--;
    if (isWorked && name) derivation.worked.push({ date, name });
    if (why) derivation.skipped.push({ date, why, name });
  }
  return endOf(day, { ...derivation, projectedYears: [...projected] });
}

function endOf(day: DateTime, derivation: Derivation): Deadline {
  return { date: isoDay(day), at: isoMoment(day.endOf('day')), derivation };
}

function isOnlyADay(text: string): boolean {
  return !text.includes('T');
}

function isoDay(time: DateTime): string {
  const text = time.toISODate();
  if (text === null) throw new Error(`not a date: ${time.invalidExplanation}`);
  return text;
}

function isoMoment(time: DateTime): string {
  const text = time.toISO({ suppressMilliseconds: true });
  if (text === null) throw new Error(`not a date: ${time.invalidExplanation}`);
  return text;
}
