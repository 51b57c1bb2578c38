import type { CellSize, Span } from './fold.ts';
import { cellIn, type Planes } from './planes.ts';
import type { Prediction } from './residual.ts';
import { lookTwice, type Sight } from './sight.ts';

/** A crop of up to two fifths of the largest grid, or a frame of a tenth around it, to the same on the smallest. */
const fewestCells = 58;
const mostCells = 535;
/** Pixels of a plane that are looked at for each size, from its middle. */
const spanSide = 512;
/** How far the outermost cells may be off between two sizes that are tried. */
const drift = 0.9;

/** Tries every size of cells, as a crop or frame leaves none known; the clearest first, one of each size. */
export function scanScales(planes: Planes, minPixelsPerCell: number): Sight[] {
  const found: Sight[] = [];
  let before: Sight | undefined;
  let middle: Sight | undefined;
  const most = Math.min(mostCells, planes.shortSide / minPixelsPerCell);
  for (let cells = fewestCells; cells < most; ) {
    const plane = planes.forCells(cells);
    const span = middleOf(plane);
    const cell = cellIn(plane, cells);
    const step = drift / (Math.max(span.width, span.height) / cell.x / 2);
    for (const sight of lookTwice(plane, span, cell, larger(cell, 1 / (1 + step)))) {
      if (before && middle && middle.peak.score >= Math.max(before.peak.score, sight.peak.score)) found.push(middle);
      before = middle;
      middle = sight;
    }
    cells *= (1 + step) ** 2;
  }
  return found.sort((a, b) => b.peak.score - a.peak.score);
}

function larger({ x, y }: CellSize, by: number): CellSize {
  return { x: x * by, y: y * by };
}

function middleOf({ width, height }: Prediction): Span {
  const across = Math.min(width, spanSide);
  const down = Math.min(height, spanSide);
  return { left: (width - across) >> 1, top: (height - down) >> 1, width: across, height: down };
}
