import type { Edit } from './pieces.ts';

/** Where a byte of the old file stands in the new one. A byte that is removed counts as standing where its removal begins. */
export type Moved = (offset: number) => number;

/** What the edits do to offsets that a container writes down. */
export function movedBy(edits: readonly Edit[]): Moved {
  const sorted = edits.filter(({ remove, insert }) => remove !== insert.length).toSorted((a, b) => a.at - b.at);
  const ends = sorted.map(({ at, remove }) => at + remove);
  const growth: number[] = [0];
  for (const { remove, insert } of sorted) growth.push((growth.at(-1) ?? 0) + insert.length - remove);
  return (offset) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return offset + (growth[low] ?? 0);
  };
}
