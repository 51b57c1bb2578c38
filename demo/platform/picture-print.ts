import sharp from 'sharp';
import type { Gaps } from './gaps.ts';

/** 63 bits: which of the slow waves in a picture are stronger than the middle one. */
type Hash = bigint;

interface Hashes {
  whole: Hash[];
  /** Without the lowest part, where people write. */
  upper: Hash[];
}

export interface PicturePrint extends Hashes {
  /** Black bars were taken off. */
  barred: boolean;
}

/** The same with what people make of a picture without making another one: its middle, its mirror image. */
export interface KnownPrint extends Hashes {
  mirrored: Hashes;
}

const side = 32;
const waves = 8;
/** Of 63 bits; pictures that have nothing to do with each other differ in about half of them. */
const mostDifferent = 10;
/** How much of a picture is left when its middle is cut out. */
const crops = [1, 0.95, 0.9, 0.85, 0.8] as const;
const upperShare = 0.85;

/**
 * A perceptual hash: brightness at 32 × 32, its discrete cosine transform, the slowest 8 × 8 waves but the mean, each against their
 * median (after pHash by E. Klinger and D. Starkweather). Bars around the picture are taken off before.
 */
export async function printOf(picture: Buffer): Promise<PicturePrint> {
  const { barred, ...bare } = await withoutBars(picture);
  return { barred, whole: [hash(await grayOf(bare, centre(1)))], upper: [hash(await grayOf(bare, upperPart))] };
}

export async function knownPrintOf(picture: Buffer): Promise<KnownPrint> {
  const bare = await withoutBars(picture);
  const middles = await Promise.all(crops.map((share) => grayOf(bare, centre(share))));
  const upper = await grayOf(bare, upperPart);
  return {
    ...{ whole: middles.map(hash), upper: [hash(upper)] },
    mirrored: { whole: middles.map((gray) => hash(mirrored(gray))), upper: [hash(mirrored(upper))] },
  };
}

export function isAlike(picture: PicturePrint, known: KnownPrint, gaps: Gaps): boolean {
  const mirrorToo = !(picture.barred && gaps.has('known-fakes-one-change'));
  return fits(picture, known) || (mirrorToo && fits(picture, known.mirrored));
}

function fits(picture: Hashes, known: Hashes): boolean {
  return areClose(picture.whole, known.whole) || areClose(picture.upper, known.upper);
}

function areClose(some: readonly Hash[], others: readonly Hash[]): boolean {
  return some.some((one) => others.some((other) => differenceOf(one, other) <= mostDifferent));
}

function differenceOf(one: Hash, other: Hash): number {
  let count = 0;
  for (let bits = one ^ other; bits > 0n; bits &= bits - 1n) count += 1;
  return count;
}

interface Picture {
  /** PNG. */
  bytes: Buffer;
  width: number;
  height: number;
}

type Part = (size: Picture) => { left: number; top: number; width: number; height: number };

function centre(share: number): Part {
  return ({ width, height }) => {
    const [wide, high] = [Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share))];
    return { left: Math.floor((width - wide) / 2), top: Math.floor((height - high) / 2), width: wide, height: high };
  };
}

const upperPart: Part = ({ width, height }) => {
  const high = Math.max(1, Math.round(height * upperShare));
  return { left: 0, top: 0, width, height: high };
};

/** Without rows and columns of black at the edges; a picture that is nothing else stays as it is. */
async function withoutBars(picture: Buffer): Promise<Picture & { barred: boolean }> {
  const flat = sharp(picture).autoOrient().removeAlpha().png({ compressionLevel: 0 });
  const { data: whole, info: size } = await flat.toBuffer({ resolveWithObject: true });
  try {
    const trimmed = sharp(whole).trim({ background: '#000000', threshold: 24 }).png({ compressionLevel: 0 });
    const { data, info } = await trimmed.toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return { bytes: data, width, height, barred: width < size.width * 0.9 || height < size.height * 0.9 };
  } catch {
    // All of it would go.
    return { bytes: whole, width: size.width, height: size.height, barred: false };
  }
}

async function grayOf(picture: Picture, part: Part): Promise<Float64Array> {
  const cut = sharp(picture.bytes).extract(part(picture)).grayscale();
  return Float64Array.from(await cut.resize(side, side, { fit: 'fill' }).raw().toBuffer());
}

function mirrored(gray: Float64Array): Float64Array {
  return gray.map((_value, at) => gray[at - (at % side) + side - 1 - (at % side)] ?? 0);
}

function hash(gray: Float64Array): Hash {
  const strengths = slowWaves(gray).slice(1);
  const sorted = strengths.toSorted((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return strengths.reduce((bits, strength) => (bits << 1n) | (strength > middle ? 1n : 0n), 0n);
}

/** DCT-II in both directions, the lowest `waves` of each. */
function slowWaves(gray: Float64Array): number[] {
  const rows = Array.from({ length: side }, (_, y) =>
    cosines.map((wave) => wave.reduce((sum, weight, x) => sum + weight * (gray[y * side + x] ?? 0), 0)),
  );
  return cosines.flatMap((wave) =>
    cosines.map((_, u) => wave.reduce((sum, weight, y) => sum + weight * (rows[y]?.[u] ?? 0), 0)),
  );
}

const cosines = Array.from({ length: waves }, (_, u) =>
  Array.from({ length: side }, (__, x) => Math.cos(((2 * x + 1) * u * Math.PI) / (2 * side))),
);
