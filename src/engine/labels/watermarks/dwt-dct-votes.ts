import type { Pixels } from '../../media/pixels.ts';

/**
 * How the picture was handed to the library, which decides what the numbers mean:
 * `bytes-bgr`: 8 bits a channel, OpenCV's rounding, chroma centred on 128;
 * `float-bgr`: 32-bit floats 0…255, chroma centred on 0.5, so that the largest *magnitude* of either sign carries the bit;
 * `float-rgb`: the same with red and blue exchanged, as diffusers did at first.
 */
export type VoteVariant = 'bytes-bgr' | 'float-bgr' | 'float-rgb';

/** One vote (0 or 1) a block of 8 × 8 pixels, raster order: block `n` carries bit `n mod length` of the message. */
export type Votes = Record<VoteVariant, Uint8Array>;

/** `WatermarkEncoder.encode` refuses smaller pictures. */
export const minPixels = 256 * 256;
/** Rows beyond this many pixels add little to the vote and cost time; the order of blocks depends on the full width only. */
const maxPixels = 4_000_000;
/** Strength of the mark: `EmbedMaxDct(scales=[0, 36, 36])`, of which the loop `range(2)` uses the second only. */
const scale = 36;
const blockSide = 8;

/** 1/√2 times every byte value: the Haar filter as PyWavelets computes it, in double precision. */
const haar = Math.SQRT1_2;
const haarOfByte = Float64Array.from({ length: 256 }, (_, value) => value * haar);

/**
 * What each block of the picture says, as `EmbedMaxDct.infer_dct_matrix` of invisible-watermark 0.2.0 reads it (despite the name
 * there is no cosine transform): U plane of OpenCV's BGR→YUV, Haar approximation, of each 4 × 4 coefficients the largest magnitude
 * but the first; one when it lies in the upper half of its step of 36. `bytes-bgr` equals the library bit for bit, ties
 * included; the float variants differ from it only where a coefficient lies within float rounding of a boundary.
 *
 * Looks at the first 4 million pixels' rows. Alpha is ignored, as OpenCV drops it.
 */
export function readVotes(pixels: Pixels): Votes {
  const { width, channels, data } = pixels;
  const across = Math.floor(width / blockSide);
  const wantedRows = Math.max(blockSide, Math.floor(maxPixels / Math.max(1, width)));
  const heldRows = Math.floor(data.length / Math.max(1, width * channels));
  const down = Math.floor(Math.min(pixels.height, heldRows, wantedRows) / blockSide);
  const bytesBgr = new Uint8Array(across * down);
  const floatBgr = new Uint8Array(across * down);
  const floatRgb = new Uint8Array(across * down);
  const stride = width * channels;

  let block = 0;
  for (let row = 0; row < down; row += 1) {
    const top = row * blockSide * stride;
    for (let column = 0; column < across; column += 1) {
      const corner = top + column * blockSide * channels;
      let maxByte = 0;
      let maxBgr = -1;
      let maxRgb = -1;
      for (let cell = 1; cell < 16; cell += 1) {
        const a = corner + (cell >> 2) * 2 * stride + (cell & 3) * 2 * channels;
        const b = a + channels;
        const c = a + stride;
        const d = c + channels;
        const ra = data[a] ?? 0;
        const ga = data[a + 1] ?? 0;
        const ba = data[a + 2] ?? 0;
        const rb = data[b] ?? 0;
        const gb = data[b + 1] ?? 0;
        const bb = data[b + 2] ?? 0;
        const rc = data[c] ?? 0;
        const gc = data[c + 1] ?? 0;
        const bc = data[c + 2] ?? 0;
        const rd = data[d] ?? 0;
        const gd = data[d + 1] ?? 0;
        const bd = data[d + 2] ?? 0;

        // PyWavelets filters down the columns first, then along the rows; the order decides ties.
        const left = (haarOfByte[chroma(ra, ga, ba)] ?? 0) + (haarOfByte[chroma(rc, gc, bc)] ?? 0);
        const right = (haarOfByte[chroma(rb, gb, bb)] ?? 0) + (haarOfByte[chroma(rd, gd, bd)] ?? 0);
        const byte = left * haar + right * haar;
        if (byte > maxByte) maxByte = byte;

        const red = ra + rb + rc + rd;
        const green = 0.587 * (ga + gb + gc + gd);
        const blue = ba + bb + bc + bd;
        const bgr = Math.abs(0.246 * (blue - 0.114 * blue - green - 0.299 * red) + 1);
        const rgb = Math.abs(0.246 * (red - 0.114 * red - green - 0.299 * blue) + 1);
        if (bgr > maxBgr) maxBgr = bgr;
        if (rgb > maxRgb) maxRgb = rgb;
      }
      bytesBgr[block] = vote(maxByte);
      floatBgr[block] = vote(maxBgr);
      floatRgb[block] = vote(maxRgb);
      block += 1;
    }
  }
  return { 'bytes-bgr': bytesBgr, 'float-bgr': floatBgr, 'float-rgb': floatRgb };
}

/** U of OpenCV's 8-bit BGR→YUV: 14-bit fixed point, rounded, luma rounded before it is subtracted. Always within 16…240. */
function chroma(red: number, green: number, blue: number): number {
  const luma = (blue * 1868 + green * 9617 + red * 4899 + 8192) >> 14;
  return ((blue - luma) * 8061 + 2_105_344) >> 14;
}

function vote(magnitude: number): number {
  return magnitude % scale > scale / 2 ? 1 : 0;
}
