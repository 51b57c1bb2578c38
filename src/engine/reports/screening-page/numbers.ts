import type { Lang } from './words.ts';

/** `1,204` */
export function count(lang: Lang, value: number): string {
  return new Intl.NumberFormat(localeOf(lang), { maximumFractionDigits: 0 }).format(value);
}

/** `4.2 MB`: decimal units, three figures. */
export function bytes(lang: Lang, value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  const digits = unit === 0 ? 0 : scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
  return `${new Intl.NumberFormat(localeOf(lang), { maximumFractionDigits: digits }).format(scaled)} ${units[unit]}`;
}

/** `1:23.4`, `1:02:03.0`: media time to a tenth of a second, or to the millisecond when `exact`. */
export function clock(milliseconds: number, exact = false): string {
  const step = exact ? 1 : 100;
  const rounded = Math.round(milliseconds / step) * step;
  const hours = Math.floor(rounded / 3_600_000);
  const minutes = Math.floor(rounded / 60_000) % 60;
  const seconds = Math.floor(rounded / 1000) % 60;
  const rest = rounded % 1000;
  const fraction = exact ? String(rest).padStart(3, '0') : String(rest / 100);
  const two = String(seconds).padStart(2, '0');
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${two}.${fraction}`
    : `${minutes}:${two}.${fraction}`;
}

/** `0:20`, without a fraction: for the ticks of an axis whose step is whole seconds. */
export function clockTick(milliseconds: number, stepMs: number): string {
  const text = clock(milliseconds);
  return stepMs >= 1000 ? text.replace(/\.\d$/, '') : text;
}

/** `0x1f4` */
export function hex(offset: number): string {
  return `0x${offset.toString(16)}`;
}

/** A share 0…1 as `0.8 %`: two significant figures, never rounded to a proud zero. */
export function percent(lang: Lang, share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.001) return '< 0.001 %';
  return `${new Intl.NumberFormat(localeOf(lang), { maximumSignificantDigits: value >= 99.5 ? 4 : value >= 10 ? 3 : 2 }).format(value)} %`;
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

function localeOf(lang: Lang): string {
  return lang === 'zh' ? 'zh-CN' : 'en-GB';
}
