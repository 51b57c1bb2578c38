/** Side of every folded tile: two bins a cell. */
export const bins = 128;
const area = bins * bins;

/** `bins` × `bins` complex numbers, real and imaginary parts apart. */
export interface Complex {
  re: Float64Array;
  im: Float64Array;
}

export function complexTile(): Complex {
  return { re: new Float64Array(area), im: new Float64Array(area) };
}

/**
 * Two-dimensional Fourier transform in place. The spectrum stays in the order in which it comes out, transposed and bit-reversed
 * along both sides; `frequencies` and `mirrored` say what lies where, and `inverse` takes it like that. Whole rows are combined at
 * a time (Cooley and Tukey 1965, by decimation in frequency): some twice as fast as line by line.
 */
export function forward(tile: Complex): Complex {
  forwardRows(tile);
  transpose(tile);
  forwardRows(tile);
  return tile;
}

/** Back from what `forward` gives, in place; divides by the number of values. */
export function inverse(tile: Complex): Complex {
  inverseRows(tile);
  transpose(tile);
  inverseRows(tile);
  for (let at = 0; at < area; at += 1) {
    tile.re[at] = (tile.re[at] ?? 0) / area;
    tile.im[at] = (tile.im[at] ?? 0) / area;
  }
  return tile;
}

/** The frequency −bins/2…bins/2−1 at each index along one side of a spectrum. Rows hold frequencies across, columns those down. */
export const frequencies = Int32Array.from({ length: bins }, (_, index) => {
  let frequency = 0;
  for (let bit = 1; bit < bins; bit <<= 1) frequency = (frequency << 1) | (index & bit ? 1 : 0);
  return frequency < bins / 2 ? frequency : frequency - bins;
});

/** The index along one side where the opposite frequency lies. */
export const mirrored = frequencies.map((frequency) =>
  frequencies.findIndex((other) => (other + frequency) % bins === 0),
);

const turns = Array.from({ length: bins / 2 }, (_, k) => (-2 * Math.PI * k) / bins);
const cosines = Float64Array.from(turns, Math.cos);
const sines = Float64Array.from(turns, Math.sin);

function forwardRows({ re, im }: Complex): void {
  for (let half = bins / 2; half >= 1; half >>= 1) {
    for (let row = 0; row < bins; row += 1) {
      if (row & half) continue;
      const turn = ((row & (half - 1)) * bins) / (2 * half);
      const cos = cosines[turn] ?? 0;
      const sin = sines[turn] ?? 0;
      const end = (row + 1) * bins;
      for (let a = row * bins, b = a + half * bins; a < end; a += 1, b += 1) {
        const aRe = re[a] ?? 0;
        const aIm = im[a] ?? 0;
        const bRe = re[b] ?? 0;
        const bIm = im[b] ?? 0;
        re[a] = aRe + bRe;
        im[a] = aIm + bIm;
        re[b] = (aRe - bRe) * cos - (aIm - bIm) * sin;
        im[b] = (aRe - bRe) * sin + (aIm - bIm) * cos;
      }
    }
  }
}

function inverseRows({ re, im }: Complex): void {
  for (let half = 1; half < bins; half <<= 1) {
    for (let row = 0; row < bins; row += 1) {
      if (row & half) continue;
      const turn = ((row & (half - 1)) * bins) / (2 * half);
      const cos = cosines[turn] ?? 0;
      const sin = -(sines[turn] ?? 0);
      const end = (row + 1) * bins;
      for (let a = row * bins, b = a + half * bins; a < end; a += 1, b += 1) {
        const aRe = re[a] ?? 0;
        const aIm = im[a] ?? 0;
        const bRe = (re[b] ?? 0) * cos - (im[b] ?? 0) * sin;
        const bIm = (re[b] ?? 0) * sin + (im[b] ?? 0) * cos;
        re[a] = aRe + bRe;
        im[a] = aIm + bIm;
        re[b] = aRe - bRe;
        im[b] = aIm - bIm;
      }
    }
  }
}

function transpose(tile: Complex): void {
  for (const values of [tile.re, tile.im]) {
    for (let row = 0; row < bins; row += 1) {
      for (let column = 0; column < row; column += 1) {
        const held = values[row * bins + column] ?? 0;
        values[row * bins + column] = values[column * bins + row] ?? 0;
        values[column * bins + row] = held;
      }
    }
  }
}
