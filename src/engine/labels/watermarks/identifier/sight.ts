import { type CellSize, foldTiles, type Span, turnTile, wholeOf } from './fold.ts';
import type { Prediction } from './residual.ts';
import { findSync, type Peak } from './sync.ts';

/** The picture as it looks if the mark has cells of this size: all its tiles in one, and where the sync pattern lies in it. */
export interface Sight {
  plane: Prediction;
  /** Size of a cell in pixels of the plane. */
  cell: CellSize;
  /** 0 upright; odd: mirrored; plus two a quarter turn. */
  orientation: number;
  tile: Float64Array;
  peak: Peak;
}

/** Looks upright at two sizes of cells at once, which costs little more than one. */
export function lookTwice(plane: Prediction, span: Span, first: CellSize, second: CellSize): [Sight, Sight] {
  const tiles = [foldTiles(plane, first, span), foldTiles(plane, second, span)] as const;
  const peaks = findSync(...tiles);
  const upright = { plane, orientation: 0 };
  return [
    { ...upright, cell: first, tile: tiles[0], peak: peaks[0] },
    { ...upright, cell: second, tile: tiles[1], peak: peaks[1] },
  ];
}

/** Looks at one size of cells in several orientations, mirrored and not, and gives the clearest. */
export function lookAround(plane: Prediction, cell: CellSize, quarterTurns: readonly number[]): Sight {
  const folded = foldTiles(plane, cell, wholeOf(plane));
  const sights = quarterTurns.flatMap((turns): Sight[] => {
    const tiles = [turnTile(folded, turns * 2), turnTile(folded, turns * 2 + 1)] as const;
    const peaks = findSync(...tiles);
    return [
      { plane, cell, orientation: turns * 2, tile: tiles[0], peak: peaks[0] },
      { plane, cell, orientation: turns * 2 + 1, tile: tiles[1], peak: peaks[1] },
    ];
  });
  return sights.reduce(clearer);
}

/** Finds the size of cells at which the sync pattern is clearest, within one in a hundred; width and height may differ a little. */
export function sharpen(sight: Sight): Sight {
  // Half a cell at the far edge is what can be told apart.
  const halfCells = Math.max(sight.plane.width / sight.cell.x, sight.plane.height / sight.cell.y) / 2;
  const step = 0.25 / halfCells;
  let best = sight;
  for (const [x, y, reach] of [
    [1, 1, 4],
    [1, 0, 2],
    [0, 1, 2],
    [0.5, 0.5, 1],
  ] as const) {
    const middle = best.cell;
    for (let k = 1; k <= reach; k += 1) {
      const sized = (sign: number) => ({
        x: middle.x * (1 + sign * k * x * step),
        y: middle.y * (1 + sign * k * y * step),
      });
      best = lookBeside(sight, sized(1), sized(-1)).reduce(clearer, best);
    }
  }
  return best;
}

function lookBeside({ plane, orientation }: Sight, first: CellSize, second: CellSize): Sight[] {
  const tiles = [first, second].map((cell) => turnTile(foldTiles(plane, cell, wholeOf(plane)), orientation));
  const [a = new Float64Array(0), b = a] = tiles;
  const peaks = findSync(a, b);
  return [
    { plane, orientation, cell: first, tile: a, peak: peaks[0] },
    { plane, orientation, cell: second, tile: b, peak: peaks[1] },
  ];
}

function clearer(a: Sight, b: Sight): Sight {
  return b.peak.score > a.peak.score ? b : a;
}
