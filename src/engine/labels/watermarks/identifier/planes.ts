import type { Pixels } from '../../../media/pixels.ts';
import type { CellSize } from './fold.ts';
import { rungs } from './grid.ts';
import { lumaPlane, type Plane, shrinkPlane } from './plane.ts';
import { type Prediction, predictMark } from './residual.ts';

/** Pixels a cell at which the mark is looked for; more cost time and add nothing. */
const pixelsPerCell = 2.5;
const sides = rungs.map((cells) => Math.round(cells * pixelsPerCell));

/** Of a strip, no more is looked at than this many times its short side: memory stays in proportion to what is gained. */
const longest = 6;

/** The picture at the sizes that suit each rung of the grid, made when first asked for; large pictures are shrunk once. */
export class Planes {
  readonly shortSide: number;
  private readonly largest: Plane;
  private readonly predicted = new Map<number, Prediction>();

  constructor(pixels: Pixels) {
    this.shortSide = Math.min(pixels.width, pixels.height);
    this.largest = lumaPlane(pixels, Math.max(...sides), this.shortSide * longest);
  }

  /** The prediction of the mark, at a size where `cells` cells along the short side have some 2 to 3 pixels each. */
  forCells(cells: number): Prediction {
    const wanted = cells * pixelsPerCell * Math.sqrt(1.5);
    const side = Math.min(this.shortSide, sides.findLast((of) => of <= wanted) ?? sides[0] ?? 1);
    let plane = this.predicted.get(side);
    if (!plane) {
      plane = predictMark(shrinkPlane(this.largest, side));
      this.predicted.set(side, plane);
    }
    return plane;
  }
}

/** Size of a cell in a plane when that many lie along its short side. */
export function cellIn({ width, height }: Prediction, cells: number): CellSize {
  const side = Math.min(width, height) / cells;
  return { x: side, y: side };
}
