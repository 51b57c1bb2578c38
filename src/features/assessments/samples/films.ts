import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Random } from './random.ts';

const run = promisify(execFile);

/** Drawn by ffmpeg from a seed; nothing foreign is decoded, so no box is needed. */
const encoders = {
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
} as const;

/** Two and a half seconds: long enough for a label of two. */
export async function renderFilm(random: Random, format: keyof typeof encoders, path: string): Promise<void> {
  const pitch = 200 + random.below(600);
  const isFilm = format === 'mp4' || format === 'mov' || format === 'webm';
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
