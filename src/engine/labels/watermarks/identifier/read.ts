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

/** `whole`: the picture was not cropped. `part`: it may have been, and every size is tried, twice the work. */
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
  const reading = readClearest(lookUpright(planes), planes) ?? readClearest(lookTurned(planes), planes);
  if (reading || effort === 'whole') return reading;
  return readClearest(lookInParts(planes), planes);
}

/** The picture at each size of cells that it has if it was neither cropped nor turned; a mirror makes no difference. */
export function lookUpright(planes: Planes, sizes: readonly number[] = rungs): Sight[] {
  return lookAtWhole(planes, sizes, [0]);
}

/** The same turned by one to three quarters. */
export function lookTurned(planes: Planes): Sight[] {
  return lookAtWhole(planes, rungs, [1, 2, 3]);
}

function lookAtWhole(planes: Planes, sizes: readonly number[], quarterTurns: readonly number[]): Sight[] {
  return sizes
    .filter((cells) => planes.shortSide / cells >= fewestPixels)
    .map((cells) => {
      const plane = planes.forCells(cells);
      return lookAround(plane, cellIn(plane, cells), quarterTurns);
    });
}

/** The picture at the sizes of cells that look most like a mark, if it may have been cropped. */
export function lookInParts(planes: Planes): Sight[] {
  return scanScales(planes, fewestPixelsInParts).slice(0, maxScanned);
}

/** Half of `minShortSide`: a marked picture may have been shrunk. */
const minReadable = 100;
/** Pixels a cell: finer ones are beyond what pixels can show. */
const fewestPixels = 0.95;
/** The same where a crop leaves less to go by. */
const fewestPixelsInParts = 1.2;
/** Below, a sync pattern is not to be told from chance, and a codeword beneath it never readable. */
export const minScore = 5;
const maxScanned = 4;
/** Each sight is tried as it is and sharpened. */
export const maxDecodings = (2 * rungs.length + maxScanned) * 2;

/** What the clearest of some sights says, if any has a sync pattern and a codeword with its checksum. */
export function readClearest(sights: Sight[], planes: Planes): Reading | null {
  const clear = sights.filter(({ peak }) => peak.score >= minScore).sort((a, b) => b.peak.score - a.peak.score);
  for (const sight of clear) {
    const reading = decode(sight, planes) ?? decode(sharpen(sight), planes);
    if (reading) return reading;
  }
  return null;
}

function decode(sight: Sight, { shortSide }: Planes): Reading | null {
  const { peak, plane, cell, orientation } = sight;
  const decoded = decodeIdentifier(readBits(sight));
  if (!decoded) return null;
  const scale = shortSide / Math.min(plane.width, plane.height);
  const perBin = (scale * tileSide) / bins;
  return {
    ...decoded,
    score: peak.score,
    cell: { x: cell.x * scale, y: cell.y * scale },
    offset: { x: peak.x * perBin * cell.x, y: peak.y * perBin * cell.y },
    orientation,
  };
}

/** What each bit of the codeword looks like in a sight: the cells that carry it added up, positive for one. */
export function readBits({ tile, peak }: Sight): Float64Array {
  const soft = new Float64Array(codewordBits);
  readCells(tile, peak).forEach((value, cell) => {
    const bit = layout.bits[cell] ?? -1;
    if (bit >= 0) soft[bit] = (soft[bit] ?? 0) + value * (layout.chips[cell] ?? 0);
  });
  return soft;
}
