import { DateTime } from 'luxon';
import type { Both, Calendar } from '../../contract/rulebook.ts';

export interface CalendarDay {
  isWorked: boolean;
  /** Why a day is not worked. */
  why: 'weekend' | 'holiday' | 'projected-holiday' | null;
  /** Of the holiday, or of the holiday for which a weekend day is worked. */
  name: Both | null;
  /** The calendar of this year is not published: this is the law's fixed days, or weekdays only. */
  isProjected: boolean;
}

/**
 * Whether a day is a working day: Monday to Friday without the holidays, and the weekend days that are worked in exchange.
 * `date` is an ISO day. A year that the calendar lacks is projected by weekdays alone.
 */
export function lookUpDay(calendar: Calendar | null, date: string): CalendarDay {
  const year = calendar?.years.find((candidate) => candidate.year === Number(date.slice(0, 4)));
  const isProjected = calendar !== null && year?.status !== 'published';
  const rest = year?.rest.find(({ from, to }) => from <= date && date <= to);
  if (rest)
    return { isWorked: false, why: isProjected ? 'projected-holiday' : 'holiday', name: rest.name, isProjected };
  const exchanged = year?.rest.find(({ workedInExchange }) => workedInExchange.includes(date));
  if (exchanged) return { isWorked: true, why: null, name: exchanged.name, isProjected };
  const isWeekend = DateTime.fromISO(date, { zone: 'utc' }).weekday > 5;
  return { isWorked: !isWeekend, why: isWeekend ? 'weekend' : null, name: null, isProjected };
}
