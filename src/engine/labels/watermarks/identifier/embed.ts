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
    marked.data = new Uint8Array(data);
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
function addTile(pixels: Pixels, tile: Float64Array, cell: number, mask: Mask, gain: number): void {
  const { width, height, channels, data } = pixels;
  const columns = interpolation(width, cell, tileSide, true);
  const rows = interpolation(height, cell, tileSide, true);
  const bands = interpolation(height, mask.block, mask.down, false);
  const blocks = interpolation(width, mask.block, mask.across, false);
  const wideTile = Array.from({ length: tileSide }, (_, row) => widen(tile, row, tileSide, columns));
  const wideMask: Float32Array[] = Array.from({ length: mask.down }, () => none);
  const maskRow = (row: number) => {
    if (wideMask[row] === none) wideMask[row] = widen(mask.amplitudes, row, mask.across, blocks);
    // Rows above are not needed again: only two are kept.
    if (row > 1) wideMask[row - 2] = none;
    return wideMask[row] ?? none;
  };
  const pattern = new Float32Array(width);
  const amplitudes = new Float32Array(width);
  for (let y = 0; y < height; y += 1) {
    const line = {
      at: y * width * channels,
      thresholds: thresholds.subarray((y & 7) * 8, (y & 7) * 8 + 8),
      pattern,
      amplitudes,
    };
    blend(pattern, wideTile[rows.first[y] ?? 0], wideTile[rows.second[y] ?? 0], rows.share[y] ?? 0, 1);
    blend(amplitudes, maskRow(bands.first[y] ?? 0), maskRow(bands.second[y] ?? 0), bands.share[y] ?? 0, gain);
    addLine(data, channels, line);
  }
}

const none: Float32Array = new Float32Array(0);

interface Line {
  /** Where its bytes begin. */
  at: number;
  thresholds: Float64Array;
  pattern: Float32Array;
  amplitudes: Float32Array;
}

function addLine(data: Uint8Array, channels: number, { at: start, thresholds, pattern, amplitudes }: Line): void {
  for (let x = 0, at = start; x < pattern.length; x += 1, at += channels) {
    if (channels === 4 && data[at + 3] === 0) continue;
    const red = data[at] ?? 0;
    const green = data[at + 1] ?? 0;
    const blue = data[at + 2] ?? 0;
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    // No more than there is room for on either side: white stays white and black stays black.
    const amplitude = Math.min(amplitudes[x] ?? 0, luma, 255 - luma);
    const change = Math.floor(amplitude * (pattern[x] ?? 0) + (thresholds[x & 7] ?? 0));
    if (change === 0) continue;
    data[at] = clamp(red + change);
    data[at + 1] = clamp(green + change);
    data[at + 2] = clamp(blue + change);
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

/** One row of a grid of `across` samples, interpolated to the width of the picture. */
function widen(
  grid: ArrayLike<number>,
  row: number,
  across: number,
  { first, second, share }: Interpolation,
): Float32Array {
  return new Float32Array(first.length).map((_, x) => {
    const left = grid[row * across + (first[x] ?? 0)] ?? 0;
    const right = grid[row * across + (second[x] ?? 0)] ?? 0;
    return left + (right - left) * (share[x] ?? 0);
  });
}

function blend(row: Float32Array, upper = none, lower = none, share = 0, gain = 1): void {
  for (let x = 0; x < row.length; x += 1) row[x] = gain * ((upper[x] ?? 0) * (1 - share) + (lower[x] ?? 0) * share);
}

function clamp(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}
