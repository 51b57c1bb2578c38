import { createHash } from 'node:crypto';
import { codewordBits } from './codeword.ts';

/** Cells along each side of the tile that repeats over the picture. */
export const tileSide = 64;
export const tileCells = tileSide * tileSide;
/** Every fourth cell belongs to the sync pattern, the others carry the codeword: eight cells a bit and tile. */
const syncCells = tileCells / 4;

/**
 * The key of the mark, which is public: anybody may read the identifier, and so anybody can write one or take one out. The mark
 * therefore *points* to a manifest; whether that manifest belongs to the picture is proved by its signature and fingerprint only.
 */
const key = 'clearmirror identifier watermark 1';

interface Layout {
  /** ±1 for each cell of the sync pattern, 0 elsewhere. */
  sync: Float64Array;
  /** ±1 for each cell that carries a bit, 0 in the sync pattern. */
  chips: Float64Array;
  /** Which bit of the codeword each cell carries; −1 in the sync pattern. */
  bits: Int16Array;
}

/** The same on every machine: cells dealt by a Fisher–Yates shuffle, signs by coin flips, both from SHAKE256 of the key. */
export const layout: Layout = makeLayout();

/** The tile of one codeword: ±1 a cell, rows of `tileSide`. */
export function makeTile(codeword: Uint8Array): Float64Array {
  return layout.sync.map((sync, cell) => {
    const bit = layout.bits[cell] ?? -1;
    return bit < 0 ? sync : (layout.chips[cell] ?? 0) * (codeword[bit] === 1 ? 1 : -1);
  });
}

function makeLayout(): Layout {
  const random = createHash('shake256', { outputLength: tileCells * 5 })
    .update(key)
    .digest();
  const order = Uint16Array.from({ length: tileCells }, (_, cell) => cell);
  for (let last = tileCells - 1; last > 0; last -= 1) {
    const other = random.readUInt32BE(last * 4) % (last + 1);
    const held = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = held;
  }
  const sync = new Float64Array(tileCells);
  const chips = new Float64Array(tileCells);
  const bits = new Int16Array(tileCells).fill(-1);
  order.forEach((cell, rank) => {
    const sign = (random[tileCells * 4 + rank] ?? 0) & 1 ? 1 : -1;
    if (rank < syncCells) sync[cell] = sign;
    else {
      chips[cell] = sign;
      bits[cell] = (rank - syncCells) % codewordBits;
    }
  });
  return { sync, chips, bits };
}
