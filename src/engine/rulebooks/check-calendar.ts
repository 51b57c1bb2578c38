import { DateTime, IANAZone } from 'luxon';
import type { Calendar } from '../../contract/rulebook.ts';
import { checkTexts } from './check-texts.ts';
import { collect, type Mistake } from './mistakes.ts';

/** What is wrong with a calendar: days outside their year, overlaps, days worked in exchange that are not weekend days. */
export function checkCalendar(calendar: Calendar): Mistake[] {
  return collect((report) => {
    if (!IANAZone.isValidZone(calendar.timeZone))
      report('unknown-time-zone', ['timeZone'], { timeZone: calendar.timeZone });
    checkTexts(calendar, [], report);
    for (const [index, { year, rest }] of calendar.years.entries()) {
      const path = ['years', index];
      if (calendar.years.findIndex((other) => other.year === year) !== index)
        report('calendar-year-twice', path, { year });
      for (const [place, { from, to, workedInExchange }] of rest.entries()) {
        const at = [...path, 'rest', place];
        if (to < from) report('dates-reversed', [...at, 'to'], { from, to });
        for (const date of [from, to, ...workedInExchange]) {
          if (!date.startsWith(`${year}-`)) report('calendar-year', at, { date, year });
        }
        const overlap = rest.find((other, before) => before < place && other.from <= to && from <= other.to);
        if (overlap) report('calendar-overlap', at, { from, to });
        for (const date of workedInExchange) {
          const isRest = rest.some((other) => other.from <= date && date <= other.to);
          if (isRest || DateTime.fromISO(date, { zone: 'utc' }).weekday <= 5)
            report('calendar-not-weekend', at, { date });
        }
      }
    }
  });
}
