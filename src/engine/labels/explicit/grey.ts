/** A picture of one channel, 0…255, rows from the top. */
export interface Grey {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Which side of its surroundings ink lies on. */
export type Polarity = 'light' | 'dark';

/** The negative for dark ink, so that ink is always the lighter part. */
export function inkAsLight(grey: Grey, polarity: Polarity): Grey {
  return polarity === 'light' ? grey : { ...grey, data: grey.data.map((value) => 255 - value) };
}

/**
 * White top-hat: what is lighter than its surroundings and narrower than `side` pixels. Grounds, gradients and large shapes become
 * black, strokes stay (Serra 1982; opening with a square, by the running minimum and maximum of van Herk and Gil-Werman).
 */
export function strokes(grey: Grey, side: number): Grey {
  const opened = extreme(extreme(grey, side, Math.min), side, Math.max);
  return { ...grey, data: grey.data.map((value, at) => value - (opened.data[at] ?? 0)) };
}

type Pick = (one: number, other: number) => number;

function extreme(grey: Grey, side: number, pick: Pick): Grey {
  const { width, height } = grey;
  const rows = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) runningExtreme(grey.data, rows, y * width, 1, width, side, pick);
  const data = new Uint8Array(width * height);
  for (let x = 0; x < width; x += 1) runningExtreme(rows, data, x, width, height, side, pick);
  return { width, height, data };
}

/** Extreme of the `side` values around each of `count` values: three comparisons a value, whatever the side. */
function runningExtreme(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  count: number,
  side: number,
  pick: Pick,
): void {
  const half = side >> 1;
  const span = 2 * half + 1;
  const length = count + 2 * half;
  const value = (at: number) => from[start + Math.min(count - 1, Math.max(0, at - half)) * step] ?? 0;
  const ahead = new Uint8Array(length);
  const behind = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) ahead[at] = at % span === 0 ? value(at) : pick(ahead[at - 1] ?? 0, value(at));
  for (let at = length - 1; at >= 0; at -= 1)
    behind[at] = at % span === span - 1 || at === length - 1 ? value(at) : pick(behind[at + 1] ?? 0, value(at));
  for (let at = 0; at < count; at += 1) to[start + at * step] = pick(behind[at] ?? 0, ahead[at + 2 * half] ?? 0);
}

export interface Blob {
  left: number;
  top: number;
  /** One past the last column and row. */
  right: number;
  bottom: number;
  area: number;
}

/** Connected parts (8 neighbours) of the pixels that are set, each with the label that marks it in `labels` (from 1). */
export function blobs(mask: Uint8Array, width: number, height: number): { list: Blob[]; labels: Int32Array } {
  const labels = new Int32Array(width * height);
  const list: Blob[] = [];
  const stack = new Int32Array(width * height);
  for (let seed = 0; seed < labels.length; seed += 1) {
    if (mask[seed] === 0 || labels[seed] !== 0) continue;
    const blob: Blob = { left: width, top: height, right: 0, bottom: 0, area: 0 };
    list.push(blob);
    const label = list.length;
    let depth = 0;
    stack[depth++] = seed;
    labels[seed] = label;
    while (depth > 0) {
      const at = stack[--depth] ?? 0;
      const x = at % width;
      const y = (at - x) / width;
      blob.area += 1;
      if (x < blob.left) blob.left = x;
      if (x >= blob.right) blob.right = x + 1;
      if (y < blob.top) blob.top = y;
      if (y >= blob.bottom) blob.bottom = y + 1;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          const next = ny * width + nx;
          if (mask[next] !== 0 && labels[next] === 0) {
            labels[next] = label;
            stack[depth++] = next;
          }
        }
      }
    }
  }
  return { list, labels };
}

/** The value below which that part of all values lies, from a histogram. */
export function percentile(values: Iterable<number>, part: number): number {
  const counts = new Uint32Array(256);
  let total = 0;
  for (const value of values) {
    counts[value] = (counts[value] ?? 0) + 1;
    total += 1;
  }
  let seen = 0;
  for (let value = 0; value < 256; value += 1) {
    seen += counts[value] ?? 0;
    if (seen >= total * part) return value;
  }
  return 255;
}
