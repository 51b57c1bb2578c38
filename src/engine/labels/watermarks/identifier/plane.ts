import type { Pixels } from '../../../media/pixels.ts';

/** One value a pixel, rows from the top. */
export interface Plane {
  width: number;
  height: number;
  values: Float32Array;
}

/** Luminance (ITU-R BT.601), 0…255; shrunk by area so that the short side has at most `shortSide` pixels. Transparent pixels count as
 * grey. Of the picture, the first `longest` rows and columns. */
export function lumaPlane(pixels: Pixels, shortSide: number, longest: number): Plane {
  const { channels, data } = pixels;
  const seen = { width: Math.min(pixels.width, longest), height: Math.min(pixels.height, longest) };
  return shrink(seen, shortSide, (row, line) => {
    let at = row * pixels.width * channels;
    for (let x = 0; x < seen.width; x += 1) {
      const seen = channels === 3 || data[at + 3] !== 0;
      line[x] = seen ? 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0) : 128;
      at += channels;
    }
  });
}

/** The same plane, shrunk likewise; never enlarged. */
export function shrinkPlane(plane: Plane, shortSide: number): Plane {
  if (Math.min(plane.width, plane.height) <= shortSide) return plane;
  return shrink(plane, shortSide, (row, line) => {
    const from = row * plane.width;
    for (let x = 0; x < plane.width; x += 1) line[x] = plane.values[from + x] ?? 0;
  });
}

function shrink(
  size: { width: number; height: number },
  shortSide: number,
  readRow: (row: number, line: Float64Array) => void,
): Plane {
  const factor = Math.max(1, Math.min(size.width, size.height) / shortSide);
  const width = Math.max(1, Math.round(size.width / factor));
  const height = Math.max(1, Math.round(size.height / factor));
  const values = new Float32Array(width * height);
  const columns = overlaps(size.width, width);
  const rows = overlaps(size.height, height);
  const line = new Float64Array(size.width);
  const narrow = new Float64Array(width + 1);
  const area = (width / size.width) * (height / size.height);
  for (let y = 0; y < size.height; y += 1) {
    readRow(y, line);
    narrow.fill(0);
    for (let x = 0; x < size.width; x += 1) {
      const left = columns.target[x] ?? 0;
      const value = line[x] ?? 0;
      const part = (columns.share[x] ?? 1) * value;
      narrow[left] = (narrow[left] ?? 0) + part;
      narrow[left + 1] = (narrow[left + 1] ?? 0) + (value - part);
    }
    const upper = (rows.target[y] ?? 0) * width;
    const share = (rows.share[y] ?? 1) * area;
    for (let x = 0; x < width; x += 1) values[upper + x] = (values[upper + x] ?? 0) + (narrow[x] ?? 0) * share;
    if (share === area) continue;
    const lower = upper + width;
    for (let x = 0; x < width; x += 1) values[lower + x] = (values[lower + x] ?? 0) + (narrow[x] ?? 0) * (area - share);
  }
  return { width, height, values };
}

/** Into which of `to` each of `from` falls, and which share of it: the rest falls into the next. */
function overlaps(from: number, to: number): { target: Uint32Array; share: Float64Array } {
  const target = new Uint32Array(from);
  const share = new Float64Array(from).fill(1);
  for (let x = 0; x < from; x += 1) {
    const begin = (x * to) / from;
    const end = ((x + 1) * to) / from;
    const first = Math.min(to - 1, Math.floor(begin));
    target[x] = first;
    if (end > first + 1 && first + 1 < to) share[x] = (first + 1 - begin) / (end - begin);
  }
  return { target, share };
}
