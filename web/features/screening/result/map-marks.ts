import type { Signal } from '../../../../src/contract/screening.ts';
import type { Shown } from './shown.ts';

export interface MapMark {
  signal: Signal;
  number: number;
  offset: number;
  length: number;
}

/** A stretch of the file that is drawn larger, because marks huddle there. */
export interface Lens {
  from: number;
  to: number;
  marks: MapMark[];
}

/** Where in the file each signal sits, from its beginning to its end. */
export function marksOf({ record, signals }: Shown): MapMark[] {
  const size = record.file.bytes ?? 0;
  return signals
    .flatMap((signal, position) => {
      const offset = signal.place?.offset;
      if (offset === undefined || offset > size) return [];
      return [{ signal, number: position + 1, offset, length: Math.min(signal.place?.length ?? 0, size - offset) }];
    })
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
}

/** Marks less than a twentieth of the file apart share a lens, with a little air around. None where there would be too many. */
export function lensesOf(marks: readonly MapMark[], size: number): Lens[] {
  const lenses: Lens[] = [];
  for (const mark of marks) {
    const last = lenses.at(-1);
    const end = mark.offset + mark.length;
    if (last && mark.offset - last.to < size / 20) {
      last.to = Math.max(last.to, end);
      last.marks.push(mark);
    } else lenses.push({ from: mark.offset, to: end, marks: [mark] });
  }
  if (lenses.length > 4) return [];
  return lenses.map(({ from, to, marks: inside }) => {
    const air = Math.max(16, Math.round((to - from) * 0.15));
    return { from: Math.max(0, from - air), to: Math.min(size, to + air), marks: inside };
  });
}
