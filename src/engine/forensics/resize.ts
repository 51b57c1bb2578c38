import type { Kernel } from '../../contract/card.ts';
import type { Pixels } from '../media/pixels.ts';

export interface Target {
  /** Size of the whole picture after resizing. */
  width: number;
  height: number;
  /** The part of it that is wanted: x, y, width, height. */
  crop: [number, number, number, number];
}

/**
 * Resizes to RGB values 0…255, interleaved, only the wanted part; alpha is dropped.
 * `bilinear` and `bicubic` (a = −0.5) average over the source when shrinking, as Pillow's `resize` does
 * (within one level of it: Pillow rounds between its two passes, we do not).
 */
export function resize(pixels: Pixels, target: Target, kernel: Kernel): Float32Array {
  const [x, y, width, height] = target.crop;
  const columns = makeTaps(pixels.width, target.width, x, width, kernel);
  const rows = makeTaps(pixels.height, target.height, y, height, kernel);
  const firstRow = Math.min(...rows.map((taps) => taps.from));
  const lastRow = Math.max(...rows.map((taps) => taps.from + taps.weights.length - 1));

  // Rows first squeezed to the target width, only those that are needed.
  const squeezed = new Float32Array((lastRow - firstRow + 1) * width * 3);
  for (let row = firstRow; row <= lastRow; row++) {
    let at = (row - firstRow) * width * 3;
    for (const { from, weights } of columns) {
      let [r, g, b] = [0, 0, 0];
      let source = (row * pixels.width + from) * pixels.channels;
      for (const weight of weights) {
        r += weight * (pixels.data[source] ?? 0);
        g += weight * (pixels.data[source + 1] ?? 0);
        b += weight * (pixels.data[source + 2] ?? 0);
        source += pixels.channels;
      }
      squeezed[at++] = r;
      squeezed[at++] = g;
      squeezed[at++] = b;
    }
  }

  const rowValues = width * 3;
  const result = new Float32Array(height * rowValues);
  rows.forEach(({ from, weights }, index) => {
    const at = index * rowValues;
    weights.forEach((weight, tap) => {
      const source = (from - firstRow + tap) * rowValues;
      for (let i = 0; i < rowValues; i++) result[at + i] = (result[at + i] ?? 0) + weight * (squeezed[source + i] ?? 0);
    });
    // Bicubic overshoots.
    for (let i = at; i < at + rowValues; i++) result[i] = Math.min(255, Math.max(0, result[i] ?? 0));
  });
  return result;
}

interface Taps {
  from: number;
  weights: Float64Array;
}

function makeTaps(source: number, target: number, first: number, count: number, kernel: Kernel): Taps[] {
  const scale = source / target;
  return Array.from({ length: count }, (_, i) => {
    const centre = (first + i + 0.5) * scale;
    if (kernel === 'nearest') {
      return { from: Math.min(source - 1, Math.floor(centre)), weights: Float64Array.of(1) };
    }
    const stretch = Math.max(1, scale);
    const reach = (kernel === 'bilinear' ? 1 : 2) * stretch;
    const from = Math.max(0, Math.floor(centre - reach + 0.5));
    const to = Math.min(source, Math.max(from + 1, Math.floor(centre + reach + 0.5)));
    const weights = new Float64Array(to - from);
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const weight = shape((from + k - centre + 0.5) / stretch, kernel);
      weights[k] = weight;
      sum += weight;
    }
    for (let k = 0; k < weights.length; k++) weights[k] = (weights[k] ?? 0) / sum;
    return { from, weights };
  });
}

function shape(distance: number, kernel: 'bilinear' | 'bicubic'): number {
  const d = Math.abs(distance);
  if (kernel === 'bilinear') return Math.max(0, 1 - d);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}
