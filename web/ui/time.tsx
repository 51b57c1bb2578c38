import { useLang } from '../words/words.ts';

/** A moment, with its weekday; the whole of it with the time zone on hover and for a screen reader that asks. */
export function Time({ at, style = 'minute' }: { at: string; style?: 'minute' | 'day' }) {
  const lang = useLang();
  return (
    <time dateTime={at} title={sayMoment(at, lang)} className="time">
      {style === 'day' ? sayDay(at, lang) : sayMinute(at, lang)}
    </time>
  );
}

/** "Thu 12 Nov 2026, 15:40 UTC+8", whole, for a sentence. */
export function sayMoment(at: string, lang: 'en' | 'zh'): string {
  return `${sayMinute(at, lang)} ${zoneOf(at)}`;
}

/** "Thu 12 Nov 2026" / "2026年11月12日（周四）" */
export function sayDay(at: string, lang: 'en' | 'zh'): string {
  const date = new Date(at);
  const day = dayFormat[lang].format(date);
  return lang === 'zh' ? `${day}（${weekday.zh.format(date)}）` : `${weekday.en.format(date)} ${day}`;
}

const dayFormat = {
  en: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }),
  zh: new Intl.DateTimeFormat('zh-CN', { dateStyle: 'long' }),
};
const weekday = {
  en: new Intl.DateTimeFormat('en-GB', { weekday: 'short' }),
  zh: new Intl.DateTimeFormat('zh-CN', { weekday: 'short' }),
};
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hour12: false });
const zone = new Intl.DateTimeFormat('en-US', { timeZoneName: 'shortOffset' });

function sayMinute(at: string, lang: 'en' | 'zh'): string {
  const separator = lang === 'zh' ? ' ' : ', ';
  return `${sayDay(at, lang)}${separator}${clock.format(new Date(at))}`;
}

function zoneOf(at: string): string {
  const name = zone.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return name.replace('GMT', 'UTC');
}
