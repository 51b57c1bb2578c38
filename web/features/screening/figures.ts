import type { Lang } from '../../../src/contract/lang.ts';

/** `1,204` */
export function count(lang: Lang, value: number): string {
  return whole[lang].format(value);
}

/** `4.2 MB`: decimal units, two or three figures. */
export function bytes(lang: Lang, value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value) * 1.0005) / 3)));
  const scaled = value / 1000 ** step;
  const digits = step === 0 || scaled >= 100 ? 0 : scaled < 10 ? 2 : 1;
  return `${new Intl.NumberFormat(locales[lang], { maximumFractionDigits: digits }).format(scaled)} ${units[step]}`;
}

/** Media time to a tenth of a second, `1:23.4`, or to the millisecond when `exact`. */
export function clock(ms: number, exact = false): string {
  const step = exact ? 1 : 100;
  const rounded = Math.round(ms / step) * step;
  const hours = Math.floor(rounded / 3_600_000);
  const minutes = Math.floor(rounded / 60_000) % 60;
  const seconds = String(Math.floor(rounded / 1000) % 60).padStart(2, '0');
  const rest = exact ? String(rounded % 1000).padStart(3, '0') : String((rounded % 1000) / 100);
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}.${rest}`
    : `${minutes}:${seconds}.${rest}`;
}

/** For the ticks of an axis: no fraction when its step is whole seconds. */
export function clockTick(ms: number, stepMs: number): string {
  return stepMs >= 1000 ? clock(ms).replace(/\.\d$/, '') : clock(ms);
}

/** `0x1f4` */
export function hex(offset: number): string {
  return `0x${offset.toString(16)}`;
}

/** A share 0…1 as `0.8 %`: two significant figures, never rounded to a proud zero. */
export function percent(lang: Lang, share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.001) return '< 0.001 %';
  const digits = value >= 99.5 ? 4 : value >= 10 ? 3 : 2;
  return `${new Intl.NumberFormat(locales[lang], { maximumSignificantDigits: digits }).format(value)} %`;
}

/** Wilson's 95 % interval for a share counted on `n` items (Wilson 1927, score interval). */
export function interval(share: number, n: number): { low: number; high: number } | null {
  if (!(n > 0)) return null;
  const z = 1.959964;
  const square = (z * z) / n;
  const middle = (share + square / 2) / (1 + square);
  const half = (z * Math.sqrt((share * (1 - share)) / n + square / (4 * n))) / (1 + square);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

const locales = { en: 'en-GB', zh: 'zh-CN' } as const;
const whole = {
  en: new Intl.NumberFormat(locales.en, { maximumFractionDigits: 0 }),
  zh: new Intl.NumberFormat(locales.zh, { maximumFractionDigits: 0 }),
};
