/** At most `most` indices out of 0…count−1, evenly spread, first and last included. */
export function spread(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  if (most === 1) return [Math.floor(count / 2)];
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

/**
 * Keeps at most `most` of a row of items whose length is not known before, evenly spread from the first on: when there are too
 * many, every second goes, and from then on every second is passed over. Only what is kept is made.
 */
export function keepSpread<Item>(most: number): { add(make: () => Item): void; kept(): Item[] } {
  let kept: Item[] = [];
  let step = 1;
  let seen = 0;
  return {
    add(make) {
      if (seen++ % step !== 0) return;
      if (kept.length === most) {
        kept = kept.filter((_, index) => index % 2 === 0);
        step *= 2;
        if ((seen - 1) % step !== 0) return;
      }
      kept.push(make());
    },
    kept: () => kept,
  };
}
