import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { codewordBits, decodeIdentifier, encodeIdentifier } from '../engine/labels/watermarks/identifier/codeword.ts';
import { embedIdentifier } from '../engine/labels/watermarks/identifier/embed.ts';
import { Planes } from '../engine/labels/watermarks/identifier/planes.ts';
import {
  lookInParts,
  lookTurned,
  lookUpright,
  maxDecodings,
  minScore,
  readBits,
  readClearest,
  readIdentifier,
} from '../engine/labels/watermarks/identifier/read.ts';
import type { Pixels } from '../engine/media/pixels.ts';
import type { BenchRow } from './bench-screen.ts';
import { channels, likeness, type Named, paintedPictures, pixelsOf, seeded } from './bench-watermark-pictures.ts';

interface BenchSetup {
  /** A folder of pictures to mark and change; null for pictures made here. */
  pictures: string | null;
  /** A folder of pictures that carry no mark; null for pictures made here. */
  unmarked: string | null;
  /** How many unmarked pictures and arrays of noise are read at most. */
  most: { unmarked: number; noise: number };
  note: (text: string) => void;
}

/**
 * Figures of the identifier watermark: how well it hides, what it survives, how often it is seen where none is, how long it takes.
 * Everything goes through the product's own code; `docs/decisions/watermark.md` has the table of one run.
 */
export async function* benchWatermark({ pictures, unmarked, most, note }: BenchSetup): AsyncGenerator<BenchRow> {
  yield benchNoise(most.noise, note);
  yield* benchMarked(pictures ? picturesIn(pictures) : paintedPictures(24, 1), note);
  yield await benchUnmarked(unmarked ? picturesIn(unmarked) : paintedPictures(most.unmarked, 2), most.unmarked, note);
  yield await benchTime(note);
}

interface Tally {
  pictures: number;
  read: number;
  small: { pictures: number; read: number };
  bitErrorRates: number[];
}

async function* benchMarked(pictures: AsyncIterable<Named>, note: BenchSetup['note']): AsyncGenerator<BenchRow> {
  const random = seeded(3);
  const refused = new Map<string, number>();
  const likenesses: { psnr: number; ssim: number }[] = [];
  const tallies = new Map(Object.keys(channels).map((name) => [name, emptyTally()]));
  for await (const { name, pixels } of pictures) {
    const identifier = (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32));
    const embedding = embedIdentifier(pixels, identifier);
    if (embedding.status === 'refused') {
      note(`${name} ${pixels.width} × ${pixels.height}: refused, ${embedding.code}`);
      refused.set(embedding.code, (refused.get(embedding.code) ?? 0) + 1);
      continue;
    }
    const like = likeness(pixels, embedding.pixels);
    likenesses.push(like);
    const lost: string[] = [];
    for (const [channel, change] of Object.entries(channels)) {
      const changed = await pixelsOf(await change(embedding.pixels));
      const seen = readChanged(changed, identifier);
      const tally = tallies.get(channel) ?? emptyTally();
      tally.pictures += 1;
      tally.bitErrorRates.push(seen.bitErrorRate);
      const small = Math.min(pixels.width, pixels.height) < smallSide;
      if (small) tally.small.pictures += 1;
      if (!seen.read) lost.push(channel);
      else {
        tally.read += 1;
        if (small) tally.small.read += 1;
      }
    }
    note(
      `${name} ${pixels.width} × ${pixels.height}: ${like.psnr.toFixed(1)} dB, ${like.ssim.toFixed(4)}, ` +
        `${embedding.bitErrors} bit errors${lost.length > 0 ? `, lost after ${lost.join(', ')}` : ''}`,
    );
  }
  yield likenessRow(likenesses);
  yield refusedRow(likenesses.length, refused);
  for (const [channel, tally] of tallies) yield tallyRow(channel, tally);
}

/** Pictures with a shorter side than this are counted apart too: they carry a quarter of the cells. */
const smallSide = 512;

function emptyTally(): Tally {
  return { pictures: 0, read: 0, small: { pictures: 0, read: 0 }, bitErrorRates: [] };
}

/** Whether the right identifier came back, and the share of the codeword's bits that were wrong before correction. */
function readChanged(pixels: Pixels, identifier: bigint): { read: boolean; bitErrorRate: number } {
  const planes = new Planes(pixels);
  const whole = lookUpright(planes);
  let reading = readClearest(whole, planes);
  if (reading) return { read: reading.identifier === identifier, bitErrorRate: reading.bitErrors / codewordBits };
  const parts = lookInParts(planes);
  reading = readClearest(parts, planes);
  if (reading) return { read: reading.identifier === identifier, bitErrorRate: reading.bitErrors / codewordBits };
  const codeword = encodeIdentifier(identifier);
  const rates = [...whole, ...parts].map((sight) => {
    const bits = readBits(sight);
    return codeword.filter((bit, at) => (bit === 1) !== (bits[at] ?? 0) > 0).length / codewordBits;
  });
  return { read: false, bitErrorRate: Math.min(0.5, ...rates) };
}

function likenessRow(likenesses: { psnr: number; ssim: number }[]): BenchRow {
  const psnr = spread(likenesses.map((of) => of.psnr));
  const ssim = spread(likenesses.map((of) => of.ssim));
  return {
    name: `likeness of ${likenesses.length} marked pictures: PSNR, SSIM`,
    figure: `${psnr.mean.toFixed(1)} dB (${psnr.least.toFixed(1)}…${psnr.most.toFixed(1)}), ${ssim.mean.toFixed(4)} (${ssim.least.toFixed(4)}…)`,
    target: 'mean ≥ 40 dB, ≥ 0.98',
    met: psnr.mean >= 40 && ssim.mean >= 0.98,
    values: { psnr: psnr.mean, psnrLeast: psnr.least, ssim: ssim.mean, ssimLeast: ssim.least },
  };
}

function refusedRow(marked: number, refused: Map<string, number>): BenchRow {
  return {
    name: 'refused pictures',
    figure: [...refused].map(([code, count]) => `${code} ${count}`).join(', ') || 'none',
    target: '',
    met: null,
    values: { marked, ...Object.fromEntries(refused) },
  };
}

function tallyRow(channel: string, { pictures, read, small, bitErrorRates }: Tally): BenchRow {
  const rate = spread(bitErrorRates);
  return {
    name: channel,
    figure: `${percent(read / pictures)} read (${read} of ${pictures}; small ${small.read} of ${small.pictures}), BER ${percent(rate.mean)}`,
    target: '',
    met: null,
    values: { pictures, read, small: small.pictures, smallRead: small.read, bitErrorRate: rate.mean },
  };
}

/**
 * Reads pictures without a mark with all effort. Nothing may be found; beyond counting, every codeword that is tried passes its
 * checksum of 32 bits by accident once in 2³², whatever the picture is like, so the rate is bounded by the decodings tried.
 */
async function benchUnmarked(
  pictures: AsyncIterable<Named>,
  most: number,
  note: BenchSetup['note'],
): Promise<BenchRow> {
  const scores: number[] = [];
  let found = 0;
  let decodings = 0;
  for await (const { name, pixels } of pictures) {
    if (scores.length >= most) break;
    const planes = new Planes(pixels);
    const sights = [...lookUpright(planes), ...lookTurned(planes), ...lookInParts(planes)];
    if (sights.length === 0) continue;
    scores.push(Math.max(...sights.map(({ peak }) => peak.score)));
    decodings += sights.filter(({ peak }) => peak.score >= minScore).length * 2;
    const reading = readClearest(sights, planes);
    if (reading) {
      found += 1;
      note(`${name}: read ${reading.identifier.toString(16)} without a mark`);
    }
    if (scores.length % 50 === 0) note(`${scores.length} unmarked pictures, ${found} found`);
  }
  const score = spread(scores);
  const bound = decodings / Math.max(1, scores.length) / 2 ** 32;
  return {
    name: `unmarked pictures: identifiers found in ${scores.length}`,
    figure: `${found}; bound ${bound.toExponential(1)}, at worst ${(maxDecodings / 2 ** 32).toExponential(1)}`,
    target: '0, < 1e-6',
    met: found === 0 && maxDecodings / 2 ** 32 < 1e-6,
    values: {
      pictures: scores.length,
      found,
      decodings,
      bound,
      boundAtWorst: maxDecodings / 2 ** 32,
      scoreMean: score.mean,
      scoreDeviation: score.deviation,
      scoreMost: score.most,
      // Of all pictures, one in a million has a higher score, if scores follow the law of extremes (Gumbel, fitted by moments).
      scoreOfOneInAMillion: score.mean + (score.deviation * Math.sqrt(6) * (6 * Math.LN10 - 0.5772)) / Math.PI,
    },
  };
}

function benchNoise(most: number, note: BenchSetup['note']): BenchRow {
  note(`${most} arrays of noise`);
  const random = seeded(5);
  let found = 0;
  for (let trial = 0; trial < most; trial += 1) {
    const soft = Float64Array.from({ length: codewordBits }, () => {
      return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    });
    if (decodeIdentifier(soft)) found += 1;
  }
  return {
    name: `codewords of noise that pass: of ${most}`,
    figure: `${found}`,
    target: '0',
    met: found === 0,
    values: { arrays: most, found },
  };
}

async function benchTime(note: BenchSetup['note']): Promise<BenchRow> {
  note('12 megapixels, five times, processor time of this process');
  const pixels = twelveMegapixels();
  const { width, height, channels, data } = pixels;
  sharp.concurrency(1);
  const times = [];
  for (let round = 0; round < 5; round += 1)
    times.push({
      jpeg: await cpuSeconds(() => sharp(data, { raw: { width, height, channels } }).jpeg({ quality: 75 }).toBuffer()),
      embed: await cpuSeconds(() => embedIdentifier(pixels, 1n)),
      whole: await cpuSeconds(() => readIdentifier(pixels, 'whole')),
      part: await cpuSeconds(() => readIdentifier(pixels, 'part')),
    });
  const values = {
    embedS: median(times.map((of) => of.embed)),
    wholeS: median(times.map((of) => of.whole)),
    partS: median(times.map((of) => of.part)),
    jpegS: median(times.map((of) => of.jpeg)),
  };
  return {
    name: '12 MP: embed; read whole, part (unmarked)',
    figure: `${values.embedS.toFixed(2)} s; ${values.wholeS.toFixed(2)} s, ${values.partS.toFixed(2)} s (JPEG by sharp ${values.jpegS.toFixed(2)} s)`,
    target: 'each < 2 s',
    met: Math.max(values.embedS, values.partS) < 2,
    values,
  };
}

function twelveMegapixels(): Pixels {
  const random = seeded(9);
  const data = new Uint8Array(4000 * 3000 * 3);
  for (let at = 0; at < data.length; at += 1) data[at] = 110 + 60 * Math.sin(at / 90_000) + 20 * random();
  return { width: 4000, height: 3000, channels: 3, data };
}

async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** All pictures below a folder that can be decoded, in the order of their names. */
async function* picturesIn(folder: string): AsyncGenerator<Named> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(?:jpe?g|png|webp)$/i.test(name));
  for (const name of names.sort()) {
    try {
      yield { name, pixels: await pixelsOf(sharp(join(folder, name))) };
    } catch {
      // Not a picture after all, or one of the test files that are broken on purpose.
    }
  }
}

function spread(values: number[]): { mean: number; deviation: number; least: number; most: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    deviation: Math.sqrt(squares / values.length),
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
