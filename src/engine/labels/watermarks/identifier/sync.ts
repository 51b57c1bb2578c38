import { bins, type Complex, complexTile, forward, frequencies, inverse, mirrored } from './fourier.ts';
import { layout, tileSide } from './pattern.ts';

export interface Peak {
  /** Where the tile begins, in bins, to a fraction. */
  x: number;
  y: number;
  /** Height of the correlation there in standard deviations of all places. */
  score: number;
}

/**
 * Where the sync pattern lies in each of two folded tiles, and how clearly. Correlation by Fourier transform, with the frequencies
 * of the tile made more alike so that what remains of the picture does not drown the pattern.
 */
export function findSync(first: Float64Array, second: Float64Array): [Peak, Peak] {
  // Two real tiles travel as one complex tile; whitening needs their spectra apart.
  const { re, im } = forward({ re: first.slice(), im: second.slice() });
  const product = scratch;
  for (let row = 0; row < bins; row += 1) {
    for (let column = 0; column < bins; column += 1) {
      const k = row * bins + column;
      const m = (mirrored[row] ?? 0) * bins + (mirrored[column] ?? 0);
      // The spectra of real tiles mirror themselves: half of them tells the rest.
      if (m < k) continue;
      const aRe = (re[k] ?? 0) + (re[m] ?? 0);
      const aIm = (im[k] ?? 0) - (im[m] ?? 0);
      const bRe = (im[k] ?? 0) + (im[m] ?? 0);
      const bIm = (re[m] ?? 0) - (re[k] ?? 0);
      const a = whitening(aRe, aIm);
      const b = whitening(bRe, bIm);
      const syncRe = syncSpectrum.re[k] ?? 0;
      const syncIm = syncSpectrum.im[k] ?? 0;
      const firstRe = (aRe * syncRe + aIm * syncIm) * a;
      const firstIm = (aIm * syncRe - aRe * syncIm) * a;
      const secondRe = (bRe * syncRe + bIm * syncIm) * b;
      const secondIm = (bIm * syncRe - bRe * syncIm) * b;
      product.re[k] = firstRe - secondIm;
      product.im[k] = firstIm + secondRe;
      product.re[m] = firstRe + secondIm;
      product.im[m] = secondRe - firstIm;
    }
  }
  const surface = inverse(product);
  return [peakOf(surface.re), peakOf(surface.im)];
}

/** What each cell of a folded tile shows, the tile beginning at `peak`. */
export function readCells(tile: Float64Array, peak: Peak): Float64Array {
  const { re, im } = forward({ re: tile.slice(), im: new Float64Array(tile.length) });
  const product = complexTile();
  for (let row = 0; row < bins; row += 1) {
    for (let column = 0; column < bins; column += 1) {
      const k = row * bins + column;
      const angle = (2 * Math.PI * ((frequencies[row] ?? 0) * peak.x + (frequencies[column] ?? 0) * peak.y)) / bins;
      const weight = whitening(re[k] ?? 0, im[k] ?? 0);
      const cos = Math.cos(angle) * weight;
      const sin = Math.sin(angle) * weight;
      const movedRe = (re[k] ?? 0) * cos - (im[k] ?? 0) * sin;
      const movedIm = (re[k] ?? 0) * sin + (im[k] ?? 0) * cos;
      const cellRe = cellSpectrum.re[k] ?? 0;
      const cellIm = cellSpectrum.im[k] ?? 0;
      product.re[k] = movedRe * cellRe + movedIm * cellIm;
      product.im[k] = movedIm * cellRe - movedRe * cellIm;
    }
  }
  const surface = inverse(product).re;
  return Float64Array.from(layout.sync, (_, cell) => {
    return surface[Math.floor(cell / tileSide) * 2 * bins + (cell % tileSide) * 2] ?? 0;
  });
}

/** Kept between calls, because a scan makes hundreds; all here is synchronous. */
const scratch = complexTile();

/** Shape of one cell along one side in bins: between the centres of two cells the mark is interpolated. */
const shape = [0.25, 0.75, 0.75, 0.25];
const syncSpectrum = spectrumOf(layout.sync);
const cellSpectrum = spectrumOf(Float64Array.of(1));

function spectrumOf(cells: Float64Array): Complex {
  const result = complexTile();
  cells.forEach((value, cell) => {
    const top = Math.floor(cell / tileSide) * 2 - 1 + bins;
    const left = (cell % tileSide) * 2 - 1 + bins;
    shape.forEach((down, y) => {
      shape.forEach((right, x) => {
        const bin = ((top + y) % bins) * bins + ((left + x) % bins);
        result.re[bin] = (result.re[bin] ?? 0) + value * down * right;
      });
    });
  });
  return forward(result);
}

/** Half way to phase-only matching: one over the root of the magnitude. */
function whitening(re: number, im: number): number {
  const power = re * re + im * im;
  return power > 1e-12 ? 1 / Math.sqrt(Math.sqrt(power)) : 0;
}

function peakOf(surface: Float64Array): Peak {
  let squares = 0;
  let best = 0;
  for (let at = 0; at < surface.length; at += 1) {
    const value = surface[at] ?? 0;
    squares += value * value;
    if (value > (surface[best] ?? 0)) best = at;
  }
  const x = best % bins;
  const y = Math.floor(best / bins);
  const value = (dx: number, dy: number) => surface[((y + dy + bins) % bins) * bins + ((x + dx + bins) % bins)] ?? 0;
  const deviation = Math.sqrt(squares / surface.length);
  return {
    x: x + vertex(value(-1, 0), value(0, 0), value(1, 0)),
    y: y + vertex(value(0, -1), value(0, 0), value(0, 1)),
    // A blank tile leaves rounding dust.
    score: deviation > 1e-9 ? value(0, 0) / deviation : 0,
  };
}

/** Where the parabola through three neighbours is highest, −½…½. */
function vertex(left: number, middle: number, right: number): number {
  const bend = left - 2 * middle + right;
  return bend < 0 ? (0.5 * (left - right)) / bend : 0;
}
