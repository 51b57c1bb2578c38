import type { Lang } from '../../../src/contract/lang.ts';
import { useLang } from '../../words/words.ts';

/** A calendar day without a time of day: the same day for every reader. "Sun 20 Dec 2026" / "2026年12月20日（周日）" */
export function sayDate(day: string, lang: Lang): string {
  const date = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  const text = dayFormat[lang].format(date);
  const name = weekday[lang].format(date);
  return lang === 'zh' ? `${text}（${name}）` : `${name} ${text}`;
}

/** A day, or a moment in the zone in which it was given: "Sun 20 Dec 2026, 14:30". */
export function sayDayOrMoment(at: string, lang: Lang): string {
  const time = /T(\d{2}:\d{2})/.exec(at)?.[1];
  if (time === undefined) return sayDate(at, lang);
  return `${sayDate(at, lang)}${lang === 'zh' ? ' ' : ', '}${time}`;
}

export function Day({ day, title }: { day: string; title?: string }) {
  const lang = useLang();
  return (
    <time dateTime={day} title={title} className="time">
      {sayDayOrMoment(day, lang)}
    </time>
  );
}

/** Today where the reader is, as an ISO day. */
export function today(): string {
  const now = new Date();
  const two = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The days between two ISO days. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000);
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
}

const dayFormat = {
  en: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
  zh: new Intl.DateTimeFormat('zh-CN', { dateStyle: 'long', timeZone: 'UTC' }),
};
const weekday = {
  en: new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' }),
  zh: new Intl.DateTimeFormat('zh-CN', { weekday: 'short', timeZone: 'UTC' }),
};
