import { readFileSync } from 'node:fs';
import chineseDays from 'chinese-days';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Calendar, type ClockUnit, calendarSchema } from '../../contract/rulebook.ts';
import { lookUpDay } from './calendar.ts';
import { countDeadline, nextRecurrence } from './clocks.ts';

const cn: Calendar = calendarSchema.parse(parse(readFileSync('rulebooks/calendars/cn.yaml', 'utf8')));
const shanghai = 'Asia/Shanghai';

function count(start: string, length: number, unit: ClockUnit, timeZone = shanghai, calendar: Calendar | null = cn) {
  return countDeadline({ start, startFact: null, length, unit, timeZone, calendar });
}

describe('working days in China', () => {
  // Counted by hand on the calendars that the State Council announced for 2025 and 2026. The day of the event does not count.
  const table: [start: string, days: number, end: string, why: string][] = [
    ['2026-03-02', 5, '2026-03-09', 'a plain week'],
    ['2026-03-06', 1, '2026-03-09', 'Friday, then a weekend'],
    ['2025-01-24', 1, '2025-01-26', 'Sunday 26 January 2025 is worked for the Spring Festival'],
    ['2025-01-24', 2, '2025-01-27', 'and Monday after it, the last before the festival'],
    ['2025-01-24', 3, '2025-02-05', 'the festival itself, 28 January to 4 February, does not count'],
    ['2025-01-24', 6, '2025-02-08', 'Saturday 8 February is worked too'],
    ['2025-09-22', 30, '2025-11-07', '30 working days over National Day 2025 (CN18-F3)'],
    ['2025-09-26', 1, '2025-09-28', 'Sunday 28 September 2025 is worked'],
    ['2025-09-30', 1, '2025-10-09', 'National Day and Mid-autumn Festival, 1 to 8 October 2025'],
    ['2025-09-30', 3, '2025-10-11', 'Saturday 11 October 2025 is worked'],
    ['2025-12-31', 1, '2026-01-04', 'New Year 1 to 3 January 2026; Sunday the 4th is worked'],
    ['2026-02-13', 1, '2026-02-14', 'Saturday 14 February 2026 is worked'],
    ['2026-02-13', 2, '2026-02-24', 'Spring Festival 15 to 23 February 2026'],
    ['2026-02-13', 6, '2026-02-28', 'Saturday 28 February 2026 is worked'],
    ['2026-01-15', 30, '2026-03-04', '30 working days over the Spring Festival 2026 (CN18-F3)'],
    ['2026-09-18', 1, '2026-09-20', 'Sunday 20 September 2026 is worked'],
    ['2026-09-24', 1, '2026-09-28', 'Mid-autumn Festival 25 to 27 September 2026'],
    ['2026-09-30', 1, '2026-10-08', 'National Day 1 to 7 October 2026'],
    ['2026-09-30', 3, '2026-10-10', 'Saturday 10 October 2026 is worked'],
    ['2026-09-25', 10, '2026-10-15', 'a start on a holiday counts from the next working day (CNALG-3)'],
    ['2026-09-25', 20, '2026-10-29', '20 working days (CNALG-4)'],
  ];
  test.each(table)('%s + %i working days = %s: %s', (start, days, end) => {
    const { date, at, derivation } = count(start, days, 'working-day');
    expect({ date, at, projectedYears: derivation.projectedYears }).toEqual({
      date: end,
      at: `${end}T23:59:59.999+08:00`,
      projectedYears: [],
    });
  });

  test('the derivation lists each day that was skipped and each weekend day that was worked', () => {
    const { derivation } = count('2026-09-30', 3, 'working-day');
    expect(derivation.firstCounted).toBe('2026-10-01');
    expect(derivation.skipped.map(({ date, why, name }) => `${date} ${why} ${name?.zh ?? ''}`.trim())).toEqual([
      ...['01', '02', '03', '04', '05', '06', '07'].map((day) => `2026-10-${day} holiday 国庆节`),
    ]);
    expect(derivation.worked).toEqual([{ date: '2026-10-10', name: { zh: '国庆节', en: 'National Day' } }]);
  });

  test('a moment counts from its day in Shanghai', () => {
    expect(count('2026-03-02T15:59:00Z', 1, 'working-day').date).toBe('2026-03-03');
    expect(count('2026-03-02T16:00:00Z', 1, 'working-day').date).toBe('2026-03-04');
  });

  test('a year that is not announced is projected by the days that the law fixes', () => {
    const { date, derivation } = count('2026-12-21', 10, 'working-day');
    expect(derivation.projectedYears).toEqual([2027]);
    // 22–25, 28–31 December 2026, then 1 January 2027 rests by law, 2 and 3 are a weekend, 4 and 5 count.
    expect(date).toBe('2027-01-05');
    expect(derivation.skipped.filter(({ why }) => why === 'projected-holiday')).toEqual([
      { date: '2027-01-01', why: 'projected-holiday', name: { zh: '元旦', en: "New Year's Day" } },
    ]);
    expect(count('2026-12-21', 8, 'working-day').derivation.projectedYears).toEqual([]);
  });

  test('a year that the calendar lacks is projected by weekdays alone', () => {
    const { date, derivation } = count('2031-09-29', 5, 'working-day');
    expect({ date, projected: derivation.projectedYears }).toEqual({ date: '2031-10-06', projected: [2031] });
  });

  test('every announced day is as the library chinese-days has it', () => {
    for (const { year } of cn.years.filter(({ status }) => status === 'published')) {
      for (let day = DateTime.utc(year, 1, 1); day.year === year; day = day.plus({ days: 1 })) {
        const date = day.toISODate() ?? '';
        expect([date, lookUpDay(cn, date).isWorked]).toEqual([date, chineseDays.isWorkday(date)]);
      }
    }
  });

  test('counting n days and looking at the calendar agree', () => {
    const start = fc.date({ min: new Date('2021-01-01'), max: new Date('2028-06-30'), noInvalidDate: true });
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 60 }), (from, length) => {
        const first = from.toISOString().slice(0, 10);
        const { date } = count(first, length, 'working-day');
        let worked = 0;
        for (let day = DateTime.fromISO(first); (day.toISODate() ?? '') < date; ) {
          day = day.plus({ days: 1 });
          if (lookUpDay(cn, day.toISODate() ?? '').isWorked) worked++;
        }
        expect([worked, lookUpDay(cn, date).isWorked]).toEqual([length, true]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('other units', () => {
  const table: [start: string, length: number, unit: ClockUnit, zone: string, at: string, why: string][] = [
    ['2026-01-31', 1, 'month', shanghai, '2026-02-28T23:59:59.999+08:00', 'a month without that day ends on its last'],
    ['2024-01-31', 1, 'month', shanghai, '2024-02-29T23:59:59.999+08:00', 'in a leap year'],
    ['2026-08-31', 6, 'month', 'Europe/Brussels', '2027-02-28T23:59:59.999+01:00', 'EUDSA-7'],
    [
      '2026-03-15',
      4,
      'month',
      'Europe/Brussels',
      '2026-07-15T23:59:59.999+02:00',
      'EUDSA-C0, over the change to summer time',
    ],
    ['2024-02-29', 1, 'year', 'Europe/London', '2025-02-28T23:59:59.999+00:00', 'a leap day'],
    ['2026-12-28', 7, 'day', 'Asia/Kolkata', '2027-01-04T23:59:59.999+05:30', 'IN-4, acknowledgement in 7 days'],
    ['2026-06-01T10:30:00+05:30', 3, 'hour', 'Asia/Kolkata', '2026-06-01T13:30:00+05:30', 'IN-4, order'],
    ['2026-06-01T23:30:00+05:30', 2, 'hour', 'Asia/Kolkata', '2026-06-02T01:30:00+05:30', 'IN-4, over midnight'],
    ['2026-06-01T10:00:00Z', 48, 'hour', 'America/New_York', '2026-06-03T06:00:00-04:00', 'USTID-3'],
    [
      '2026-10-31T12:00:00Z',
      48,
      'hour',
      'America/New_York',
      '2026-11-02T07:00:00-05:00',
      'USTID-3 over the change of clocks: 48 real hours',
    ],
    ['2026-06-01', 96, 'hour', 'America/Los_Angeles', '2026-06-05T00:00:00-07:00', 'USCA-5, only the day is known'],
  ];
  test.each(table)('%s + %i %s in %s = %s: %s', (start, length, unit, zone, at) => {
    expect(count(start, length, unit, zone, null).at).toBe(at);
  });

  test('hours from a bare day say that they begin with its first moment', () => {
    expect(count('2026-06-01', 48, 'hour').derivation.startWasOnlyADay).toBe(true);
    expect(count('2026-06-01T00:00:00+08:00', 48, 'hour').derivation.startWasOnlyADay).toBe(false);
  });

  const recurring: [start: string, every: number, unit: 'day' | 'month' | 'year', now: string, next: string][] = [
    ['2025-03-16', 1, 'year', '2026-11-22', '2027-03-16'],
    ['2025-11-22', 1, 'year', '2026-11-22', '2026-11-22'],
    ['2026-08-31', 6, 'month', '2026-11-22', '2027-02-28'],
    ['2026-11-22', 3, 'month', '2026-11-22', '2027-02-22'],
    ['2027-05-01', 1, 'year', '2026-11-22', '2028-05-01'],
  ];
  test.each(recurring)('from %s every %i %s, asked on %s: next on %s', (start, every, unit, now, next) => {
    expect(nextRecurrence(start, every, unit, 'Europe/London', new Date(`${now}T12:00:00Z`))).toBe(next);
  });
});
