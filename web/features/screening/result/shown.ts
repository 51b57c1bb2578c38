import type { Place, ScreeningRecord, Signal } from '../../../../src/contract/screening.ts';
import type { Screening } from '../../../../src/contract/screenings.ts';

/** What every part of a result page is given. */
export interface Shown {
  screening: Screening;
  record: ScreeningRecord;
  /** In the order in which they are shown; a signal's number is its position plus one. */
  signals: readonly Signal[];
}

export const layers = ['provenance', 'label', 'match', 'forensic'] as const;

/** More of anything would be a wall; the raw record holds the rest. */
export const mostDrawn = 200;

export function shownOf(screening: Screening, record: ScreeningRecord): Shown {
  const signals = layers.flatMap((layer) => record.signals.filter((signal) => signal.layer === layer));
  return { screening, record, signals: signals.slice(0, mostDrawn) };
}

/** The number that stands for a signal in the list, on the charts and in conflicts; null for one that the record does not hold. */
export function numberOf({ signals }: Shown, id: string): number | null {
  const at = signals.findIndex((signal) => signal.id === id);
  return at === -1 ? null : at + 1;
}

export function signalAnchor(number: number): string {
  return `signal-${number}`;
}

/** The length of what has a length; null for pictures and documents. */
export function durationOf({ record, screening }: Shown): number | null {
  const told = record.media?.durationMs ?? screening.exhibits.find(({ durationMs }) => durationMs)?.durationMs ?? null;
  return told !== null && told > 0 ? told : null;
}

/** Boxes of one moment: `atMs` of a frame, or null for a picture. */
export function boxesAt(
  shown: Shown,
  atMs: number | null,
  frame: number,
): { number: number; box: NonNullable<Place['box']> }[] {
  return shown.signals.flatMap(({ place }, position) => {
    if (!place?.box) return [];
    const here =
      atMs === null ||
      place.frame === frame ||
      (place.frame === undefined &&
        place.fromMs !== undefined &&
        atMs >= place.fromMs &&
        atMs <= (place.toMs ?? place.fromMs + 1));
    return here ? [{ number: position + 1, box: place.box }] : [];
  });
}
