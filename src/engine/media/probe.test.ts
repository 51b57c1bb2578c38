import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { streamSchema } from '../../contract/screening.ts';
import { inputArguments, type Probe, probeMedia, readProbe } from './probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearmirror-probe-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const picture = ['-f', 'lavfi', '-i', 'testsrc=s=64x48:r=25:d=2'];
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100:duration=2'];

function make(name: string, ...args: string[]): string {
  const path = join(folder, name);
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, path]);
  return path;
}

async function probe(path: string, demuxer: string): Promise<Probe | null> {
  const fd = openSync(path, 'r');
  try {
    return await probeMedia({ fd }, demuxer);
  } finally {
    closeSync(fd);
  }
}

const video64 = { kind: 'video', codec: 'h264', width: 64, height: 48, frameRate: 25 };
const mono44 = { kind: 'audio', sampleRateHz: 44_100, channels: 1 };

test.each([
  ['picture and sound', 'both.mp4', [...picture, ...sound], 'mov', [video64, { ...mono44, codec: 'aac' }], true, true],
  ['picture alone', 'mute.mp4', picture, 'mov', [video64], true, false],
  ['sound alone', 'tone.flac', sound, 'flac', [{ ...mono44, codec: 'flac' }], false, true],
  ['two channels', 'two.wav', [...sound, '-ac', '2'], 'wav', [{ ...mono44, channels: 2 }], false, true],
] as const)('a file with %s', async (_, name, args, demuxer, streams, video, audio) => {
  const found = await probe(make(name, ...args), demuxer);
  expect(found?.streams).toMatchObject(streams);
  expect(found?.streams.length).toBe(streams.length);
  expect(found?.video).toEqual(video ? { width: 64, height: 48 } : null);
  expect(found?.audio).toBe(audio);
  expect(Math.abs((found?.durationMs ?? 0) - 2000)).toBeLessThan(60);
  const [, installed] =
    /^ffprobe version (\S+)/.exec(execFileSync('ffprobe', ['-version'], { encoding: 'utf8' })) ?? [];
  expect(found?.version).toBe(installed);
});

test('the cover of a song is an image, not video', async () => {
  const cover = make('cover.png', '-f', 'lavfi', '-i', 'color=c=red:s=32x32', '-frames:v', '1');
  const maps = ['-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v', 'attached_pic'];
  const found = await probe(make('song.mp3', ...sound, '-i', cover, ...maps), 'mp3');
  expect(found?.streams.map(({ kind, codec }) => [kind, codec])).toEqual([
    ['audio', 'mp3'],
    ['image', 'png'],
  ]);
  expect([found?.video, found?.audio]).toEqual([null, true]);
});

test('a file that is not of the named container has no streams', async () => {
  const clip = make('clip.mp4', ...picture);
  expect(await probe(clip, 'matroska')).toBe(null);
  const half = join(folder, 'half.mp4');
  // ffmpeg writes the table of contents last: without it nothing can be known.
  writeFileSync(half, readFileSync(clip).subarray(0, 2_000));
  expect(await probe(half, 'mov')).toBe(null);
});

test('a file that names another one is not followed', async () => {
  const secret = make('secret.wav', ...sound);
  const list = join(folder, 'list.ffconcat');
  writeFileSync(list, `ffconcat version 1.0\nfile ${secret}\n`);
  for (const demuxer of ['mov', 'matroska', 'wav', 'mp3']) expect(await probe(list, demuxer)).toBe(null);
});

test('a probe that is called off has no answer', async () => {
  const fd = openSync(make('off.mp4', ...picture), 'r');
  expect(await probeMedia({ fd }, 'mov', AbortSignal.abort())).toBe(null);
  closeSync(fd);
});

test('a tool that is not there has no answer', async () => {
  const fd = openSync(make('none.mp4', ...picture), 'r');
  const path = process.env['PATH'];
  process.env['PATH'] = folder;
  const found = await probeMedia({ fd }, 'mov');
  process.env['PATH'] = path;
  closeSync(fd);
  expect(found).toBe(null);
});

test.each([
  ['a descriptor', { fd: 9 }, 'file', 'file:/proc/self/fd/6'],
  ['an address', { url: 'http://127.0.0.1:1/' }, 'http,tcp', 'http://127.0.0.1:1/'],
])('%s is opened by one kind of protocol only', (_, input, protocols, address) => {
  expect(inputArguments('mov', input, 6)).toEqual(['-protocol_whitelist', protocols, '-f', 'mov', '-i', address]);
});

const stream = { codec_type: 'video', codec_name: 'h264', width: 10, height: 20 };
const tone = { codec_type: 'audio', codec_name: 'aac', sample_rate: '48000', channels: 2 };

test.each([
  ['nothing', ''],
  ['half an answer', '{"streams":[{"codec_type":'],
  ['a number', '7'],
  ['a list', '[]'],
  ['no streams', '{"streams":[]}'],
  ['only a format', '{"format":{"duration":"5"}}'],
])('%s is no answer', (_, json) => {
  expect(readProbe(json)).toBe(null);
});

test.each([
  ['duration of the container', { format: { duration: '1.5' }, streams: [stream] }, { durationMs: 1_500 }],
  [
    'longest stream',
    {
      streams: [
        { ...stream, duration: '2' },
        { ...tone, duration: '3.5' },
      ],
    },
    { durationMs: 3_500 },
  ],
  ['unknown duration', { format: { duration: 'N/A' }, streams: [stream] }, { durationMs: null }],
  ['negative duration', { format: { duration: '-4' }, streams: [stream] }, { durationMs: null }],
  ['endless duration', { format: { duration: '1e999' }, streams: [stream] }, { durationMs: null }],
  ['no size', { streams: [{ ...stream, width: 0 }] }, { video: null }],
  ['an unknown codec', { streams: [{ ...stream, codec_name: undefined }] }, { video: null }],
  [
    'a cover before the film',
    {
      streams: [
        { ...stream, disposition: { attached_pic: 1 } },
        { ...stream, width: 30 },
      ],
    },
    { video: { width: 30, height: 20 } },
  ],
  ['sound without a rate', { streams: [{ ...tone, sample_rate: '0' }] }, { audio: false }],
  ['sound of an unknown codec', { streams: [{ ...tone, codec_name: undefined }] }, { audio: false }],
  ['a long version', { program_version: { version: 'v'.repeat(500) }, streams: [stream] }, { version: 'v'.repeat(60) }],
  ['no version', { streams: [stream] }, { version: 'unknown' }],
])('%s', (_, answer, expected) => {
  expect(readProbe(JSON.stringify(answer))).toMatchObject(expected);
});

test.each([
  ['a frame rate over nothing', { avg_frame_rate: '25/0' }],
  ['no rate at all', { avg_frame_rate: '0/0' }],
  ['words for a rate', { avg_frame_rate: 'fast' }],
  ['negative size', { width: -5, height: -5 }],
  ['broken channels', { channels: 1.5 }],
  ['an unknown kind', { codec_type: 'subtitle' }],
  ['no kind', { codec_type: undefined }],
  ['a rate of samples in words', { sample_rate: 'many' }],
])('a stream with %s is described within the contract', (_, oddity) => {
  const described = readProbe(JSON.stringify({ streams: [{ ...stream, ...oddity }] }))?.streams[0];
  expect(streamSchema.safeParse(described).error).toBe(undefined);
  for (const name of Object.keys(oddity)) expect(described).not.toHaveProperty(name);
});

test('of thousands of streams the first 64 are described', () => {
  const streams = Array.from({ length: 3_000 }, () => tone);
  expect(readProbe(JSON.stringify({ streams }))?.streams.length).toBe(64);
});
