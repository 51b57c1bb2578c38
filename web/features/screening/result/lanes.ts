import type { Signal, Strength } from '../../../../src/contract/screening.ts';
import { mostDrawn } from './shown.ts';

/** A part of the media that a signal speaks of. */
export interface Span {
  fromMs: number;
  /** Null: a moment. */
  toMs: number | null;
  strength: Strength;
}

export interface Lane {
  signal: Signal;
  number: number;
  spans: Span[];
}

/** One lane a signal: the spans that its evidence lists (`spans: [{ fromMs, toMs, strength? }]`), else its own place. */
export function lanesOf(signals: readonly Signal[]): Lane[] {
  return signals.flatMap((signal, position) => {
    const listed = spansInEvidence(signal);
    const { fromMs, toMs = null } = signal.place ?? {};
    const own = fromMs === undefined ? [] : [{ fromMs, toMs, strength: signal.strength }];
    const spans = listed.length > 0 ? listed : own;
    return spans.length === 0 ? [] : [{ signal, number: position + 1, spans }];
  });
}

function spansInEvidence({ evidence, strength }: Signal): Span[] {
  if (typeof evidence !== 'object' || evidence === null || Array.isArray(evidence)) return [];
  const { spans } = evidence;
  if (!Array.isArray(spans)) return [];
  return spans.slice(0, mostDrawn).flatMap((span) => {
    if (typeof span !== 'object' || span === null || Array.isArray(span)) return [];
    const { fromMs, toMs } = span;
    if (typeof fromMs !== 'number' || !(fromMs >= 0)) return [];
    const known = strengths.find((word) => word === span['strength']);
    return [{ fromMs, toMs: typeof toMs === 'number' && toMs >= fromMs ? toMs : null, strength: known ?? strength }];
  });
}

/** About seven ticks whatever the length. */
export function ticksFor(durationMs: number): { stepMs: number; ticks: number[] } {
  const stepMs = steps.find((step) => durationMs / step <= 7) ?? Math.ceil(durationMs / 7 / 3_600_000) * 3_600_000;
  return { stepMs, ticks: Array.from({ length: Math.floor(durationMs / stepMs) + 1 }, (_, index) => index * stepMs) };
}

/** Peaks as one closed outline, one unit a span, upside up. */
export function wavePath(min: readonly number[], max: readonly number[]): string {
  const n = Math.min(min.length, max.length, 1000);
  const y = (value: number | undefined) => Number((-Math.min(1, Math.max(-1, value ?? 0))).toFixed(3));
  const upper = Array.from({ length: n }, (_, index) => `${index} ${y(max[index])}`);
  const lower = Array.from({ length: n }, (_, index) => `${n - 1 - index} ${y(min[n - 1 - index])}`);
  return `M${upper.join('L')}L${lower.join('L')}Z`;
}

const strengths = ['declared', 'strong', 'some', 'little', 'not-applicable'] as const;
const steps = [
  100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000,
];
