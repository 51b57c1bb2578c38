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
  const columns = spansOf(size.width, width);
  const rows = spansOf(size.height, height);
  const line = new Float64Array(size.width);
  const narrow = new Float64Array(width);
  const area = (width / size.width) * (height / size.height);
  let row = -1;
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [rows.first[y] ?? 0, rows.last[y] ?? 0];
    for (let from = top; from <= bottom; from += 1) {
      // The last row of one is the first of the next: it is still at hand.
      if (from !== row) {
        readRow(from, line);
        narrowLine(line, columns, narrow);
        row = from;
      }
      const share = area * (from === top ? (rows.head[y] ?? 0) : from === bottom ? (rows.tail[y] ?? 0) : 1);
      addScaled(values, y * width, narrow, share);
    }
  }
  return { width, height, values };
}

/** Which of the old samples, first to last, make each new one; how much of the first and of the last, when they differ. */
interface Spans {
  first: Uint32Array;
  last: Uint32Array;
  head: Float64Array;
  tail: Float64Array;
}

function spansOf(from: number, to: number): Spans {
  const spans = {
    first: new Uint32Array(to),
    last: new Uint32Array(to),
    head: new Float64Array(to),
    tail: new Float64Array(to),
  };
  for (let at = 0; at < to; at += 1) {
    const begin = (at * from) / to;
    const end = ((at + 1) * from) / to;
    const first = Math.floor(begin);
    const last = Math.min(from - 1, Math.max(first, Math.ceil(end) - 1));
    spans.first[at] = first;
    spans.last[at] = last;
    spans.head[at] = Math.min(end, first + 1) - begin;
    spans.tail[at] = end - last;
  }
  return spans;
}

function narrowLine(line: Float64Array, { first, last, head, tail }: Spans, narrow: Float64Array): void {
  for (let x = 0; x < narrow.length; x += 1) {
    const begin = first[x] ?? 0;
    const end = last[x] ?? 0;
    let sum = (line[begin] ?? 0) * (head[x] ?? 0);
    for (let at = begin + 1; at < end; at += 1) sum += line[at] ?? 0;
    if (end > begin) sum += (line[end] ?? 0) * (tail[x] ?? 0);
    narrow[x] = sum;
  }
}

function addScaled(values: Float32Array, start: number, line: Float64Array, by: number): void {
  for (let x = 0; x < line.length; x += 1) values[start + x] = (values[start + x] ?? 0) + (line[x] ?? 0) * by;
}
