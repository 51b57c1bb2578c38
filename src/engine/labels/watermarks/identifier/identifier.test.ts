import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { signalSchema } from '../../../../contract/screening.ts';
import type { Pixels } from '../../../media/pixels.ts';
import { type Embedding, embedIdentifier } from './embed.ts';
import { readIdentifierSignals } from './identifier.ts';
import { readIdentifier } from './read.ts';

const identifier = 0x0123456789abcdefn;
const random = mulberry32(20261122);
const original = scenery(640, 480, 7);
const marked = embedded(original);

describe('a marked picture', () => {
  const changes: [string, (picture: Sharp) => Sharp][] = [
    ['as it is', (picture) => picture],
    ['as JPEG 75 with halved chroma', (picture) => picture.jpeg({ quality: 75, chromaSubsampling: '4:2:0' })],
    ['as JPEG 50', (picture) => picture.jpeg({ quality: 50 })],
    ['as WebP 75', (picture) => picture.webp({ quality: 75 })],
    ['at half the size', (picture) => picture.resize(320, 240)],
    [
      'at an odd size, by another kernel, as JPEG',
      (picture) => picture.resize(517, 388, { kernel: 'mitchell' }).jpeg(),
    ],
    ['enlarged', (picture) => picture.resize(800, 600, { kernel: 'cubic' })],
    ['a tenth cropped from each side', (picture) => picture.extract({ left: 64, top: 48, width: 512, height: 384 })],
    [
      'a tenth cropped from one side, as JPEG',
      (picture) => picture.extract({ left: 64, top: 0, width: 576, height: 480 }).jpeg(),
    ],
    ['darker and with less colour', (picture) => picture.modulate({ brightness: 0.9, saturation: 0.5 })],
    ['in grey', (picture) => picture.greyscale()],
    ['turned upside down', (picture) => picture.rotate(180)],
    ['turned by a quarter', (picture) => picture.rotate(90)],
    ['mirrored', (picture) => picture.flop()],
    ['mirrored, turned and shrunk', (picture) => picture.flop().rotate(270).resize(360, 480)],
  ];
  it.each(changes)('%s still tells its identifier', async (_what, change) => {
    expect(readIdentifier(await changed(marked, change))?.identifier).toBe(identifier);
  });

  it('looks like the original', () => {
    expect(psnr(original, marked)).toBeGreaterThan(40);
    expect(largestChange(original, marked)).toBeLessThanOrEqual(7);
  });

  it('is the same each time', () => {
    expect(Buffer.from(embedded(original).data).equals(Buffer.from(marked.data))).toBe(true);
  });

  it('says where the mark lies after a crop', async () => {
    const reading = readIdentifier(
      await changed(marked, (of) => of.extract({ left: 50, top: 30, width: 560, height: 440 })),
    );
    const upright = readIdentifier(marked);
    const cell = upright?.cell.x ?? Number.NaN;
    expect(reading?.cell.x).toBeCloseTo(cell, 1);
    // What was cut away moves the tile to the left, by whole tiles or not.
    const moved = ((reading?.offset.x ?? Number.NaN) + 50 - (upright?.offset.x ?? Number.NaN)) / (64 * cell);
    expect(moved - Math.round(moved)).toBeCloseTo(0, 1);
  });

  it('gives a signal that speaks neither for nor against it', () => {
    const [signal] = readIdentifierSignals(marked, 'whole');
    expect(signalSchema.parse(signal)).toMatchObject({
      claim: 'unspecified',
      strength: 'not-applicable',
      code: 'watermark-identifier',
      params: { identifier: '0123456789abcdef' },
    });
  });

  it('is not marked a second time', () => {
    expect(embedIdentifier(marked, 5n)).toEqual({ status: 'refused', code: 'already-marked', identifier });
  });
});

describe('identifiers', () => {
  it.each([0n, 1n, 2n ** 63n, 2n ** 64n - 1n])('%s comes back', (each) => {
    expect(readIdentifier(embedded(scenery(300, 260, 3), each))?.identifier).toBe(each);
  });
  it.each([-1n, 2n ** 64n])('%s is no identifier', (each) => {
    expect(() => embedIdentifier(original, each)).toThrow(RangeError);
  });
});

describe('pictures without a mark', () => {
  const pictures: [string, Pixels][] = [
    ['scenery', original],
    ['noise', painted(400, 300, () => [random() * 256, random() * 256, random() * 256])],
    ['stripes', painted(512, 512, (x) => [(x % 64) * 4, 90, 90])],
    ['a chessboard of cells', painted(400, 400, (x, y) => (((x >> 2) + (y >> 2)) & 1 ? [255, 255, 255] : [0, 0, 0]))],
    ['nothing', painted(300, 300, () => [128, 128, 128])],
  ];
  it.each(pictures)('%s says nothing', (_what, pixels) => {
    expect(readIdentifier(pixels)).toBeNull();
  });
});

describe('pictures that cannot be marked', () => {
  it.each<[string, Pixels, Embedding]>([
    ['too small', painted(255, 900, () => [9, 99, 199]), { status: 'refused', code: 'too-small' }],
    ['blank white', painted(400, 300, () => [255, 255, 255]), { status: 'refused', code: 'no-room' }],
    ['blank black', painted(400, 300, () => [0, 0, 0]), { status: 'refused', code: 'no-room' }],
  ])('%s', (_what, pixels, expected) => {
    expect(embedIdentifier(pixels, identifier)).toEqual(expected);
  });

  it('have bytes that do not fit their size', () => {
    expect(() => embedIdentifier({ ...original, data: new Uint8Array(10) }, identifier)).toThrow(RangeError);
  });

  it('are absurd to read', () => {
    const odd: Pixels[] = [
      { ...original, data: new Uint8Array(0) },
      { ...original, width: 1_000_000, height: 1_000_000 },
      { ...original, width: Number.NaN },
      { ...original, width: -640, height: -480 },
      { ...original, width: 0, height: 0 },
      painted(3000, 1, () => [1, 2, 3]),
      painted(9000, 110, (x) => [x % 256, 2, 3]),
    ];
    for (const pixels of odd) expect(readIdentifier(pixels)).toBeNull();
  });
});

describe('transparency', () => {
  const glass = withAlpha(original, (x) => (x < 320 ? 255 : x < 400 ? 128 : 0));
  it('stays as it is, and what nobody sees stays unmarked', () => {
    const embedding = embedded(glass);
    const touched = embedding.data.filter((value, at) => {
      const hidden = at % 4 === 3 || glass.data[at - (at % 4) + 3] === 0;
      return hidden && value !== glass.data[at];
    });
    expect(touched).toHaveLength(0);
    expect(readIdentifier(embedding)?.identifier).toBe(identifier);
  });
});

function embedded(pixels: Pixels, of = identifier): Pixels {
  const embedding = embedIdentifier(pixels, of);
  if (embedding.status !== 'marked') throw new Error(`refused: ${embedding.code}`);
  return embedding.pixels;
}

async function changed({ width, height, channels, data }: Pixels, change: (picture: Sharp) => Sharp): Promise<Pixels> {
  const { data: bytes, info } = await change(sharp(data, { raw: { width, height, channels } })).toBuffer({
    resolveWithObject: true,
  });
  const picture = info.format === 'raw' ? sharp(bytes, { raw: info }) : sharp(bytes);
  const decoded = await picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: decoded.info.channels === 4 ? 4 : 3, data: decoded.data };
}

/** Sky, hills with grain, and something with edges: a little of what photographs have. */
function scenery(width: number, height: number, seed: number): Pixels {
  return painted(width, height, (x, y) => {
    const hills = height * (0.5 + 0.1 * Math.sin(x / 90 + seed));
    if (y < hills) return [120 + y / 8, 160 + y / 10, 210];
    const grain = 40 * (random() - 0.5) + 15 * Math.sin(x / 5) * Math.sin(y / 7);
    const wall = x % 160 < 60 && y > height * 0.7 ? 50 : 0;
    return [90 + grain + wall, 110 + grain + wall, 60 + grain];
  });
}

function painted(width: number, height: number, colour: (x: number, y: number) => number[]): Pixels {
  const data = new Uint8ClampedArray(width * height * 3);
  for (let at = 0; at < width * height; at += 1) data.set(colour(at % width, Math.floor(at / width)), at * 3);
  return { width, height, channels: 3, data: new Uint8Array(data.buffer) };
}

function withAlpha({ width, height, data }: Pixels, alpha: (x: number) => number): Pixels {
  const all = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at += 1) {
    all.set(data.subarray(at * 3, at * 3 + 3), at * 4);
    all[at * 4 + 3] = alpha(at % width);
  }
  return { width, height, channels: 4, data: all };
}

function psnr(a: Pixels, b: Pixels): number {
  const squares = a.data.reduce((sum, value, at) => sum + (value - (b.data[at] ?? 0)) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (squares / a.data.length));
}

function largestChange(a: Pixels, b: Pixels): number {
  return a.data.reduce((most, value, at) => Math.max(most, Math.abs(value - (b.data[at] ?? 0))), 0);
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
