import sharp from 'sharp';
import { expect, test } from 'vitest';
import { contrastRatio, drawLabel, plateColour, textColour } from './draw.ts';
import { labelFont } from './glyphs.ts';
import { drawIcon } from './icon.ts';
import { layOut } from './layout.ts';

const font = labelFont();

test('text on its plate keeps a contrast of 4.5 : 1 over every colour there is', () => {
  const over = (ground: readonly number[]) =>
    [plateColour.r, plateColour.g, plateColour.b].map(
      (channel, index) => channel * plateColour.alpha + (ground[index] ?? 0) * (1 - plateColour.alpha),
    );
  const white = [textColour.r, textColour.g, textColour.b];
  for (let r = 0; r <= 255; r += 51)
    for (let g = 0; g <= 255; g += 51)
      for (let b = 0; b <= 255; b += 51) expect(contrastRatio(white, over([r, g, b]))).toBeGreaterThan(4.5);
});

test.each([
  ['white', '#ffffff'],
  ['black', '#000000'],
  ['mid-grey', '#808080'],
  ['yellow', '#ffe14d'],
  ['noise', null],
])('rendered on %s, ink and plate differ by 4.5 : 1 and the ink fills the box that was told', async (_, colour) => {
  const layout = layOut(
    { width: 800, height: 600, texts: ['人工智能生成'], position: 'bottom-right', avoid: [] },
    font,
  );
  if (layout.status === 'refused') throw new Error(layout.code);
  const overlay = await drawLabel(layout);
  const { width, height, left, top } = overlay;
  const base = colour
    ? { width: 800, height: 600, channels: 3 as const, background: colour }
    : {
        width: 800,
        height: 600,
        channels: 3 as const,
        background: '#000000',
        noise: { type: 'gaussian' as const, mean: 128, sigma: 60 },
      };
  const composed = await sharp(await sharp({ create: base }).png().toBuffer())
    .composite([{ input: overlay.rgba, raw: { width, height, channels: 4 }, left, top }])
    .removeAlpha()
    .toBuffer();
  const pixels = await sharp(composed).extract({ left, top, width, height }).raw().toBuffer();

  const ink: number[][] = [];
  const plate: number[][] = [];
  const rows = new Set<number>();
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const colours = [...pixels.subarray(pixel * 3, pixel * 3 + 3)];
    // Fully inked pixels; and the plate left of the first character.
    const x = left + (pixel % width);
    if (Math.min(...colours) >= 250 && x >= layout.ink.left && x < layout.ink.left + layout.ink.width) {
      ink.push(colours);
      rows.add(top + Math.floor(pixel / width));
    } else if (
      pixel % width > 4 &&
      left + (pixel % width) < layout.ink.left - 4 &&
      Math.abs(Math.floor(pixel / width) - height / 2) < height / 4
    )
      plate.push(colours);
  }
  const mean = (list: number[][]) =>
    [0, 1, 2].map((c) => list.reduce((sum, each) => sum + (each[c] ?? 0), 0) / list.length);
  expect(plate.length).toBeGreaterThan(20);
  expect(contrastRatio(mean(ink), mean(plate))).toBeGreaterThan(4.5);
  expect(Math.abs(Math.min(...rows) - layout.ink.top)).toBeLessThanOrEqual(1);
  expect(Math.abs(Math.max(...rows) + 1 - (layout.ink.top + layout.ink.height))).toBeLessThanOrEqual(1);
  expect(layout.ink.height).toBeGreaterThanOrEqual(600 * 0.056);
});

test.each([
  [null, 'beside'],
  ['GENERATED', 'beside'],
  ['MODIFIED', 'beneath'],
] as const)('the EU’s sign with %s %s has letters of 5 % and stays inside', async (word, arrangement) => {
  const icon = await drawIcon({ width: 1080, height: 1920, word, arrangement, position: 'top-left', avoid: [] }, font);
  expect(icon?.ratio).toBeGreaterThan(0.05);
  expect((icon?.overlay.left ?? 0) + (icon?.overlay.width ?? 9999)).toBeLessThan(1080);
  expect(
    await drawIcon({ width: 20, height: 20, word, arrangement, position: 'top-left', avoid: [] }, font),
  ).toBeNull();
});
