import type { Pixels } from '../../../media/pixels.ts';
import { codewordBits, decodeIdentifier } from './codeword.ts';
import { bins } from './fourier.ts';
import { rungs } from './grid.ts';
import { layout, tileSide } from './pattern.ts';
import { cellIn, Planes } from './planes.ts';
import { scanScales } from './scan.ts';
import { lookAround, type Sight, sharpen } from './sight.ts';
import { readCells } from './sync.ts';

export interface Reading {
  identifier: bigint;
  /** Bits of the codeword that the picture showed wrong, of `codewordBits`. */
  bitErrors: number;
  /** Height of the sync pattern's correlation in standard deviations. */
  score: number;
  /** Width and height of a cell of the mark in pixels of this picture. */
  cell: { x: number; y: number };
  /** Where a tile of the mark begins, in pixels of this picture turned upright. */
  offset: { x: number; y: number };
  /** 0 upright; odd: mirrored; plus two a quarter turn. */
  orientation: number;
}

/** `whole`: the picture was not cropped. `part`: it may have been, and every size is tried, ten times the work. */
export type Effort = 'whole' | 'part';

/**
 * The identifier in a marked picture, or null. The picture may have been compressed, resized, mirrored or turned by quarter turns;
 * with effort `part` also cropped, or framed narrowly, but then neither mirrored nor turned.
 *
 * On a picture without a mark at most `maxDecodings` codewords are tried, and each passes its checksum once in 2³² by accident.
 */
export function readIdentifier(pixels: Pixels, effort: Effort = 'part'): Reading | null {
  const { width, height, channels, data } = pixels;
  if (!(Math.min(width, height) >= minReadable) || data.length < width * height * channels) return null;
  const planes = new Planes(pixels);
  const sizes = rungs.filter((cells) => planes.shortSide / cells >= minPixelsPerCell);
  const sights = sizes.map((cells) => {
    const plane = planes.forCells(cells);
    return lookAround(plane, cellIn(plane, cells));
  });
  const reading = readClearest(sights, pixels);
  if (reading || effort === 'whole') return reading;
  return readClearest(scanScales(planes, minPixelsPerCell).slice(0, maxScanned), pixels);
}

/** Half of `minShortSide`: a marked picture may have been shrunk. */
const minReadable = 100;
/** Finer cells than this are beyond what pixels can show. */
const minPixelsPerCell = 0.95;
/** Below, a sync pattern is not to be told from chance, and a codeword beneath it never readable. */
const minScore = 5;
const maxScanned = 4;
/** Each sight is tried as it is and sharpened. */
export const maxDecodings = (rungs.length + maxScanned) * 2;

function readClearest(sights: Sight[], pixels: Pixels): Reading | null {
  const clear = sights.filter(({ peak }) => peak.score >= minScore).sort((a, b) => b.peak.score - a.peak.score);
  for (const sight of clear) {
    const reading = decode(sight, pixels) ?? decode(sharpen(sight), pixels);
    if (reading) return reading;
  }
  return null;
}

function decode({ tile, peak, plane, cell, orientation }: Sight, pixels: Pixels): Reading | null {
  const decoded = decodeIdentifier(softBits(readCells(tile, peak)));
  if (!decoded) return null;
  const x = pixels.width / plane.width;
  const y = pixels.height / plane.height;
  const perBin = tileSide / bins;
  return {
    ...decoded,
    score: peak.score,
    cell: { x: cell.x * x, y: cell.y * y },
    offset: { x: peak.x * perBin * cell.x * x, y: peak.y * perBin * cell.y * y },
    orientation,
  };
}

/** Adds up the cells of each bit of the codeword, by their signs. */
function softBits(cells: Float64Array): Float64Array {
  const soft = new Float64Array(codewordBits);
  cells.forEach((value, cell) => {
    const bit = layout.bits[cell] ?? -1;
    if (bit >= 0) soft[bit] = (soft[bit] ?? 0) + value * (layout.chips[cell] ?? 0);
  });
  return soft;
}
