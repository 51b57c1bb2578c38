import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { checkImageLabel } from './checks.ts';
import { labelFont } from './glyphs.ts';
import { labelImage } from './image.ts';
import { measureImage } from './measure-image.ts';
import { readLines } from './ocr.ts';

const font = labelFont();
const folder = mkdtempSync(join(tmpdir(), 'measured-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (pictures: Parameters<typeof readLines>[0]) => readLines(pictures, 120_000);

async function scene(width: number, height: number): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#1e5fae"/><stop offset=".6" stop-color="#7d6a8b"/><stop offset="1" stop-color="#3f6b54"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/><circle cx="${width * 0.4}" cy="${height * 0.5}" r="${height * 0.2}" fill="#e6d3a8"/></svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
}

/** A label as somebody else's tool writes it: ffmpeg's drawtext with a font of the system; answers the ink height that was really drawn. */
async function written(text: string, share: number, style: string, width = 960, height = 540) {
  const ground = join(folder, 'ground.png');
  const words = join(folder, 'words.txt');
  writeFileSync(words, text);
  const draw = (base: Buffer, size: number, colour: string) => {
    writeFileSync(ground, base);
    const out = join(folder, 'drawn.png');
    const filter = `format=rgb24,drawtext=fontfile=/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc:textfile=${words}:fontsize=${size}:${colour}:x=w-tw-24:y=h-th-24`;
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', ground, '-vf', filter, '-frames:v', '1', out]);
    return readFileSync(out);
  };
  const black = await sharp({ create: { width, height, channels: 3, background: '#000' } })
    .png()
    .toBuffer();
  const inkHeight = async (size: number) => {
    const { data } = await sharp(draw(black, size, 'fontcolor=white'))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const rows = [...data.keys()].filter((at) => (data[at] ?? 0) > 127).map((at) => Math.floor(at / width));
    return rows.length === 0 ? 0 : rows.reduce((most, row) => Math.max(most, row), 0) - (rows[0] ?? 0) + 1;
  };
  const first = Math.round(height * share);
  // Letters are a fixed part of the size: near the right one at once.
  let size = Math.max(first, Math.floor((first * height * share) / (await inkHeight(first))) - 1);
  while ((await inkHeight(size)) < height * share) size += 1;
  return {
    picture: await sharp(draw(await scene(width, height), size, style))
      .jpeg({ quality: 85 })
      .toBuffer(),
    inkPx: await inkHeight(size),
  };
}

const outcomes = (checks: ReturnType<typeof checkImageLabel>) =>
  Object.fromEntries(
    checks.filter(({ id }) => id === 'GB-X0' || id === 'GB-X2').map(({ code, outcome }) => [code, outcome]),
  );

test.each([
  ['人工智能生成', 'bottom-right', 1280, 720],
  ['AI-generated', 'top-left', 720, 1280],
] as const)('our own %s at the %s is measured as it was drawn', async (text, position, width, height) => {
  const original = await sharp(await scene(width, height))
    .jpeg({ quality: 80 })
    .toBuffer();
  const drawn = await labelImage(original, 'jpeg', { kind: 'text', texts: [text], position }, font);
  if (drawn.status === 'refused') throw new Error(drawn.code);
  const seen = await measureImage(drawn.bytes, read);
  expect(seen).toMatchObject({
    elements: { ai: true, generation: true },
    position: 'corner',
    shortSidePx: 720,
    polarity: 'light',
  });
  expect(Math.abs((seen?.heightPx ?? 0) - drawn.heightPx)).toBeLessThanOrEqual(1);
  expect(seen?.contrast).toBeGreaterThan(4.5);
  expect(outcomes(checkImageLabel(seen))).toEqual({
    'both-elements-seen': 'pass',
    'text-high-enough': 'pass',
    'label-in-corner': 'pass',
  });
  // Where it is and how high: nothing of what was read.
  expect(JSON.stringify(seen)).not.toMatch(/人工|generated/i);
});

test.each([
  [0.03, 'text-too-low', 'fail'],
  [0.045, 'text-height-doubtful', 'warn'],
  [0.06, 'text-high-enough', 'pass'],
])('somebody else’s label of %f of the short side: %s', async (share, code, outcome) => {
  const { picture, inkPx } = await written('人工智能生成', share, 'fontcolor=white');
  const seen = await measureImage(picture, read);
  expect(Math.abs((seen?.heightPx ?? 0) - inkPx)).toBeLessThanOrEqual(1);
  expect(outcomes(checkImageLabel(seen))).toEqual({
    'both-elements-seen': 'pass',
    [code]: outcome,
    'label-in-corner': 'pass',
  });
});

test.each([
  ['人工智能作品', 'generation-element-not-seen'],
  ['生成作品', 'ai-element-not-seen'],
  ['春日野游', 'explicit-label-not-found'],
  ['PAID EMAIL', 'explicit-label-not-found'],
])('%s fails GB-X0: %s', async (text, code) => {
  const { picture } = await written(text, 0.07, 'fontcolor=yellow:borderw=2:bordercolor=black');
  expect(checkImageLabel(await measureImage(picture, read))[0]).toMatchObject({ id: 'GB-X0', outcome: 'fail', code });
});

test('a picture without any text has no label', async () => {
  expect(await measureImage(await scene(640, 480), read)).toBeNull();
});
