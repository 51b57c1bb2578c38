import type { Pixels } from '../../../media/pixels.ts';
import { codewordBits, encodeIdentifier, identifierBits } from './codeword.ts';
import { cellsAlong, minShortSide } from './grid.ts';
import { type Mask, makeMask } from './mask.ts';
import { makeTile, tileSide } from './pattern.ts';
import { Planes } from './planes.ts';
import { lookUpright, readClearest, readIdentifier } from './read.ts';

export type Embedding =
  | {
      status: 'marked';
      /** A new picture; alpha is untouched, what is wholly transparent unmarked. */
      pixels: Pixels;
      /** Bits of the codeword that already the marked picture shows wrong, of `codewordBits`. */
      bitErrors: number;
    }
  | { status: 'refused'; code: 'too-small' | 'no-room' }
  | { status: 'refused'; code: 'already-marked'; identifier: bigint };

/**
 * Hides an identifier of 64 bits in a picture: one tile of signs, repeated over the luminance, stronger where the picture hides it.
 * The same picture and identifier always give the same bytes.
 *
 * Refuses pictures whose short side is under `minShortSide`, pictures that already carry an identifier, and pictures with nowhere to
 * hide one (blank pages, text on white); what it returns as marked has been read back. Throws RangeError for an identifier beyond
 * 64 bits and for bytes that do not fit the size.
 *
 * The key is public: the mark tells honest people where to look a picture up. It is no proof (anybody can write any identifier) and
 * no lock (anybody can take it out).
 *
 * Spread spectrum after Cox, Kilian, Leighton and Shamoon (IEEE Trans. Image Processing 6, 1997) in tiles after Kutter
 * (SPIE 3528, 1998) and Kalker et al. (SPIE 3657, 1999).
 */
export function embedIdentifier(pixels: Pixels, identifier: bigint): Embedding {
  if (identifier < 0n || identifier >= 1n << BigInt(identifierBits)) throw new RangeError('an identifier has 64 bits');
  const { width, height, channels, data } = pixels;
  if (data.length !== width * height * channels) throw new RangeError('the bytes do not fit the size of the picture');
  const shortSide = Math.min(width, height);
  if (shortSide < minShortSide) return { status: 'refused', code: 'too-small' };
  const there = readIdentifier(pixels, 'whole');
  if (there) return { status: 'refused', code: 'already-marked', identifier: there.identifier };
  const cells = cellsAlong(shortSide);
  const cell = shortSide / cells;
  const tile = makeTile(encodeIdentifier(identifier));
  const mask = makeMask(pixels, Math.max(4, Math.round(cell)));
  const marked = { ...pixels, data: new Uint8Array(0) };
  // Few cells have to be louder from the start.
  for (const gain of shortSide < fewCellsBelow ? gains.slice(1) : gains) {
    marked.data = Uint8Array.from(data);
    addTile(marked, tile, cell, mask, gain);
    const planes = new Planes(marked);
    const reading = readClearest(lookUpright(planes, [cells]), planes);
    if (reading?.identifier !== identifier) continue;
    const { bitErrors } = reading;
    if (bitErrors <= fewErrors || gain === gains.at(-1)) return { status: 'marked', pixels: marked, bitErrors };
  }
  return { status: 'refused', code: 'no-room' };
}

/** Where the mark reads poorly as it is written, a change would take it: then it is written once more, stronger. */
const gains = [1, 1.4];
const fewCellsBelow = 560;
const fewErrors = codewordBits * 0.06;

/** Adds the tile, repeated without end from the top left corner and interpolated between the centres of its cells. */
function addTile(
  { width, height, channels, data }: Pixels,
  tile: Float64Array,
  cell: number,
  mask: Mask,
  gain: number,
): void {
  const columns = interpolation(width, cell, tileSide, true);
  const blocks = interpolation(width, mask.block, mask.across, false);
  const rows = interpolation(height, cell, tileSide, true);
  const bands = interpolation(height, mask.block, mask.down, false);
  const pattern = new Float64Array(tileSide);
  const amplitudes = new Float64Array(mask.across);
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    blend(pattern, tile, rows, y);
    blend(amplitudes, mask.amplitudes, bands, y);
    for (let x = 0; x < width; x += 1) {
      if (channels === 3 || (data[at + 3] ?? 0) > 0) {
        const red = data[at] ?? 0;
        const green = data[at + 1] ?? 0;
        const blue = data[at + 2] ?? 0;
        const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
        // No more than there is room for on either side: white stays white and black stays black.
        const amplitude = Math.min(gain * valueAt(amplitudes, blocks, x), luma, 255 - luma);
        const change = Math.floor(amplitude * valueAt(pattern, columns, x) + (thresholds[(y & 7) * 8 + (x & 7)] ?? 0));
        if (change !== 0) {
          data[at] = clamp(red + change);
          data[at + 1] = clamp(green + change);
          data[at + 2] = clamp(blue + change);
        }
      }
      at += channels;
    }
  }
}

/**
 * Ordered dithering (Bayer 1973): where less than a grey level is to be added, some pixels get a whole one. Rounding instead would
 * turn the mark on flat ground into blotches.
 */
const thresholds = Float64Array.from({ length: 64 }, (_, at) => {
  let rank = 0;
  for (let bit = 0; bit < 3; bit += 1) {
    const x = (at >> bit) & 1;
    const y = (at >> (bit + 3)) & 1;
    rank = (rank << 2) | ((x ^ y) << 1) | y;
  }
  return (rank + 0.5) / 64;
});

/** For each pixel, between which two of `count` samples its centre lies, and how far towards the second. */
interface Interpolation {
  first: Uint32Array;
  second: Uint32Array;
  share: Float64Array;
}

function interpolation(pixels: number, step: number, count: number, repeats: boolean): Interpolation {
  const first = new Uint32Array(pixels);
  const second = new Uint32Array(pixels);
  const share = new Float64Array(pixels);
  for (let x = 0; x < pixels; x += 1) {
    const position = (x + 0.5) / step - 0.5;
    const below = Math.floor(position);
    first[x] = repeats ? (below + count) % count : Math.max(0, Math.min(count - 1, below));
    second[x] = repeats ? (below + 1) % count : Math.max(0, Math.min(count - 1, below + 1));
    share[x] = position - below;
  }
  return { first, second, share };
}

/** One row of samples between two rows of a grid as wide as `row`. */
function blend(row: Float64Array, grid: ArrayLike<number>, { first, second, share }: Interpolation, y: number): void {
  const upper = (first[y] ?? 0) * row.length;
  const lower = (second[y] ?? 0) * row.length;
  const weight = share[y] ?? 0;
  for (let x = 0; x < row.length; x += 1)
    row[x] = (grid[upper + x] ?? 0) * (1 - weight) + (grid[lower + x] ?? 0) * weight;
}

function valueAt(row: Float64Array, { first, second, share }: Interpolation, x: number): number {
  const weight = share[x] ?? 0;
  return (row[first[x] ?? 0] ?? 0) * (1 - weight) + (row[second[x] ?? 0] ?? 0) * weight;
}

function clamp(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}
