/** Shorter sides are not marked: too few cells would be left after any change. */
export const minShortSide = 256;

/** How many cells of the mark may lie along the short side of a picture; the reader tries each. */
export const rungs = [96, 144, 216, 324, 486] as const;

/**
 * Cells along the short side of a picture of that many pixels: large pictures get cells that are small beside the whole, so that
 * shrinking them to a screen leaves the mark, but no cell has under 2.6 pixels, which compression would take.
 */
export function cellsAlong(shortSide: number): number {
  return rungs.findLast((cells) => shortSide / cells >= 2.6) ?? rungs[0];
}
