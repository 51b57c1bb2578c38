import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { voiceCardSchema } from '../../contract/card.ts';
import { prepareLogMel, standardise } from './log-mel.ts';

const featuresSchema = voiceCardSchema.shape.input.shape.features;
const referencesSchema = z.object({
  mels: z.array(z.object({ name: z.string(), spec: featuresSchema, frames: z.number(), values: z.array(z.number()) })),
});
const { mels } = referencesSchema.parse(JSON.parse(readFileSync('test/fixtures/models/references.json', 'utf8')));

/** The sound of references.py. */
function sound(): Float32Array {
  let state = 1;
  return Float32Array.from({ length: 1600 }, (_, i) => {
    state = (state * 48271) % 2147483647;
    const noise = (state / 2147483647) * 2 - 1;
    const t = i / 16_000;
    return 0.4 * Math.sin(2 * Math.PI * 440 * t) + 0.1 * Math.sin(2 * Math.PI * 3000 * t) + 0.05 * noise;
  });
}

test.each(mels)('log-mel agrees with librosa: $name', ({ spec, frames, values }) => {
  if (spec.form !== 'log-mel') throw new Error('not a log-mel');
  const map = prepareLogMel(spec)(sound());
  expect({ mels: map.mels, frames: map.frames }).toEqual({ mels: spec.mels, frames });
  expect(values.length).toBe(map.data.length);
  const worst = Math.max(...values.map((value, i) => Math.abs(value - (map.data[i] ?? Number.NaN))));
  expect(worst).toBeLessThan(0.001);
});

test('a flat input is not blown up into a pattern', () => {
  const flat = new Float32Array(100).fill(0.3);
  standardise(flat);
  expect([...flat].every((value) => value === 0)).toBe(true);
});
