import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, expect, test } from 'vitest';
import type { MediaFormat } from '../../../contract/screening.ts';
import { labelFont } from './glyphs.ts';
import { type ExplicitLabel, labelImage } from './image.ts';
import { readJpegParts } from './jpeg-parts.ts';

const font = labelFont();
const folder = mkdtempSync(join(tmpdir(), 'explicit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const label: ExplicitLabel = { kind: 'text', texts: ['人工智能生成'], position: 'bottom-right' };
const xmp =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="a tool"/></rdf:RDF></x:xmpmeta>';

/** Something like a photograph: soft shapes, a little grain. */
async function photo(width: number, height: number): Promise<Sharp> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#1e5fae"/><stop offset=".5" stop-color="#f3c98b"/><stop offset="1" stop-color="#e8efe2"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/><circle cx="${width * 0.6}" cy="${height * 0.7}" r="${height * 0.3}" fill="#3c8a4e"/></svg>`;
  const grain = { type: 'gaussian' as const, mean: 128, sigma: 6 };
  const noise = await sharp({ create: { width, height, channels: 3, background: '#000', noise: grain } })
    .png()
    .toBuffer();
  return sharp(
    await sharp(Buffer.from(svg))
      .removeAlpha()
      .composite([{ input: noise, blend: 'soft-light' }])
      .removeAlpha()
      .png()
      .toBuffer(),
  );
}

async function withMetadata(picture: Sharp, orientation: number): Promise<Sharp> {
  return picture
    .withExif({ IFD0: { Artist: 'somebody', ImageDescription: 'a hill' }, IFD2: { UserComment: 'seen' } })
    .withMetadata({ orientation })
    .withIccProfile('p3')
    .withXmp(xmp);
}

function tags(bytes: Uint8Array, name: string): Record<string, unknown> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const [all] = JSON.parse(execFileSync('exiftool', ['-j', '-G1', '-a', path], { encoding: 'utf8' })) as [
    Record<string, unknown>,
  ];
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => !/^(SourceFile|ExifTool|System|File|Composite)/.test(key)),
  );
}

async function labelled(bytes: Uint8Array, format: MediaFormat, what = label) {
  const outcome = await labelImage(bytes, format, what, font);
  if (outcome.status === 'refused') throw new Error(`${outcome.code} ${outcome.subject}`);
  return outcome;
}

/** Largest and mean difference of 8-bit values outside the label, both pictures as they are stored. */
async function difference(
  one: Uint8Array,
  other: Uint8Array,
  box: { left: number; top: number; width: number; height: number },
) {
  const raw = (bytes: Uint8Array) =>
    sharp(bytes, { ignoreIcc: true })
      .rotate()
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
  const [a, b] = [await raw(one), await raw(other)];
  expect([b.info.width, b.info.height]).toEqual([a.info.width, a.info.height]);
  let largest = 0;
  let sum = 0;
  let inside = 0;
  for (let at = 0; at < a.data.length; at += 1) {
    const pixel = Math.floor(at / 3);
    const [x, y] = [pixel % a.info.width, Math.floor(pixel / a.info.width)];
    const apart = Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0));
    if (x >= box.left - 16 && y >= box.top - 16 && x < box.left + box.width + 16 && y < box.top + box.height + 16)
      inside += apart;
    else {
      largest = Math.max(largest, apart);
      sum += apart;
    }
  }
  return { largest, mean: sum / a.data.length, inside };
}

/** `apart`: how far pixels may be from before on average, of 255. The grain is another one every time: measured 0.03 to 0.05, 1.13 to 1.21, 0.56. */
const encoders: { format: MediaFormat; encode: (picture: Sharp) => Sharp; apart: number }[] = [
  { format: 'jpeg', encode: (picture) => picture.jpeg({ quality: 83, progressive: true }), apart: 0.1 },
  { format: 'jpeg', encode: (picture) => picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }), apart: 0.1 },
  { format: 'png', encode: (picture) => picture.png(), apart: 0 },
  { format: 'webp', encode: (picture) => picture.webp({ lossless: true }), apart: 0 },
  { format: 'webp', encode: (picture) => picture.webp({ quality: 80 }), apart: 1.4 },
  { format: 'tiff', encode: (picture) => picture.tiff({ compression: 'lzw' }), apart: 0 },
  { format: 'avif', encode: (picture) => picture.avif({ quality: 60, effort: 2 }), apart: 0.8 },
];

test.each(encoders)(
  '$format keeps metadata, profile and pixels outside the label',
  async ({ format, encode, apart }) => {
    const original = await encode(await withMetadata(await photo(480, 320), 1)).toBuffer();
    const { bytes, box, heightPx, ratio } = await labelled(original, format);
    expect(heightPx / 320).toBeCloseTo(ratio, 6);
    const { largest, mean, inside } = await difference(original, bytes, box);
    expect(inside).toBeGreaterThan(10_000);
    if (apart === 0) expect(largest).toBe(0);
    else expect(mean).toBeLessThan(apart);
    const before = tags(original, `before.${format}`);
    const after = tags(bytes, `after.${format}`);
    // What describes the pixels' own storage may differ; everything a person or a program wrote may not.
    const storage =
      /Strip|Tile|RowsPer|Thumbnail|Predictor|MediaData|ItemLocation|(Image|Exif)(Width|Height|Size)|VP8|Filter|Version$/i;
    for (const [key, value] of Object.entries(before))
      if (!storage.test(key)) expect([key, after[key]]).toEqual([key, value]);
    const [was, is] = [await sharp(original).metadata(), await sharp(bytes).metadata()];
    for (const key of [
      'depth',
      'space',
      'channels',
      'isProgressive',
      'chromaSubsampling',
      'hasAlpha',
      'density',
    ] as const)
      expect([key, is[key]]).toEqual([key, was[key]]);
  },
);

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'orientation %i: the label is upright and at the lower right as the picture is seen',
  async (orientation) => {
    const original = await (await photo(300, 200)).withMetadata({ orientation }).png().toBuffer();
    const seen = await sharp(original).rotate().png().toBuffer();
    const { bytes, box } = await labelled(original, 'png');
    expect((await sharp(bytes).metadata()).orientation).toBe(orientation);
    const direct = await labelled(seen, 'png');
    expect(box).toEqual(direct.box);
    const turned = await sharp(bytes).rotate().removeAlpha().raw().toBuffer();
    expect(turned.equals(await sharp(direct.bytes).removeAlpha().raw().toBuffer())).toBe(true);
  },
);

test('the quality of a JPEG is read from its tables', async () => {
  for (const quality of [30, 62, 75, 90, 97]) {
    const original = await (await photo(400, 300)).jpeg({ quality }).toBuffer();
    const { bytes } = await labelled(original, 'jpeg');
    expect(readJpegParts(original)?.quality).toBe(quality);
    expect(readJpegParts(bytes)?.quality).toBe(quality);
  }
});

test('a JPEG’s own segments and comments are kept byte by byte; a broken signature is not', async () => {
  const plain = await (await photo(300, 200)).jpeg().toBuffer();
  const segment = (marker: number, text: string) =>
    Buffer.concat([Buffer.from([0xff, marker, 0, text.length + 2]), Buffer.from(text, 'latin1')]);
  const own = segment(0xe7, 'Some Camera\0\x01\x02\x03');
  const original = Buffer.concat([
    plain.subarray(0, 2),
    own,
    segment(0xeb, 'JP jumb c2pa'),
    segment(0xfe, 'a comment'),
    plain.subarray(2),
  ]);
  const { bytes, lost } = await labelled(original, 'jpeg');
  const written = Buffer.from(bytes);
  expect(written.includes(own)).toBe(true);
  expect(written.includes(segment(0xfe, 'a comment'))).toBe(true);
  expect(written.includes('JP jumb')).toBe(false);
  expect(lost).toEqual(['content-credentials-removed']);
  expect((await sharp(bytes).metadata()).width).toBe(300);
});

test('16-bit colour, 16-bit grey, 8-bit grey and transparency stay what they were', async () => {
  const values = new Uint16Array(200 * 100 * 3).map((_, index) => (index * 7919) & 0xffff);
  const raw = { width: 200, height: 100, channels: 3 as const };
  const deep = await sharp(values, { raw }).toColourspace('rgb16').png().toBuffer();
  const gradient = await (await photo(200, 100)).toColourspace('b-w').png().toBuffer();
  const clear = await sharp({
    create: { width: 200, height: 100, channels: 4, background: { r: 9, g: 9, b: 200, alpha: 0.25 } },
  })
    .png()
    .toBuffer();
  for (const [name, original] of Object.entries({ deep, gradient, clear })) {
    const { bytes, box } = await labelled(original, 'png');
    const [was, is] = [await sharp(original).metadata(), await sharp(bytes).metadata()];
    expect([name, is.depth, is.space, is.channels]).toEqual([name, was.depth, was.space, was.channels]);
    const top = { left: 0, top: 0, width: 200, height: box.top };
    const pixels = (file: Uint8Array) =>
      sharp(file)
        .extract(top)
        .toColourspace(was.space ?? 'srgb')
        .raw({ depth: was.depth ?? 'uchar' })
        .toBuffer();
    expect((await pixels(bytes)).equals(await pixels(original))).toBe(true);
  }
});

test.each(['gif', 'webp'] as const)(
  'every frame of an animated %s carries the label; times and loops stay',
  async (format) => {
    const frames = await Promise.all(
      [40, 120, 200].map((red) =>
        sharp({ create: { width: 160, height: 120, channels: 3, background: { r: red, g: 90, b: 60 } } })
          .png()
          .toBuffer(),
      ),
    );
    const joined = sharp(frames, { join: { animated: true } });
    const timing = { delay: [100, 250, 400], loop: 3 };
    const original = await (format === 'gif' ? joined.gif(timing) : joined.webp(timing)).toBuffer();
    const { bytes, box } = await labelled(original, format);
    expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({
      pages: 3,
      delay: [100, 250, 400],
      loop: 3,
      pageHeight: 120,
    });
    for (const page of [0, 1, 2]) {
      const { data } = await sharp(bytes, { page })
        .removeAlpha()
        .extract(box)
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(data.filter((value) => value > 240).length).toBeGreaterThan(100);
    }
  },
);

test('every page of a TIFF carries the label', async () => {
  const pages = await Promise.all(
    ['#204060', '#406020'].map((background) =>
      sharp({ create: { width: 160, height: 120, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const original = await sharp(pages, { join: { animated: true } })
    .tiff({ compression: 'deflate' })
    .toBuffer();
  const { bytes, box } = await labelled(original, 'tiff');
  expect((await sharp(bytes).metadata()).pages).toBe((await sharp(original).metadata()).pages);
  for (const page of [0, 1]) {
    const data = await sharp(bytes, { page }).extract(box).raw().toBuffer();
    expect(data.filter((value) => value > 240).length).toBeGreaterThan(100);
  }
});

test('what cannot be written is refused with a code', async () => {
  const cmyk = await (await photo(200, 200)).toColourspace('cmyk').jpeg().toBuffer();
  expect(await labelImage(cmyk, 'jpeg', label, font)).toMatchObject({ code: 'printing-colours-not-written' });
  expect(await labelImage(cmyk, 'heic', label, font)).toMatchObject({ code: 'picture-format-not-written' });
  expect(await labelImage(cmyk.subarray(0, 300), 'jpeg', label, font)).toMatchObject({ status: 'refused' });
  const tiny = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  expect(await labelImage(tiny, 'png', label, font)).toMatchObject({ code: 'picture-too-small' });
});
