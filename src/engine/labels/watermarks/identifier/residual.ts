import type { Plane } from './plane.ts';

/** Like a plane, in steps of one part in `steps`: whole numbers are folded twice as fast. */
export interface Prediction {
  width: number;
  height: number;
  values: Int16Array;
}
const steps = 8192;

/** Radius of the square whose mean is taken for the picture without the mark, in pixels of a plane of some 2.5 pixels a cell. */
const near = 2;
/** Radius of the square that says how restless the picture is here. */
const around = 3;
/** Grey levels below which calm counts as calm: no picture of eight bits says more. */
const calm = 0.8;
/** More than this many deviations is an edge, not the mark. */
const limit = 2;

/**
 * What a picture shows beyond its surroundings, weighted by how little it varies there: host noise is strongest where the picture
 * is restless, the mark is not by far (the receiver of Hernández, Amado and Pérez-González, IEEE Trans. Image Processing 9, 2000,
 * with a limiter in place of a model). About zero on average.
 */
export function predictMark({ width, height, values }: Plane): Prediction {
  const detail = boxMean(values, width, height, near);
  for (let at = 0; at < detail.length; at += 1) detail[at] = (values[at] ?? 0) - (detail[at] ?? 0);
  const squares = new Float32Array(detail.length);
  for (let at = 0; at < detail.length; at += 1) squares[at] = (detail[at] ?? 0) * (detail[at] ?? 0);
  const energy = boxMean(squares, width, height, around);
  const prediction = new Int16Array(detail.length);
  for (let at = 0; at < detail.length; at += 1) {
    const deviation = Math.sqrt(Math.max(0, energy[at] ?? 0) + calm * calm);
    const standard = (detail[at] ?? 0) / deviation;
    const limited = standard > limit ? limit : Math.max(standard, -limit);
    // Between the weight for a mark of even strength (one over the variance) and one that grows with the picture.
    prediction[at] = (steps * limited) / Math.sqrt(deviation);
  }
  return { width, height, values: prediction };
}

/** Mean over a square of 2 · radius + 1 pixels, edges repeated. */
function boxMean(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  const size = 2 * radius + 1;
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    let sum = 0;
    for (let x = -radius; x <= radius; x += 1) sum += values[row + clamp(x, width)] ?? 0;
    for (let x = 0; x < width; x += 1) {
      rows[row + x] = sum / size;
      sum += (values[row + clamp(x + radius + 1, width)] ?? 0) - (values[row + clamp(x - radius, width)] ?? 0);
    }
  }
  const result = new Float32Array(values.length);
  const sums = new Float64Array(width);
  for (let y = -radius; y <= radius; y += 1) {
    const row = clamp(y, height) * width;
    for (let x = 0; x < width; x += 1) sums[x] = (sums[x] ?? 0) + (rows[row + x] ?? 0);
  }
  for (let y = 0; y < height; y += 1) {
    const enters = clamp(y + radius + 1, height) * width;
    const leaves = clamp(y - radius, height) * width;
    for (let x = 0; x < width; x += 1) {
      const sum = sums[x] ?? 0;
      result[y * width + x] = sum / size;
      sums[x] = sum + (rows[enters + x] ?? 0) - (rows[leaves + x] ?? 0);
    }
  }
  return result;
}

function clamp(at: number, count: number): number {
  return at < 0 ? 0 : at >= count ? count - 1 : at;
}
