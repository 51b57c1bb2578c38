import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Pixels } from '../media/pixels.ts';
import { resize } from './resize.ts';

const four = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const two = z.tuple([z.number(), z.number()]);
const referencesSchema = z.object({
  pictures: z.array(
    z.object({
      kernel: z.enum(['nearest', 'bilinear', 'bicubic']),
      source: two,
      target: two,
      crop: four,
      values: z.array(z.number()),
    }),
  ),
});
const { pictures } = referencesSchema.parse(JSON.parse(readFileSync('test/fixtures/models/references.json', 'utf8')));

/** The picture of references.py, with an alpha channel that must not matter. */
function picture(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 4);
  let state = 1;
  for (let p = 0; p < width * height; p++) {
    const [x, y] = [p % width, Math.floor(p / width)];
    const ramps = [(x * 255) / width, (y * 255) / height, ((x + y) * 255) / (width + height)];
    for (const [c, ramp] of ramps.entries()) {
      state = (state * 48271) % 2147483647;
      data[p * 4 + c] = Math.min(255, Math.max(0, Math.floor(ramp + 20 * ((state / 2147483647) * 2 - 1) + 0.5)));
    }
    data[p * 4 + 3] = p % 256;
  }
  return { width, height, channels: 4, data };
}

test.each(pictures)(
  '$kernel from $source to $target agrees with Pillow',
  ({ kernel, source, target, crop, values }) => {
    const result = resize(picture(...source), { width: target[0], height: target[1], crop }, kernel);
    expect(result.length).toBe(values.length);
    const worst = Math.max(...values.map((value, i) => Math.abs(value - (result[i] ?? Number.NaN))));
    // Pillow rounds to whole levels twice.
    expect(worst).toBeLessThanOrEqual(1.01);
  },
);

test('a long thin picture is resized', () => {
  const thin: Pixels = { width: 20_000, height: 1, channels: 3, data: new Uint8Array(60_000).fill(77) };
  const result = resize(thin, { width: 8, height: 8, crop: [0, 0, 8, 8] }, 'bicubic');
  for (const value of result) expect(value).toBeCloseTo(77, 3);
});
