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
const onFlat = 0.8;
/** Amplitude where the picture hides it best. */
const onBusy = 5;
/** Restlessness of the surroundings, in grey levels, at which the amplitude is half way between. */
const halfAt = 6;

/**
 * Noise visibility: what is busy hides a mark, what is flat does not (Voloshynovskiy, Herrigel, Baumgaertner and Pun, Information
 * Hiding 1999). The quieter of a block and its surroundings decides, so that no mark spills from an edge onto flat ground.
 */
export function makeMask(pixels: Pixels, block: number): Mask {
  const across = Math.ceil(pixels.width / block);
  const down = Math.ceil(pixels.height / block);
  const deviations = new Float32Array(across * down);
  for (let row = 0; row < down; row += 1)
    deviations.set(restlessness(pixels, row * block, block, across), row * across);
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

/**
 * How restless the luminance is in each block of a row of blocks that begins at pixel row `top`, in grey levels: the smaller of what
 * changes along rows and along columns over half a block. A straight edge or a slope changes one way only, and hides little.
 */
function restlessness(pixels: Pixels, top: number, block: number, across: number): Float32Array {
  const { width, height } = pixels;
  const rows = Math.min(block, height - top);
  const luma = lumaOfRows(pixels, top, rows);
  const lag = Math.min(block >> 1, rows - 1);
  return new Float32Array(across).map((_, column) => {
    const right = Math.min(width, (column + 1) * block);
    let along = 0;
    let down = 0;
    let count = 0;
    for (let y = 0; y < rows - lag; y += 1) {
      for (let at = y * width + column * block; at < y * width + right - lag; at += 1) {
        const value = luma[at] ?? 0;
        along += ((luma[at + lag] ?? 0) - value) ** 2;
        down += ((luma[at + lag * width] ?? 0) - value) ** 2;
        count += 1;
      }
    }
    // Two values that have nothing to do with each other differ by twice their variance.
    return count > 0 ? Math.sqrt(Math.min(along, down) / (2 * count)) : 0;
  });
}

function lumaOfRows({ width, channels, data }: Pixels, top: number, rows: number): Float32Array {
  const luma = new Float32Array(rows * width);
  let from = top * width * channels;
  for (let at = 0; at < luma.length; at += 1) {
    luma[at] = 0.299 * (data[from] ?? 0) + 0.587 * (data[from + 1] ?? 0) + 0.114 * (data[from + 2] ?? 0);
    from += channels;
  }
  return luma;
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
