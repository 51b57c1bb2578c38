import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { checkSoundLabel } from './checks.ts';
import { listenedRateHz, rhythmFinder } from './measure-audio.ts';
import { playRhythm } from './rhythm.ts';

const rate = 48_000;

/** The same numbers on every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function listen(samples: Float32Array) {
  const finder = rhythmFinder();
  for (let at = 0; at < samples.length; at += 5_000) finder.push(samples.subarray(at, at + 5_000));
  return finder.end();
}

/** Encodes and decodes again as 16 kHz mono. */
function through(samples: Float32Array, codec: readonly string[], muxer: string): Float32Array {
  const input = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const raw = ['-v', 'error', '-f', 'f32le', '-ar', String(rate), '-ac', '1', '-i', 'pipe:0'];
  const coded = execFileSync('ffmpeg', [...raw, ...codec, '-f', muxer, 'pipe:1'], { input, maxBuffer: 2 ** 28 });
  const back = ['-v', 'error', '-i', 'pipe:0', '-ac', '1', '-ar', String(listenedRateHz), '-f', 'f32le', 'pipe:1'];
  const decoded = execFileSync('ffmpeg', back, { input: coded, maxBuffer: 2 ** 28 });
  return new Float32Array(decoded.buffer.slice(decoded.byteOffset, decoded.byteOffset + decoded.length));
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
}

/** White noise with the mark beginning after two seconds, `relativeDb` above the noise. */
function underNoise(relativeDb: number, pitch: number, unitMs: number): Float32Array {
  const next = random(5);
  const samples = Float32Array.from({ length: rate * 7 }, () => (next() + next() + next() - 1.5) * 0.2);
  const levelDb = 20 * Math.log10(rms(samples)) + relativeDb;
  playRhythm({ pitch, unitMs, levelDb, sampleRateHz: rate }).forEach((value, at) => {
    samples[rate * 2 + at] = (samples[rate * 2 + at] ?? 0) + value;
  });
  return samples;
}

test.each([
  ['opus at 32 kbit/s', ['-c:a', 'libopus', '-b:a', '32k'], 'ogg'],
  ['mp3 at 64 kbit/s', ['-c:a', 'libmp3lame', '-b:a', '64k'], 'mp3'],
  ['8 kHz', ['-ar', '8000', '-c:a', 'pcm_s16le'], 'wav'],
] as const)('the mark is heard after %s, loud and 20 dB under noise', (_, codec, muxer) => {
  for (const [relativeDb, pitch, unitMs] of [
    [6, 440, 80],
    [0, 2000, 200],
    [-20, 880, 120],
  ] as const) {
    const { heard } = listen(through(underNoise(relativeDb, pitch, unitMs), codec, muxer));
    expect([relativeDb, pitch, heard.length]).toEqual([relativeDb, pitch, 1]);
    expect(Math.abs((heard[0]?.fromMs ?? 0) - 2000 - 3 * unitMs)).toBeLessThan(60);
    expect(Math.abs((heard[0]?.unitMs ?? 0) - unitMs)).toBeLessThan(unitMs * 0.1);
    expect(Math.abs((heard[0]?.pitchHz ?? 0) - pitch)).toBeLessThan(70);
  }
});

const morse: Record<string, string> = {
  A: '.-',
  E: '.',
  I: '..',
  M: '--',
  N: '-.',
  R: '.-.',
  S: '...',
  T: '-',
  U: '..-',
  L: '.-..',
};

function letters(text: string): Float32Array {
  const unit = Math.round(listenedRateHz * 0.1);
  const beats: [boolean, number][] = [[false, 6]];
  for (const letter of text) {
    for (const mark of morse[letter] ?? '') beats.push([true, mark === '.' ? 1 : 3], [false, 1]);
    beats.push([false, 2]);
  }
  beats.push([false, 6]);
  return Float32Array.from(
    beats.flatMap(([on, units]) =>
      Array.from({ length: units * unit }, (_, at) =>
        on ? 0.2 * Math.sin((2 * Math.PI * 900 * at) / listenedRateHz) : 0,
      ),
    ),
  );
}

test('of all pairs of these letters only AI is the mark', () => {
  const names = Object.keys(morse);
  const found = names
    .flatMap((one) => names.map((other) => one + other))
    .filter((pair) => listen(letters(pair)).heard.length > 0);
  expect(found).toEqual(['AI']);
});

test('random tunes hold no mark', () => {
  let falsely = 0;
  for (let tune = 0; tune < 12; tune += 1) {
    const next = random(tune + 1);
    const scale = [523, 587, 659, 784, 880, 1047];
    const samples = new Float32Array(listenedRateHz * 15);
    for (let at = 0; at < samples.length; ) {
      const length = Math.round(listenedRateHz * 0.1 * 2 ** Math.floor(next() * 3));
      const pitch = scale[Math.floor(next() * scale.length)] ?? 523;
      if (next() > 0.25)
        for (let i = 0; i < length && at + i < samples.length; i += 1)
          samples[at + i] =
            0.2 * Math.sin((2 * Math.PI * pitch * i) / listenedRateHz) * Math.min(1, i / 90, (length - i) / 90);
      at += length + Math.round(next() * 0.15 * listenedRateHz);
    }
    falsely += listen(samples).heard.length;
  }
  expect(falsely).toBe(0);
});

test('a mark at the start conforms; none leaves the question of a spoken notice open', () => {
  const mark = playRhythm({ pitch: 880, unitMs: 120, levelDb: -20, sampleRateHz: listenedRateHz });
  const sound = new Float32Array(listenedRateHz * 12);
  sound.set(mark);
  const { heard, durationMs } = listen(sound);
  expect(durationMs).toBe(12_000);
  expect(heard).toMatchObject([{ where: 'start' }]);
  const outcome = (checks: ReturnType<typeof checkSoundLabel>) =>
    checks.map(({ id, outcome: is, code }) => [id, is, code]);
  expect(outcome(checkSoundLabel(heard))).toContainEqual(['GB-X3', 'pass', 'rhythm-heard']);
  expect(outcome(checkSoundLabel([]))).toEqual([
    ['GB-X3', 'warn', 'sound-label-open'],
    ['IN-2', 'warn', 'prefixed-sound-open'],
  ]);
});
