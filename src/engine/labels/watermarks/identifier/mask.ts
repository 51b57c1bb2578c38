import type { Pixels } from '../../../media/pixels.ts';

/** How much of the mark each block of a picture takes. */
export interface Mask {
  /** Side of a block in pixels. */
  block: number;
  across: number;
  down: number;
  /** Rows of `across` amplitudes, in grey levels. */
  amplitudes: Float32Array;
}

/** Amplitude on flat ground, in grey levels. */
const onFlat = 1.2;
/** Amplitude where the picture hides it best. */
const onBusy = 5;
/** Standard deviation of the surroundings, in grey levels, at which the amplitude is half way between. */
const halfAt = 9;

/**
 * Noise visibility: what is busy hides a mark, what is flat does not (Voloshynovskiy, Herrigel, Baumgaertner and Pun, Information
 * Hiding 1999). The quieter of a block and its surroundings decides, so that no mark spills from an edge onto flat ground.
 */
export function makeMask(pixels: Pixels, block: number): Mask {
  const across = Math.ceil(pixels.width / block);
  const down = Math.ceil(pixels.height / block);
  const deviations = new Float32Array(across * down);
  for (let row = 0; row < down; row += 1)
    deviations.set(deviationsOfRow(pixels, row * block, block, across), row * across);
  const amplitudes = new Float32Array(across * down);
  for (let row = 0; row < down; row += 1) {
    for (let column = 0; column < across; column += 1) {
      const own = deviations[row * across + column] ?? 0;
      const quiet = Math.min(own, surroundings(deviations, across, down, column, row));
      const share = (quiet * quiet) / (quiet * quiet + halfAt * halfAt);
      amplitudes[row * across + column] = onFlat + (onBusy - onFlat) * share;
    }
  }
  return { block, across, down, amplitudes };
}

/** Standard deviation of the luminance in each block of a row of blocks that begins at pixel row `top`. */
function deviationsOfRow(pixels: Pixels, top: number, block: number, across: number): Float32Array {
  const { width, height, channels, data } = pixels;
  const sums = new Float64Array(across);
  const squares = new Float64Array(across);
  const bottom = Math.min(height, top + block);
  for (let y = top; y < bottom; y += 1) {
    let at = y * width * channels;
    for (let column = 0; column < across; column += 1) {
      const right = Math.min(width, (column + 1) * block);
      let sum = 0;
      let square = 0;
      for (let x = column * block; x < right; x += 1) {
        const luma = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
        sum += luma;
        square += luma * luma;
        at += channels;
      }
      sums[column] = (sums[column] ?? 0) + sum;
      squares[column] = (squares[column] ?? 0) + square;
    }
  }
  return Float32Array.from(sums, (sum, column) => {
    const count = (bottom - top) * (Math.min(width, (column + 1) * block) - column * block);
    const mean = sum / count;
    return Math.sqrt(Math.max(0, (squares[column] ?? 0) / count - mean * mean));
  });
}

function surroundings(values: Float32Array, across: number, down: number, column: number, row: number): number {
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, row - 1); y <= Math.min(down - 1, row + 1); y += 1) {
    for (let x = Math.max(0, column - 1); x <= Math.min(across - 1, column + 1); x += 1) {
      sum += values[y * across + x] ?? 0;
      count += 1;
    }
  }
  return sum / count;
}
