import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { SampleFormat } from '../../../contract/target.ts';
import { melodyWav } from './melody.ts';
import { drawPicture } from './pictures.ts';
import type { Random } from './random.ts';
import { formats } from './sample.ts';

const run = promisify(execFile);

type StreamFormat = Exclude<SampleFormat, 'jpeg' | 'png' | 'webp'>;

/** Nothing foreign is decoded or encoded here, so no box is needed. */
export const encoders: Readonly<Record<StreamFormat, readonly string[]>> = {
  mp4: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-movflags', '+faststart'],
  mov: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  webm: [
    '-c:v',
    'libvpx',
    '-pix_fmt',
    'yuv420p',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
    '-b:v',
    '400k',
    '-c:a',
    'libopus',
  ],
  mp3: ['-c:a', 'libmp3lame', '-q:a', '5'],
  wav: ['-c:a', 'pcm_s16le'],
  m4a: ['-c:a', 'aac'],
};

/** Drawn by ffmpeg from a seed. Two and a half seconds: long enough for a label of two. */
export async function renderFilm(random: Random, format: StreamFormat, path: string): Promise<void> {
  const pitch = 200 + random.below(600);
  const isFilm = formats[format].kind === 'video';
  const picture = `gradients=s=320x240:r=10:d=2.5:seed=${random.below(2 ** 31)}:speed=0.02`;
  await run(
    'ffmpeg',
    [
      ...['-nostdin', '-loglevel', 'error', '-y', '-threads', '1'],
      ...(isFilm ? ['-f', 'lavfi', '-i', picture] : []),
      ...['-f', 'lavfi', '-i', `sine=f=${pitch}:d=2.5`, '-t', '2.5'],
      ...encoders[format],
      path,
    ],
    { timeout: 120_000 },
  );
}

const scenes = 4;
const sceneSeconds = 1.5;

/** Six seconds with four scenes and a melody: enough that a copy can be told from another film. */
export async function renderKnown(random: Random, format: StreamFormat, path: string): Promise<void> {
  const isFilm = formats[format].kind === 'video';
  const pictures = isFilm ? await drawScenes(random, path) : [];
  const melody = `${path}.melody.wav`;
  await writeFile(melody, melodyWav(random, scenes * sceneSeconds));
  const inputs = pictures.flatMap((picture) => [
    ...['-loop', '1', '-framerate', '10', '-t', String(sceneSeconds), '-i', picture],
  ]);
  const joined = `${pictures.map((_picture, index) => `[${index}:v]`).join('')}concat=n=${scenes}:v=1:a=0,scale=320:240[v]`;
  await run(
    'ffmpeg',
    [
      ...['-nostdin', '-loglevel', 'error', '-y', '-threads', '1'],
      ...[...inputs, '-i', melody],
      ...(isFilm ? ['-filter_complex', joined, '-map', '[v]'] : []),
      ...['-map', `${pictures.length}:a`],
      ...encoders[format],
      path,
    ],
    { timeout: 120_000 },
  );
  for (const part of [...pictures, melody]) await rm(part);
}

async function drawScenes(random: Random, path: string): Promise<string[]> {
  const drawn: string[] = [];
  for (let scene = 0; scene < scenes; scene++) {
    const picture = `${path}.scene-${scene}.png`;
    await writeFile(picture, await drawPicture(random, 'png', false));
    drawn.push(picture);
  }
  return drawn;
}
