import { bins } from './fourier.ts';
import { tileSide } from './pattern.ts';
import type { Prediction } from './residual.ts';

/** Size of one cell of the mark in pixels of a plane. */
export interface CellSize {
  x: number;
  y: number;
}

export interface Span {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function wholeOf({ width, height }: Prediction): Span {
  return { left: 0, top: 0, width, height };
}

/**
 * Lays all tiles in a part of a plane over each other: `bins` × `bins` sums, two bins a cell. What repeats with the tile adds up, the
 * picture averages out (Kalker, Depovere, Haitsma and Maes, "A video watermarking system for broadcast monitoring", SPIE 3657, 1999).
 */
export function foldTiles(plane: Prediction, cell: CellSize, span: Span): Float64Array {
  const columns = binsAlong(span.left, span.width, cell.x);
  const rows = binsAlong(span.top, span.height, cell.y);
  // Rows first: neighbours in a row fall into the same bin, and adding to one place again and again is slow.
  const strips = clearedStrips(bins * span.width);
  for (let y = 0; y < span.height; y += 1) {
    const strip = (rows[y] ?? 0) * span.width;
    addRow(strips, strip, plane.values, (span.top + y) * plane.width + span.left, span.width);
  }
  const tile = new Float64Array(bins * bins);
  for (let row = 0; row < bins; row += 1) addBins(tile, row * bins, strips, row * span.width, columns);
  return tile;
}

function addRow(to: Int32Array, first: number, from: Int16Array, start: number, count: number): void {
  for (let x = 0; x < count; x += 1) to[first + x] = (to[first + x] ?? 0) + (from[start + x] ?? 0);
}

function addBins(to: Float64Array, first: number, from: Int32Array, start: number, columns: Uint8Array): void {
  for (let x = 0; x < columns.length; x += 1) {
    const bin = first + (columns[x] ?? 0);
    to[bin] = (to[bin] ?? 0) + (from[start + x] ?? 0);
  }
}

/** Scratch for one fold, kept because a scan makes hundreds; all here is synchronous. */
let scratch = new Int32Array(0);

function clearedStrips(length: number): Int32Array {
  if (scratch.length < length) scratch = new Int32Array(length);
  scratch.fill(0, 0, length);
  return scratch;
}

function binsAlong(from: number, count: number, cell: number): Uint8Array {
  const binsPerPixel = bins / (tileSide * cell);
  const result = new Uint8Array(count);
  for (let x = 0; x < count; x += 1) result[x] = Math.floor((from + x + 0.5) * binsPerPixel) % bins;
  return result;
}

/** A folded tile as it would be had the picture been mirrored (odd orientations) and turned by quarter turns. */
export function turnTile(tile: Float64Array, orientation: number): Float64Array {
  if (orientation === 0) return tile;
  const result = new Float64Array(tile.length);
  for (let y = 0; y < bins; y += 1) {
    for (let x = 0; x < bins; x += 1) {
      let [u, v] = [orientation & 1 ? bins - 1 - x : x, y];
      for (let turns = orientation >> 1; turns > 0; turns -= 1) [u, v] = [bins - 1 - v, u];
      result[y * bins + x] = tile[v * bins + u] ?? 0;
    }
  }
  return result;
}
