import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { signalSchema } from '../../../contract/screening.ts';
import type { Pixels } from '../../media/pixels.ts';
import { readDwtDct } from './dwt-dct.ts';
import { chanceOfFit, fitMessage } from './dwt-dct-fit.ts';
import { knownMessages, maxFalsePositive } from './dwt-dct-messages.ts';
import { readVotes } from './dwt-dct-votes.ts';

const fixtures = new URL('../../../../test/fixtures/traces/', import.meta.url);
/** What the real library decodes from each fixture, by length of the message. */
const libraryBits = z
  .record(z.string(), z.record(z.string(), z.string()))
  .parse(JSON.parse(readFileSync(new URL('dwt-dct-bits.json', fixtures), 'utf8')));

describe('pictures marked by the real library', () => {
  it.each(Object.entries(libraryBits))('%s decodes to the same bits', async (name, lengths) => {
    const votes = readVotes(await decode(name))['bytes-bgr'];
    expect(Object.keys(lengths)).toHaveLength(6);
    for (const [length, bits] of Object.entries(lengths)) {
      expect(fitMessage(votes, new Uint8Array(Number(length))).decoded.join('')).toBe(bits);
    }
  });

  const marked = [
    ['dwt-dct-sd1.png', 'sd1', 'bytes-bgr', 123, 136],
    ['dwt-dct-sd2.png', 'sd2', 'bytes-bgr', 28, 32],
    ['dwt-dct-sdxl.png', 'sdxl', 'float-bgr', 46, 48],
    ['dwt-dct-sdxl-rgb.png', 'sdxl', 'float-rgb', 47, 48],
    ['dwt-dct-flux.png', 'flux', 'float-bgr', 43, 46],
  ] as const;
  it.each(marked)('%s carries %s as %s', async (name, message, variant, agreeing, bits) => {
    const signals = readDwtDct(await decode(name));
    expect(signals).toMatchObject([
      {
        id: 'watermark.dwt-dct#1',
        claim: 'ai-generated',
        strength: 'strong',
        params: { agreeing, bits },
        evidence: { message, variant },
      },
    ]);
    for (const signal of signals) signalSchema.parse(signal);
  });

  it('does not mind alpha, nor that the last rows are missing', async () => {
    const pixels = await decode('dwt-dct-sdxl.png');
    const withAlpha = await raw(
      await sharp(readFileSync(new URL('dwt-dct-sdxl.png', fixtures)))
        .ensureAlpha(0.5)
        .png()
        .toBuffer(),
    );
    expect(withAlpha.channels).toBe(4);
    expect(readVotes(withAlpha)).toEqual(readVotes(pixels));
    const most = { ...pixels, data: pixels.data.subarray(0, 256 * 250 * 3) };
    expect(readDwtDct(most)).toHaveLength(1);
  });

  it('is lost when the picture is resized or cropped, and does not become another message', async () => {
    const input = readFileSync(new URL('dwt-dct-sdxl.png', fixtures));
    expect(readDwtDct(await raw(await sharp(input).resize(384).png().toBuffer()))).toEqual([]);
    const cropped = await sharp(
      await sharp(input).extend({ right: 40, bottom: 40, background: 'teal' }).png().toBuffer(),
    )
      .extract({ left: 5, top: 3, width: 256, height: 256 })
      .png()
      .toBuffer();
    expect(readDwtDct(await raw(cropped))).toEqual([]);
  });
});

/** Colours of blocks that vote one and zero in every variant but the one with red and blue exchanged. */
const one: Colour = [100, 100, 127];
const zero: Colour = [100, 100, 100];

describe('pictures without the mark', () => {
  const side = 512;
  const random = prng(7);
  const pictures: [string, Pixels][] = [
    ['black', painted(side, () => [0, 0, 0])],
    ['white', painted(side, () => [255, 255, 255])],
    ['blue', painted(side, () => [0, 0, 255])],
    ['red', painted(side, () => [255, 0, 0])],
    ['grey', painted(side, () => [127, 127, 127])],
    ['black with one white pixel', painted(side, (x, y) => (x === 77 && y === 99 ? [255, 255, 255] : [0, 0, 0]))],
    ['noise', painted(side, () => [random() * 256, random() * 256, random() * 256])],
    ['faint noise', painted(side, () => [128 + random() * 3, 128, 128 + random() * 3])],
    ['a gradient', painted(side, (x, y) => [x / 2, y / 2, (x + y) / 4])],
    ['a steep gradient', painted(side, (x, y) => [(x * 3) & 255, (y * 5) & 255, (x * y) & 255])],
    ['a circle', painted(side, (x, y) => (Math.hypot(x - 200, y - 260) < 120 ? [20, 60, 230] : [240, 200, 10]))],
  ];
  for (const period of [2, 8, 16, 24, 32, 46, 48, 64, 128, 256, 368, 384]) {
    pictures.push([`stripes of ${period} pixels`, painted(side, (x) => (x % period < period / 2 ? one : zero))]);
    pictures.push([
      `checks of ${period} pixels`,
      painted(side, (x, y) => (x % period < period / 2 === y % period < period / 2 ? one : zero)),
    ]);
  }
  // The worst regular picture: every column of blocks pulls to where most letters of the message have that bit.
  for (const { id, bits } of knownMessages) {
    const likely = Array.from(
      { length: 8 },
      (_, bit) => mean([...bits].filter((_value, index) => index % 8 === bit)) > 0.5,
    );
    pictures.push([`columns like the letters of ${id}`, painted(side, (x) => (likely[(x >> 3) % 8] ? one : zero))]);
    pictures.push([`columns against the letters of ${id}`, painted(side, (x) => (likely[(x >> 3) % 8] ? zero : one))]);
  }
  it.each(pictures)('%s', (_what, pixels) => {
    expect(readDwtDct(pixels)).toEqual([]);
  });

  it('would fool a text message by its letters alone, were the period of eight not taken out', () => {
    const picture = pictures.find(([what]) => what === 'columns like the letters of sd1-inpainting')?.[1];
    const message = knownMessages.find(({ id }) => id === 'sd1-inpainting');
    if (!picture || !message) throw new Error('the table above changed');
    const { fit, fitWithoutPeriod } = fitMessage(readVotes(picture)['bytes-bgr'], message.bits);
    expect(chanceOfFit(fit)).toBeLessThan(message.budget);
    expect(fitWithoutPeriod).toBeLessThan(1);
  });

  it('are not looked at when the encoder would refuse them', async () => {
    const pixels = await decode('dwt-dct-sdxl.png');
    expect(readDwtDct({ ...pixels, height: 255 })).toEqual([]);
  });

  it('may be damaged, absurd or missing', async () => {
    const pixels = await decode('dwt-dct-sdxl.png');
    const odd: Pixels[] = [
      { ...pixels, data: new Uint8Array(0) },
      { ...pixels, data: pixels.data.subarray(0, 1000) },
      { ...pixels, width: 1_000_000, height: 1_000_000 },
      { ...pixels, width: 10_000_000, height: 1 },
      { ...pixels, width: 1, height: 10_000_000 },
      { width: 0, height: 0, channels: 3, data: new Uint8Array(0) },
    ];
    for (const picture of odd) expect(readDwtDct(picture)).toEqual([]);
  });

  it('never throws for mutated pixels', async () => {
    const pixels = await decode('dwt-dct-flux.png');
    for (let round = 0; round < 200; round += 1) {
      const data = Uint8Array.from(pixels.data);
      for (let count = 0; count < 2 ** (round % 17); count += 1)
        data[Math.floor(random() * data.length)] = Math.floor(random() * 256);
      const shape = { ...pixels, data, width: 200 + Math.floor(random() * 200), height: Math.floor(random() * 600) };
      for (const signal of readDwtDct(round % 2 ? shape : { ...pixels, data })) signalSchema.parse(signal);
    }
  });
});

describe('the chance of a false alarm', () => {
  it('is at most one in a million for all messages together', () => {
    const total = knownMessages.reduce((sum, { budget, variants }) => sum + budget * variants.length, 0);
    expect(total).toBeLessThanOrEqual(maxFalsePositive * (1 + 1e-9));
    // Every message must be able to pass: a perfect fit is the square root of its variance.
    for (const { bits, budget } of knownMessages) {
      const ones = bits.reduce((sum, bit) => sum + bit, 0);
      expect(chanceOfFit(Math.sqrt((4 * ones * (bits.length - ones)) / bits.length))).toBeLessThan(budget);
    }
  });

  it('is bounded for every weighting of the bits, counted over all messages of 14 bits', () => {
    const random = prng(99);
    for (let trial = 0; trial < 12; trial += 1) {
      const weights = Array.from({ length: 14 }, () => (random() - 0.5) * (trial % 3 === 0 ? random() ** 4 : 1));
      const norm = Math.hypot(...weights);
      const sums = Array.from({ length: 2 ** 14 }, (_, signs) =>
        weights.reduce((sum, weight, bit) => sum + ((signs >> bit) & 1 ? weight : -weight) / norm, 0),
      );
      for (const fit of [1.2, 1.5, 2, 2.5, 3, 3.5]) {
        expect(sums.filter((sum) => sum >= fit).length / sums.length).toBeLessThanOrEqual(chanceOfFit(fit));
      }
    }
  });

  it('has messages of the length and text that their writers embed', () => {
    const text = (id: string): string => {
      const bits = knownMessages.find((of) => of.id === id)?.bits ?? new Uint8Array(0);
      return Buffer.from(
        Array.from({ length: bits.length / 8 }, (_, at) => Number.parseInt(bits.slice(at * 8, at * 8 + 8).join(''), 2)),
      ).toString();
    };
    expect(text('sd1')).toBe('StableDiffusionV1');
    expect(text('sd1-inpainting')).toBe('StableDiffusionV1-Inpainting');
    expect(text('sd2')).toBe('SDV2');
    expect(text('invokeai')).toBe('InvokeAI');
    const number = (id: string) => Number.parseInt(knownMessages.find((of) => of.id === id)?.bits.join('') ?? '', 2);
    expect(number('sdxl')).toBe(0b101100111110110010010000011110111011000110011110);
    expect(number('flux')).toBe(0b001010101111111010000111100111001111010100101110);
  });
});

describe('large pictures', () => {
  it('are read for four million pixels from the top, in the order of their full width', () => {
    const wide: Pixels = { width: 5000, height: 3000, channels: 3, data: new Uint8Array(5000 * 3000 * 3) };
    expect(readVotes(wide)['bytes-bgr']).toHaveLength(625 * 100);
    const strip: Pixels = { width: 5_000_000, height: 8, channels: 3, data: new Uint8Array(5_000_000 * 8 * 3) };
    expect(readVotes(strip)['float-bgr']).toHaveLength(625_000);
  });
});

type Colour = [red: number, green: number, blue: number];

function painted(side: number, colour: (x: number, y: number) => Colour): Pixels {
  const data = new Uint8Array(side * side * 3);
  for (let at = 0; at < side * side; at += 1) data.set(colour(at % side, Math.floor(at / side)), at * 3);
  return { width: side, height: side, channels: 3, data };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function decode(name: string): Promise<Pixels> {
  return raw(readFileSync(new URL(name, fixtures)));
}

async function raw(input: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(input).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels === 4 ? 4 : 3, data };
}

/** mulberry32 */
function prng(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
