import { execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { analysisRateHz, type Decoded, type DecodeRequest, decodeMedia, demuxerFor, maxFrames } from './decode.ts';
import type { Pixels } from './pixels.ts';
import { type Probe, probeMedia } from './probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearmirror-decode-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Red tells the time, green is none, blue is 200; lossless, one key frame a second at ten frames a second. */
function ticking(seconds: number, redASecond: number, size = '64x48'): string[] {
  return ['-f', 'lavfi', '-i', `nullsrc=s=${size}:r=10:d=${seconds},geq=r='T*${redASecond}':g=0:b=200`];
}
const everySecond = ['-c:v', 'libx264rgb', '-qp', '0', '-g', '10', '-keyint_min', '10', '-sc_threshold', '0'];
function sine(seconds: number, hz: number): string[] {
  return ['-f', 'lavfi', '-i', `sine=frequency=${hz}:sample_rate=44100:duration=${seconds}`];
}

function make(name: string, ...args: string[]): string {
  const path = join(folder, name);
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, '-fflags', '+bitexact', path]);
  return path;
}

interface Seen extends Decoded {
  pictures: { width: number; height: number; atMs: number | null; scaled: boolean; middle: number[] }[];
  samples: Float32Array;
}

async function decode(
  path: string,
  demuxer: string,
  options: { windowSeconds?: number; probe?: Probe } = {},
): Promise<Seen> {
  const fd = openSync(path, 'r');
  try {
    const probe = options.probe ?? (await probeMedia({ fd }, demuxer));
    if (!probe) throw new Error(`${path} has no streams`);
    return await decodeProbed({ input: { fd }, demuxer, probe, windowSeconds: options.windowSeconds ?? null });
  } finally {
    closeSync(fd);
  }
}

async function decodeProbed(request: Omit<DecodeRequest, 'onFrame' | 'onAudio' | 'wallMs'>): Promise<Seen> {
  const pictures: Seen['pictures'] = [];
  const heard: Float32Array[] = [];
  const decoded = await decodeMedia({
    ...request,
    wallMs: 120_000,
    onFrame: (pixels, atMs, scaled) => {
      expect([pixels.channels, pixels.data.length]).toEqual([3, pixels.width * pixels.height * 3]);
      pictures.push({ width: pixels.width, height: pixels.height, atMs, scaled, middle: middleOf(pixels) });
    },
    onAudio: (samples) => heard.push(samples.slice()),
  });
  return { ...decoded, pictures, samples: Float32Array.from(heard.flatMap((part) => [...part])) };
}

function middleOf({ width, height, data }: Pixels): number[] {
  const at = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 3;
  return [...data.subarray(at, at + 3)];
}

/** Of a sine: half the zero crossings in a second. */
function frequencyOf(samples: Float32Array): number {
  let crossings = 0;
  for (let at = 1; at < samples.length; at += 1) {
    if ((samples[at - 1] ?? 0) < 0 !== (samples[at] ?? 0) < 0) crossings += 1;
  }
  return (crossings / 2 / samples.length) * analysisRateHz;
}

function fingerprintAlone(path: string): string {
  const args = ['-v', 'error', '-nostdin', '-i', path, '-f', 'chromaprint', '-fp_format', 'base64', '-'];
  return execFileSync('ffmpeg', args, { encoding: 'latin1' }).trim();
}

function codes({ findings }: Decoded): string[] {
  return findings.map(({ code }) => code);
}

const noStreams: Probe = { durationMs: null, streams: [], video: null, audio: false, version: '' };

test('one pass gives key frames in their true colours, the sound at 16 kHz, and its fingerprint', async () => {
  const clip = make('both.mkv', ...ticking(12, 20), ...sine(12, 440), ...everySecond, '-c:a', 'flac');
  const seen = await decode(clip, 'matroska');
  expect(seen.pictures).toMatchObject(
    Array.from({ length: 12 }, (_, second) => ({
      width: 64,
      height: 48,
      scaled: false,
      middle: [second * 20, 0, 200],
    })),
  );
  expect([seen.frames, seen.samples.length, seen.audioSamples]).toEqual([12, 12 * 16_000, 12 * 16_000]);
  expect(frequencyOf(seen.samples)).toBeCloseTo(440, 0);
  // ffmpeg's sine has an eighth of full scale; a value near 1 would mean samples of the wrong kind.
  expect(seen.samples.reduce((most, sample) => Math.max(most, sample))).toBeCloseTo(1 / 8, 2);
  expect(seen.audioFingerprint).toBe(fingerprintAlone(clip));
  expect(seen.audioFingerprint).toMatch(/^[\w-]{20,}$/);
  expect(seen.findings).toEqual([]);
});

test('of many key frames no more than allowed are decoded, spread over the whole', async () => {
  const clip = make('long.mkv', ...ticking(75, 3, '16x16'), ...everySecond);
  const { pictures } = await decode(clip, 'matroska');
  const times = pictures.map(({ middle: [red = 0] }) => red / 3);
  expect(times.length).toBeLessThanOrEqual(maxFrames);
  expect(times.length).toBeGreaterThan(maxFrames / 2);
  expect(times[0]).toBe(0);
  expect(times.at(-1)).toBeGreaterThanOrEqual(70);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect([Math.min(...gaps), Math.max(...gaps)]).toEqual([4, 4]);
});

test('only the window asked for is decoded, its frames spread over it', async () => {
  const clip = make('window.mkv', ...ticking(40, 6, '16x16'), ...sine(40, 300), ...everySecond, '-c:a', 'flac');
  const seen = await decode(clip, 'matroska', { windowSeconds: 9 });
  expect(seen.pictures.map(({ middle: [red = 0] }) => red / 6)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(seen.samples.length / analysisRateHz).toBeCloseTo(9, 2);
  expect(seen.audioFingerprint).not.toBe(fingerprintAlone(clip));
});

test('a frame of more than nine megapixels is scaled down, in proportion, and says so', async () => {
  const clip = make('huge.mkv', '-f', 'lavfi', '-i', 'color=c=0xff0000:s=4000x2400:r=1:d=1', '-c:v', 'mjpeg');
  const { pictures } = await decode(clip, 'matroska');
  expect(pictures).toMatchObject([{ scaled: true, width: 3872, height: 2323 }]);
  expect(pictures[0]?.middle[0]).toBeGreaterThan(245);
});

test.each([
  ['WAVE', 'a.wav', 'wav', ['-c:a', 'pcm_s16le'], 'wav'],
  ['Wave64', 'a.w64', 'wav', ['-c:a', 'pcm_s16le'], 'w64'],
  ['FLAC', 'a.flac', 'flac', [], 'flac'],
  ['MP3', 'a.mp3', 'mp3', [], 'mp3'],
  ['AAC', 'a.aac', 'aac', [], 'aac'],
  ['M4A', 'a.m4a', 'm4a', [], 'mov'],
  ['Ogg', 'a.opus', 'opus', ['-c:a', 'libopus'], 'ogg'],
] as const)(
  '%s is decoded to samples alone, by the demuxer of its content',
  async (_, name, format, codec, demuxer) => {
    const path = make(name, ...sine(3, 1000), ...codec);
    const head = execFileSync('head', ['-c', '4', path]);
    expect(demuxerFor(format, head)).toBe(demuxer);
    const seen = await decode(path, demuxer);
    expect([seen.frames, seen.pictures]).toEqual([0, []]);
    expect(seen.samples.length / analysisRateHz).toBeCloseTo(3, 0);
    expect(Math.abs(frequencyOf(seen.samples.subarray(8_000, 40_000)) - 1000)).toBeLessThan(5);
    expect(seen.audioFingerprint).toBe(fingerprintAlone(path));
    expect(seen.findings).toEqual([]);
  },
);

test.each([
  ['jpeg', null],
  ['svg', null],
  ['pdf', null],
  ['mkv', 'matroska'],
  ['mov', 'mov'],
] as const)('a file of format %s is for the demuxer %s', (format, demuxer) => {
  expect(demuxerFor(format, Buffer.from('riff'))).toBe(demuxer);
});

test('pictures without sound have no samples and no fingerprint', async () => {
  const clip = make('silent.mp4', ...ticking(3, 20), ...everySecond);
  const seen = await decode(clip, 'mov');
  expect([seen.frames, seen.audioSamples, seen.audioFingerprint, codes(seen)]).toEqual([3, 0, null, []]);
});

test('the cover of a song is not a frame of video', async () => {
  const cover = make('cover.png', '-f', 'lavfi', '-i', 'color=c=red:s=32x32', '-frames:v', '1');
  const maps = ['-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v', 'attached_pic'];
  const song = make('song.mp3', ...sine(2, 500), '-i', cover, ...maps);
  const seen = await decode(song, 'mp3');
  expect([seen.frames, codes(seen)]).toEqual([0, []]);
  expect(seen.samples.length).toBeGreaterThan(30_000);
});

test('a film in which half of the bytes are missing gives what it still holds', async () => {
  const clip = make('whole.mkv', ...ticking(8, 20), ...sine(8, 440), ...everySecond, '-c:a', 'pcm_s16le');
  const cut = join(folder, 'cut.mkv');
  copyFileSync(clip, cut);
  truncateSync(cut, Math.floor(statSync(clip).size / 2));
  const seen = await decode(cut, 'matroska');
  expect(seen.frames).toBeGreaterThan(1);
  expect(seen.frames).toBeLessThan(8);
  expect(seen.audioSamples).toBeGreaterThan(16_000);
  expect(seen.audioSamples).toBeLessThan(7 * 16_000);
  for (const code of codes(seen)) expect(code).toBe('decode-errors');
});

test('sound whose frames are noise is told as errors, not thrown', async () => {
  const song = make('noisy.flac', ...sine(4, 440));
  const bytes = execFileSync('cat', [song]);
  for (let at = Math.floor(bytes.length / 2); at < bytes.length; at += 1) bytes[at] = (at * 2_654_435_761) >>> 24;
  execFileSync('tee', [song], { input: bytes });
  const seen = await decode(song, 'flac');
  expect(seen.findings).toMatchObject([{ code: 'decode-errors', severity: 'warning', stage: 'decode' }]);
  expect(Number(seen.findings[0]?.params['count'])).toBeGreaterThan(0);
  expect(seen.audioSamples).toBeGreaterThan(16_000);
});

test('a demuxer that does not fit the content decodes nothing, in plain characters', async () => {
  const clip = make('mistaken.mp4', ...ticking(1, 20), ...everySecond);
  const video = { ...noStreams, video: { width: 64, height: 48 }, audio: true };
  const seen = await decode(clip, 'matroska', { probe: video });
  expect(seen.findings).toMatchObject([{ code: 'not-decodable', severity: 'warning', stage: 'decode' }]);
  const detail = String(seen.findings[0]?.params['detail']);
  expect(detail).toMatch(/^[\x20-\x7e]{1,120}$/);
  expect(detail).not.toMatch(/\/proc|\/fd\/|file:/);
  expect([seen.frames, seen.audioSamples, seen.audioFingerprint]).toEqual([0, 0, null]);
});

test('what has neither picture nor sound is not decodable', async () => {
  const seen = await decodeProbed({ input: { fd: 0 }, demuxer: 'mov', probe: noStreams, windowSeconds: null });
  expect(codes(seen)).toEqual(['not-decodable']);
});

test('a decoder that comes to no end is ended at its limit', async () => {
  const server = createServer(() => {});
  const url = await listen(server);
  const late = await decodeMedia({
    input: { url },
    demuxer: 'matroska',
    probe: { ...noStreams, audio: true },
    windowSeconds: null,
    wallMs: 700,
    onFrame: () => {},
    onAudio: () => {},
  });
  server.closeAllConnections();
  server.close();
  expect(late.findings).toEqual([
    { code: 'decode-time-limit', severity: 'warning', stage: 'decode', params: { limit: 1, unit: 's' } },
  ]);
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/`;
}
