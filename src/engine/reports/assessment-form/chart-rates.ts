import type { FilledForm, ProbeRun } from './form.ts';
import { type Block, both, heads, type Line, line, type RateRow, text } from './sheet.ts';
import { marks, say, words } from './words.ts';

/** Every probe that tried something, one row each: which safeguard is weak is seen before anything is read. */
export function ratesOfProbes(filled: FilledForm): Block[] {
  const rows = filled.probes.flatMap((probe) => rowOf(filled, text(probe.title), probe));
  return rows.length < 2 ? [] : [ratesBlock(filled, rows)];
}

/** One probe: all that it tried, and each thing that was looked at. Null: it tried nothing. */
export function ratesOfProbe(filled: FilledForm, probe: ProbeRun): Block | null {
  const whole = rowOf(filled, both(filled, words['probe-all'], 'strong'), probe);
  if (whole.length === 0) return null;
  const { rates = [] } = probe;
  const single = rates.length < 2 ? [] : rates;
  const parts = single.flatMap(({ subject, kept, tried, low, high }) =>
    rowOf(filled, text(subject), { kept, tried, rate: tried === 0 ? null : kept / tried, interval: { low, high } }),
  );
  return ratesBlock(filled, [...whole, ...parts]);
}

function ratesBlock(filled: FilledForm, rows: RateRow[]): Block {
  return { kind: 'rates', head: heads(filled, ['probe-subject', 'probe-axis', 'probe-rate']), rows };
}

function rowOf(
  { lang }: FilledForm,
  name: Line[],
  { kept, tried, rate, interval }: Pick<ProbeRun, 'kept' | 'tried' | 'rate' | 'interval'>,
): RateRow[] {
  if (rate === null || interval === null) return [];
  const [open, close] = marks[lang].aside;
  const figures = [
    line(`${percent(rate)}${open}${percent(interval.low)} – ${percent(interval.high)}${close}`, 'strong'),
    line(`${say(lang, 'probe-kept')} ${kept} / ${tried}`, 'quiet'),
  ];
  return [{ name, figures, rate: share(rate), low: share(interval.low), high: share(interval.high) }];
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

/** A drawing must stay within its axis. */
function share(rate: number): number {
  return Number.isFinite(rate) ? Math.min(1, Math.max(0, rate)) : 0;
}
