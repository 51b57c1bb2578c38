import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { signalSchema } from '../../../contract/screening.ts';
import type { Pixels } from '../../media/pixels.ts';
import { readAlphaStealth } from './alpha-stealth.ts';

const fixtures = new URL('../../../../test/fixtures/traces/', import.meta.url);
const infotext = 'secret\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 64x64';

describe('generation settings hidden in the lowest bits', () => {
  const files = [
    [
      'stealth-alpha.png',
      'NovelAI',
      { carrier: 'alpha', signedHash: true, model: 'NovelAI Diffusion V4.5 4BDE2A90', steps: 28 },
    ],
    ['stealth-alpha-plain.png', 'Stable Diffusion WebUI', { carrier: 'alpha', steps: 28, modelHash: '6ce0161689' }],
    ['stealth-rgb.png', 'Stable Diffusion WebUI', { carrier: 'rgb', sampler: 'DPM++ 2M' }],
  ] as const;
  it.each(files)('%s', async (name, tool, evidence) => {
    const signals = readAlphaStealth(await decode(name));
    expect(signals).toMatchObject([
      { id: 'watermark.alpha-stealth#1', strength: 'strong', params: { tool }, evidence },
    ]);
    for (const signal of signals) signalSchema.parse(signal);
    expect(JSON.stringify(signals)).not.toContain('secret');
  });

  it.each(['novelai.png', 'sd-webui.png', 'dwt-dct-none.png'])('finds nothing in %s', async (name) => {
    expect(readAlphaStealth(await decode(name))).toEqual([]);
  });

  it('survives a lossless copy but not a JPEG', async () => {
    const input = readFileSync(new URL('stealth-rgb.png', fixtures));
    expect(readAlphaStealth(await raw(await sharp(input).png({ compressionLevel: 1 }).toBuffer()))).toHaveLength(1);
    expect(readAlphaStealth(await raw(await sharp(input).jpeg({ quality: 100 }).toBuffer()))).toEqual([]);
  });
});

describe('hostile payloads', () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const unread = [
    ['a length beyond the picture', hidden('stealth_pngcomp', gzipSync(infotext), 0xffff_fff8)],
    ['a length that is no whole byte', hidden('stealth_pnginfo', Buffer.from(infotext), 13)],
    ['no length', hidden('stealth_pnginfo', Buffer.from(infotext), 0)],
    ['what is not gzip', hidden('stealth_pngcomp', Buffer.from(infotext))],
    ['a gzip bomb', hidden('stealth_pngcomp', bomb, bomb.length * 8, 1024)],
    ['text of nobody', hidden('stealth_pnginfo', Buffer.from('hello'))],
  ] as const;
  it.each(unread)('%s is some evidence only', (_what, pixels) => {
    expect(readAlphaStealth(pixels)).toMatchObject([{ strength: 'some', code: 'watermark-alpha-stealth-unread' }]);
  });

  it('looks at no signature that it does not know, at no alpha that is not there and at no pixels that are missing', () => {
    const pixels = hidden('stealth_pngevil', Buffer.from(infotext));
    expect(readAlphaStealth(pixels)).toEqual([]);
    expect(readAlphaStealth({ ...hidden('stealth_pnginfo', Buffer.from(infotext)), channels: 3 })).toEqual([]);
    expect(readAlphaStealth({ ...pixels, height: 1_000_000 })).toEqual([]);
    expect(readAlphaStealth({ width: 0, height: 0, channels: 4, data: new Uint8Array(0) })).toEqual([]);
    expect(readAlphaStealth({ width: 1, height: 1, channels: 4, data: new Uint8Array(4) })).toEqual([]);
  });

  it('never throws for mutated pixels', () => {
    let state = 7;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const good = hidden('stealth_pngcomp', gzipSync(infotext));
    for (let round = 0; round < 400; round += 1) {
      const data = Uint8Array.from(good.data);
      // Bits of the payload lie in the first columns; the signature is kept so that every round reaches the payload.
      for (let count = 0; count < 8; count += 1) flip(data, good, 120 + Math.floor(random() * 900));
      const signals = readAlphaStealth({ ...good, data });
      expect(signals).toHaveLength(1);
      for (const signal of signals) signalSchema.parse(signal);
    }
  });
});

function hidden(signature: string, payload: Uint8Array, declared = payload.length * 8, side = 128): Pixels {
  const pixels: Pixels = { width: side, height: side, channels: 4, data: new Uint8Array(side * side * 4).fill(254) };
  const length = Buffer.alloc(4);
  length.writeUInt32BE(declared);
  const bytes = Buffer.concat([Buffer.from(signature), length, payload]);
  for (let bit = 0; bit < bytes.length * 8 && bit < side * side; bit += 1) {
    if (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) flip(pixels.data, pixels, bit);
  }
  return pixels;
}

function flip(data: Uint8Array, { width, height }: Pixels, bit: number): void {
  const at = ((bit % height) * width + Math.floor(bit / height)) * 4 + 3;
  data[at] = (data[at] ?? 0) ^ 1;
}

async function decode(name: string): Promise<Pixels> {
  return raw(readFileSync(new URL(name, fixtures)));
}

async function raw(input: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(input).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels === 4 ? 4 : 3, data };
}
