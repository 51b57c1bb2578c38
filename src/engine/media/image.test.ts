import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, expect, test } from 'vitest';
import {
  type DecodedImage,
  decodeImage,
  maxImagePixels,
  type Thumbnail,
  thumbnailOf,
  thumbnailOfPixels,
} from './image.ts';
import type { Pixels } from './pixels.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearmirror-image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Colour = readonly number[];
const red = [220, 30, 20];
const blue = [10, 40, 200];

/** The left half in one colour, the right half in another; 1 to 4 channels, as the colours have. */
function halves(width: number, height: number, left: Colour, right: Colour) {
  const channels = ([1, 2, 3, 4] as const).find((count) => count === left.length) ?? 3;
  const data = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel += 1)
    data.set(pixel % width < width / 2 ? left : right, pixel * channels);
  return sharp(data, { raw: { width, height, channels } });
}

async function decoded(input: Uint8Array | string, wholePixels = 0): Promise<DecodedImage> {
  const { image, findings } = await decodeImage(input, wholePixels);
  expect(findings).toEqual([]);
  if (!image) throw new Error('not decoded');
  expect(image.pixels.data.length).toBe(image.pixels.width * image.pixels.height * image.pixels.channels);
  return image;
}

function at({ width, channels, data }: Pixels, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)];
}

function expectNear(seen: number[], wanted: Colour, tolerance: number): void {
  expect(seen.length).toBe(wanted.length);
  for (const [index, value] of wanted.entries())
    expect(Math.abs((seen[index] ?? -1) - value)).toBeLessThanOrEqual(tolerance);
}

const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">
  <rect width="32" height="48" fill="rgb(220,30,20)"/><rect x="32" width="32" height="48" fill="rgb(10,40,200)"/></svg>`;
const clear = [...red, 255];
const rgb16 = () => halves(64, 48, red, blue).toColourspace('rgb16').png().toBuffer();

test.each([
  ['jpeg', 'mjpeg', () => halves(64, 48, red, blue).jpeg({ quality: 95 }).toBuffer(), red, 6],
  [
    'jpeg in CMYK',
    'mjpeg',
    () => halves(64, 48, red, blue).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
    red,
    40,
  ],
  ['png', 'png', () => halves(64, 48, red, blue).png().toBuffer(), red, 0],
  ['png with a palette', 'png', () => halves(64, 48, red, blue).png({ palette: true }).toBuffer(), red, 3],
  ['png of 16 bits', 'png', rgb16, red, 0],
  ['webp', 'webp', () => halves(64, 48, red, blue).webp({ lossless: true }).toBuffer(), red, 0],
  ['gif', 'gif', () => halves(64, 48, red, blue).gif().toBuffer(), clear, 3],
  ['tiff', 'tiff', () => halves(64, 48, red, blue).tiff({ compression: 'lzw' }).toBuffer(), red, 0],
  ['avif', 'av1', () => halves(64, 48, red, blue).avif({ lossless: true }).toBuffer(), red, 4],
  ['svg', 'svg', async () => Buffer.from(svg), clear, 0],
  ['grey png', 'png', () => halves(64, 48, [77], [5]).toColourspace('b-w').png().toBuffer(), [77, 77, 77], 0],
  ['grey jpeg', 'mjpeg', () => halves(64, 48, [77], [5]).toColourspace('b-w').jpeg().toBuffer(), [77, 77, 77], 4],
  [
    'grey png with alpha',
    'png',
    () => halves(64, 48, [77, 9], [5, 200]).toColourspace('b-w').png().toBuffer(),
    [77, 77, 77, 9],
    0,
  ],
])('%s', async (_, codec, make, left, tolerance) => {
  const file = await make();
  const image = await decoded(file);
  expect(image).toMatchObject({ width: 64, height: 48, codec, whole: true, pages: 1 });
  expect([image.pixels.width, image.pixels.height, image.pixels.channels]).toEqual([64, 48, left.length]);
  expectNear(at(image.pixels, 5, 5), left, tolerance);
  // The other half differs, or a decoder of one colour would do.
  expect(Math.abs((at(image.pixels, 60, 40)[0] ?? 0) - (left[0] ?? 0))).toBeGreaterThan(50);
});

test('a file is decoded from its path as from its bytes', async () => {
  const path = join(folder, 'one.png');
  const bytes = await halves(30, 20, red, blue).png().toBuffer();
  writeFileSync(path, bytes);
  expect(await decoded(path)).toEqual(await decoded(bytes));
});

test.each([
  ['png', (picture: Sharp) => picture.png()],
  ['webp', (picture: Sharp) => picture.webp({ lossless: true, exact: true })],
])('colours under transparency in a %s are as they were written, even where nothing shows', async (_, write) => {
  const faint = [200, 100, 50, 3];
  const hidden = [17, 231, 90, 0];
  const { pixels } = await decoded(await write(halves(40, 30, faint, hidden)).toBuffer());
  expect([at(pixels, 0, 0), at(pixels, 39, 29)]).toEqual([faint, hidden]);
});

test('a colour profile does not change what the readers see', async () => {
  const file = await halves(16, 16, [255, 0, 0], [0, 255, 0]).withIccProfile('p3').png().toBuffer();
  const written = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-f', 'png_pipe', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    { input: file },
  );
  // In the wide space of the profile this red is another number.
  expect(written[0]).toBeLessThan(250);
  expect(Buffer.compare((await decoded(file)).pixels.data, written)).toBe(0);
});

test('a picture lying on its side is read as it is stored', async () => {
  const file = await halves(60, 20, red, blue).withMetadata({ orientation: 6 }).png().toBuffer();
  const image = await decoded(file);
  expect([image.width, image.height, at(image.pixels, 0, 0)]).toEqual([60, 20, red]);
});

test('of an animation the first picture is decoded, and its pictures are counted', async () => {
  const pages = await Promise.all([red, blue, [0, 255, 0]].map((one) => halves(24, 16, one, one).png().toBuffer()));
  const image = await decoded(
    await sharp(pages, { join: { animated: true } })
      .gif()
      .toBuffer(),
  );
  expect(image).toMatchObject({ width: 24, height: 16, whole: true, pages: 3 });
  expectNear(at(image.pixels, 12, 8).slice(0, 3), red, 3);
});

const flat = (width: number, height: number, channels: 3 | 4) =>
  sharp({ create: { width, height, channels, background: { r: 220, g: 30, b: 20, alpha: 0.5 } } });

test.each([
  ['small enough', flat(2800, 1500, 3), 0, 1500],
  ['large', flat(3000, 1500, 3), 0, 734],
  ['large and wide', flat(1_000_000, 5, 3).png(), 0, 5],
  ['large, but asked for whole', flat(3000, 1500, 3), 4_500_000, 1500],
  ['larger than was asked for', flat(3000, 1500, 3), 4_499_999, 734],
  ['large, with transparency', flat(3000, 1500, 4), 0, 1500],
  ['very large, with transparency', flat(4500, 4000, 4), 0, 489],
])('a picture that is %s is decoded so far as its readers need', async (_, picture, wholePixels, rows) => {
  const file = await picture.png({ compressionLevel: 1 }).toBuffer();
  const { width = 0, height = 0 } = await sharp(file).metadata();
  const image = await decoded(file, wholePixels);
  expect([image.width, image.height]).toEqual([width, height]);
  expect([image.pixels.width, image.pixels.height, image.whole]).toEqual([width, rows, rows === height]);
});

test('the rows that are decoded are those from the top', async () => {
  const top = await halves(3000, 700, red, red).png().toBuffer();
  const file = await halves(3000, 1500, blue, blue)
    .composite([{ input: top, left: 0, top: 0 }])
    .removeAlpha()
    .png({ compressionLevel: 1 })
    .toBuffer();
  const { pixels, whole } = await decoded(file);
  expect(whole).toBe(false);
  expect([at(pixels, 0, 0), at(pixels, 2999, 699), at(pixels, 0, 700)]).toEqual([red, red, blue]);
});

/** A few dozen bytes that declare as many pixels as asked for. */
function declaring(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    out.set(body, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const pixels = deflateSync(Buffer.alloc(100));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

test.each([
  ['png', declaring(20_000, 10_000)],
  ['svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="10000"/>')],
])('a small %s that declares more pixels than allowed is not decoded', async (_, file) => {
  const { image, findings } = await decodeImage(file, 0);
  expect(image).toBe(null);
  expect(findings).toEqual([
    {
      code: 'too-many-pixels',
      severity: 'warning',
      stage: 'decode',
      params: { limit: maxImagePixels / 1_000_000, unit: 'megapixels' },
    },
  ]);
});

const whole = () => halves(400, 300, red, blue).jpeg().toBuffer();

test.each([
  ['nothing', async () => new Uint8Array(0)],
  ['text', async () => Buffer.from('not a picture at all')],
  ['a path to nothing', async () => join(folder, 'missing.png')],
  ['half a jpeg', async () => (await whole()).subarray(0, (await whole()).length / 2)],
  ['half a png', async () => (await halves(400, 300, red, blue).png().toBuffer()).subarray(0, 300)],
  ['rows that are missing', async () => declaring(200, 200)],
  ['a broken svg', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"><g></svg>')],
])('%s is told as not decodable', async (_, make) => {
  const { image, findings } = await decodeImage(await make(), 0);
  expect(image).toBe(null);
  expect(findings).toMatchObject([{ code: 'not-decodable', severity: 'warning', stage: 'decode' }]);
  expect(findings[0]?.params['detail']).toMatch(/^[\x20-\x7e]{1,120}$/);
});

test('a drawing does not bring in other files', async () => {
  const other = join(folder, 'other.png');
  writeFileSync(other, await halves(20, 20, red, red).png().toBuffer());
  const drawing = (href: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><image href="${href}" width="20" height="20"/></svg>`;
  for (const href of [other, `file://${other}`, 'http://127.0.0.1:9/x.png']) {
    const { pixels } = await decoded(Buffer.from(drawing(href)));
    expect(at(pixels, 10, 10)).toEqual([0, 0, 0, 0]);
  }
});

async function shown(thumbnail: Thumbnail | null): Promise<Pixels> {
  if (!thumbnail) throw new Error('no thumbnail');
  const file = Buffer.from(thumbnail.jpegBase64, 'base64');
  expect(file.subarray(0, 2).toString('hex')).toBe('ffd8');
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([thumbnail.width, thumbnail.height, 3]);
  return { width: info.width, height: info.height, channels: 3, data };
}

test.each([
  ['on its side', 6, [50, 100], [25, 5], [25, 95]],
  ['on its other side', 8, [50, 100], [25, 95], [25, 5]],
  ['upside down', 3, [100, 50], [95, 25], [5, 25]],
  ['mirrored', 2, [100, 50], [95, 25], [5, 25]],
  ['upright', 1, [100, 50], [5, 25], [95, 25]],
] as const)('a photograph stored %s is shown upright, small', async (_, orientation, size, left, right) => {
  const file = await halves(600, 300, red, blue).withMetadata({ orientation }).jpeg().toBuffer();
  const pixels = await shown(await thumbnailOf(file, 100));
  expect([pixels.width, pixels.height]).toEqual(size);
  expectNear(at(pixels, left[0], left[1]), red, 12);
  expectNear(at(pixels, right[0], right[1]), blue, 12);
});

test('what is small already is not enlarged, and transparency is shown on white', async () => {
  const file = await halves(20, 10, [0, 0, 0, 0], [0, 0, 0, 255]).png().toBuffer();
  const pixels = await shown(await thumbnailOf(file, 100));
  expect([pixels.width, pixels.height]).toEqual([20, 10]);
  expectNear(at(pixels, 1, 5), [255, 255, 255], 12);
  expectNear(at(pixels, 18, 5), [0, 0, 0], 12);
});

test('a picture cut short is still shown; what is none is not', async () => {
  const file = await whole();
  const pixels = await shown(await thumbnailOf(file.subarray(0, Math.floor(file.length * 0.7)), 50));
  expectNear(at(pixels, 3, 3), red, 12);
  expect(await thumbnailOf(Buffer.from('none'), 50)).toBe(null);
  expect(await thumbnailOf(declaring(20_000, 10_000), 50)).toBe(null);
});

test.each([
  [3, red, blue],
  [4, [...red, 255], [...blue, 255]],
] as const)('pixels of %i channels become a thumbnail of the same proportions', async (channels, left, right) => {
  const data = await halves(640, 160, left, right).raw().toBuffer();
  const pixels = await shown(await thumbnailOfPixels({ width: 640, height: 160, channels, data }, 320));
  expect([pixels.width, pixels.height]).toEqual([320, 80]);
  expectNear(at(pixels, 20, 40), red, 12);
  expectNear(at(pixels, 300, 40), blue, 12);
});
