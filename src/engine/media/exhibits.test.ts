import sharp from 'sharp';
import { expect, test } from 'vitest';
import { analysisRateHz } from './decode.ts';
import { drawSpectrogram, drawWaveform } from './exhibits.ts';

function signal(seconds: number, value: (time: number) => number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * analysisRateHz) }, (_, at) => value(at / analysisRateHz));
}

function sine(hz: number, amplitude: number) {
  return (time: number) => amplitude * Math.sin(2 * Math.PI * hz * time);
}

test.each([
  ['nothing', new Float32Array(0), 0, [], []],
  ['one sample', Float32Array.of(0.5), 0, [0.5], [0.5]],
  ['fewer samples than spans', Float32Array.of(0.1, -0.25, 1), 0, [0.1, -0.25, 1], [0.1, -0.25, 1]],
  ['values beyond full scale', Float32Array.of(-3, 3), 0, [-1, 1], [-1, 1]],
  // 0.123456 is written as 0.123: a page holds thousands of these.
  ['more digits than can be seen', Float32Array.of(0.123456), 0, [0.123], [0.123]],
])('the waveform of %s', (_, samples, durationMs, min, max) => {
  // A value above full scale is the lowest of its own span, and is cut there too.
  const waveform = drawWaveform(samples);
  expect(waveform.durationMs).toBe(durationMs);
  expect(waveform.max).toEqual(max);
  expect(waveform.min).toEqual(min);
});

test.each([
  ['fewer than a thousand', 999, 999],
  ['a thousand', 1_000, 1_000],
  ['one more', 1_001, 1_000],
  ['half an hour', 1_800 * analysisRateHz, 1_000],
])('of %s samples at most a thousand spans are shown', (_, samples, spans) => {
  const waveform = drawWaveform(new Float32Array(samples));
  expect([waveform.min.length, waveform.max.length]).toEqual([spans, spans]);
  expect(waveform.durationMs).toBe(Math.round((samples / analysisRateHz) * 1000));
});

test('every sample is in one span: a single click is found in its place, and nowhere else', () => {
  const samples = new Float32Array(160_007);
  for (const at of [0, 80_002, 160_006]) samples[at] = 0.7;
  const { min, max } = drawWaveform(samples);
  expect(max.flatMap((value, span) => (value === 0.7 ? [span] : []))).toEqual([0, 499, 999]);
  expect(min.every((value) => value === 0)).toBe(true);
});

test('a sine between silences fills its spans from its lowest to its highest', () => {
  const { min, max } = drawWaveform(signal(3, (time) => (time >= 1 && time < 2 ? sine(440, 0.5)(time) : 0)));
  expect([max[100], min[100], max[900], min[900]]).toEqual([0, 0, 0, 0]);
  expect(max[500]).toBeCloseTo(0.5, 2);
  expect(min[500]).toBeCloseTo(-0.5, 2);
});

interface Picture {
  width: number;
  height: number;
  /** 0 black … 255 white; row 0 is the top. */
  at: (column: number, row: number) => number;
}

async function spectrogram(samples: Float32Array): Promise<Picture & { durationMs: number; maxHz: number }> {
  const drawn = await drawSpectrogram(samples);
  if (!drawn) throw new Error('nothing drawn');
  const png = Buffer.from(drawn.pngBase64, 'base64');
  expect((await sharp(png).metadata()).format).toBe('png');
  const { data, info } = await sharp(png).extractChannel(0).raw().toBuffer({ resolveWithObject: true });
  return {
    durationMs: drawn.durationMs,
    maxHz: drawn.maxHz,
    width: info.width,
    height: info.height,
    at: (column, row) => data[row * info.width + column] ?? -1,
  };
}

function brightestRow({ height, at }: Picture, column: number): number {
  let best = 0;
  for (let row = 1; row < height; row += 1) if (at(column, row) > at(column, best)) best = row;
  return best;
}

/** Rows are 31.25 Hz high; the lowest frequency is at the bottom. */
const hertzOf = (row: number) => (255 - row) * (analysisRateHz / 512);

test.each([
  [250, 1, 255],
  [1_000, 1, 255],
  [1_000, 0.1, 255 * (1 - 20 / 90)],
  [1_000, 0.001, 255 * (1 - 60 / 90)],
  [7_500, 0.5, 255 * (1 - 6.02 / 90)],
])(
  'a sine of %i Hz and amplitude %d is brightest at its frequency, as bright as it is loud',
  async (hz, amplitude, grey) => {
    const picture = await spectrogram(signal(2, sine(hz, amplitude)));
    expect([picture.height, picture.durationMs, picture.maxHz]).toEqual([256, 2_000, 8_000]);
    for (const column of [0, 100, picture.width - 1]) {
      const row = brightestRow(picture, column);
      expect(hertzOf(row)).toBe(hz);
      expect(Math.abs(picture.at(column, row) - grey)).toBeLessThanOrEqual(1);
    }
  },
);

test('time runs from left to right', async () => {
  const picture = await spectrogram(signal(4, (time) => sine(time < 2 ? 500 : 3_000, 0.8)(time)));
  const heard = [0.1, 0.4, 0.6, 0.9].map((part) => hertzOf(brightestRow(picture, Math.floor(part * picture.width))));
  expect(heard).toEqual([500, 500, 3_000, 3_000]);
});

test('two tones at once are both seen, and nothing between them', async () => {
  const picture = await spectrogram(signal(1, (time) => sine(1_000, 0.4)(time) + sine(5_000, 0.4)(time)));
  const brightness = (hz: number) => picture.at(50, 255 - hz / (analysisRateHz / 512));
  expect(Math.min(brightness(1_000), brightness(5_000))).toBeGreaterThan(220);
  expect(brightness(3_000)).toBeLessThan(60);
});

test('silence is black', async () => {
  const { width, height, at } = await spectrogram(new Float32Array(analysisRateHz));
  for (let column = 0; column < width; column += 1)
    for (let row = 0; row < height; row += 1) if (at(column, row) !== 0) throw new Error(`light at ${column}, ${row}`);
});

test.each([
  ['one window', 512, 4],
  ['one second', 16_000, 125],
  ['a minute', 960_000, 800],
])('the picture of %s is at most 800 columns wide', async (_, samples, columns) => {
  const { width, height } = await spectrogram(new Float32Array(samples).fill(0.1));
  expect([width, height]).toEqual([columns, 256]);
});

test.each([0, 1, 511])('%i samples are too few for a spectrogram', async (samples) => {
  expect(await drawSpectrogram(new Float32Array(samples).fill(0.5))).toBe(null);
});
