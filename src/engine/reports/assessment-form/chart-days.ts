import type { FilledForm, Hazard } from './form.ts';
import { day } from './moments.ts';
import { type Block, type DayMark, type DayRow, heads, line, text } from './sheet.ts';
import { say, type WordKey } from './words.ts';

/** The days of a rectification item, in the order of its life, each with a shape of its own. */
export const hazardDays = [
  { of: 'planned', shape: '○', word: 'planned' },
  { of: 'due', shape: '▼', word: 'due-on' },
  { of: 'extended', shape: '▷', word: 'extended' },
  { of: 'done', shape: '●', word: 'done' },
  { of: 'verified', shape: '✓', word: 'verified-on' },
] as const satisfies readonly { of: keyof Hazard; shape: string; word: WordKey }[];

/** The days that are known of one hazard, as days of the report's time zone. */
export function daysOf(hazard: Hazard, timeZone: string): { shape: string; word: WordKey; day: string }[] {
  return hazardDays.flatMap(({ of, shape, word }) => {
    const iso = hazard[of];
    return iso == null ? [] : [{ shape, word, day: day(iso, timeZone) }];
  });
}

/** When what is rectified: a line for each hazard of which a day is known, and an upright one on the day of the report. */
export function daysOfHazards(filled: FilledForm): Block[] {
  const { lang, hazards, document } = filled;
  const known = hazards
    .map((hazard) => ({ hazard, days: daysOf(hazard, document.timeZone) }))
    .filter(({ days }) => days.length > 0);
  if (known.length === 0) return [];
  const today = day(document.createdAt, document.timeZone);
  const axis = axisOver([today, ...known.flatMap(({ days }) => days.map((one) => one.day))]);
  const rows = known.map(({ hazard, days }): DayRow => {
    const marks = apart(days.map(({ shape, day }) => ({ shape, at: axis.place(day) })));
    const places = marks.map(({ at }) => at);
    return { name: text(`${hazard.no}. ${hazard.title}`), from: Math.min(...places), to: Math.max(...places), marks };
  });
  const used = new Set(known.flatMap(({ days }) => days.map(({ shape }) => shape)));
  const legend = hazardDays
    .filter(({ shape }) => used.has(shape))
    .map(({ shape, word }) => `${shape} ${say(lang, word)}`);
  return [
    {
      kind: 'days',
      head: heads(filled, ['hazard', 'schedule']),
      rows,
      ticks: axis.ticks,
      today: axis.place(today),
      legend: [line([...legend, `│ ${say(lang, 'day-of-report')}`].join('　'), 'quiet')],
    },
  ];
}

/** Days close together would hide each other: every other one of them is lifted. */
function apart(marks: readonly Omit<DayMark, 'lifted'>[]): DayMark[] {
  const sorted = marks.toSorted((a, b) => a.at - b.at);
  const set: DayMark[] = [];
  for (const mark of sorted) {
    const before = set.at(-1);
    set.push({ ...mark, lifted: before !== undefined && !before.lifted && mark.at - before.at < markWidth });
  }
  return set;
}

/** Of the axis, as it is drawn. */
const markWidth = 0.04;

/** From the first to the last of the days, with a day of room on both sides; 0 is its left end and 1 its right one. */
function axisOver(days: readonly string[]) {
  const numbers = days.map(dayNumber);
  const [first, last] = [Math.min(...numbers) - 1, Math.max(...numbers) + 1];
  const place = (day: string) => (dayNumber(day) - first) / (last - first);
  const steps = Math.min(4, last - first);
  const ticks = Array.from({ length: steps + 1 }, (_, step) => {
    const number = first + Math.round((step * (last - first)) / steps);
    return { at: (number - first) / (last - first), label: new Date(number * dayMs).toISOString().slice(0, 10) };
  });
  return { place, ticks };
}

const dayMs = 86_400_000;

function dayNumber(day: string): number {
  return Math.round(Date.parse(day) / dayMs);
}
