import FFT from 'fft.js';

/** Side of every folded tile: two bins a cell. */
export const bins = 128;
const area = bins * bins;
const fft = new FFT(bins);
/** Scratch rows: transforms never overlap, everything here is synchronous. */
const before = new Float64Array(2 * bins);
const after = new Float64Array(2 * bins);

/** `bins` × `bins` complex numbers, real and imaginary parts apart. */
export interface Complex {
  re: Float64Array;
  im: Float64Array;
}

export function complexTile(): Complex {
  return { re: new Float64Array(area), im: new Float64Array(area) };
}

/** Two-dimensional Fourier transform in place; the inverse divides by the number of values. */
export function transform(values: Complex, inverse: boolean): Complex {
  for (let row = 0; row < bins; row += 1) line(values, row * bins, 1, inverse);
  for (let column = 0; column < bins; column += 1) line(values, column, bins, inverse);
  return values;
}

function line({ re, im }: Complex, from: number, step: number, inverse: boolean): void {
  for (let k = 0, at = from; k < bins; k += 1, at += step) {
    before[2 * k] = re[at] ?? 0;
    before[2 * k + 1] = im[at] ?? 0;
  }
  if (inverse) fft.inverseTransform(after, before);
  else fft.transform(after, before);
  for (let k = 0, at = from; k < bins; k += 1, at += step) {
    re[at] = after[2 * k] ?? 0;
    im[at] = after[2 * k + 1] ?? 0;
  }
}
