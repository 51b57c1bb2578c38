import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { MediaFormat } from '../../src/contract/screening.ts';

/** For tests only: a small file of every format that can carry a manifest, and of those that cannot. */
export async function mediaOf(format: MediaFormat): Promise<Buffer> {
  const known = made.get(format);
  if (known) return Buffer.from(known);
  const make = makers[format];
  if (!make) throw new Error(`no maker for ${format}`);
  const media = await make();
  made.set(format, media);
  return Buffer.from(media);
}

const made = new Map<MediaFormat, Buffer>();

const makers: Partial<Record<MediaFormat, () => Promise<Buffer> | Buffer>> = {
  jpeg: () => picture().jpeg().toBuffer(),
  png: () => picture().png().toBuffer(),
  webp: () => picture().webp().toBuffer(),
  gif: () => picture().gif().toBuffer(),
  tiff: () => picture().tiff().toBuffer(),
  avif: () => picture().avif().toBuffer(),
  heic: () => readFileSync(new URL('../fixtures/labels-av/plain.heic', import.meta.url)),
  svg: () =>
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>'),
  mp4: () => encoded('mp4', ...video, ...sound),
  mov: () => encoded('mov', ...video, ...sound),
  m4a: () => encoded('m4a', ...sound),
  avi: () => encoded('avi', ...video),
  wav: () => encoded('wav', ...sound),
  mp3: () => encoded('mp3', ...sound),
  flac: () => encoded('flac', ...sound),
  pdf: () => readFileSync(new URL('../fixtures/labels-images/pdf-info.pdf', import.meta.url)),
  webm: () => encoded('webm', ...video),
  mkv: () => encoded('mkv', ...video),
  ogg: () => encoded('ogg', ...sound),
  opus: () => encoded('opus', ...sound),
  flv: () => encoded('flv', ...video),
};

const video = ['-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=10:duration=1,format=yuv420p'];
const sound = ['-f', 'lavfi', '-i', 'sine=duration=1'];

function picture() {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  return sharp({ create: { width: 160, height: 120, channels: 3, background: '#369', noise } });
}

function encoded(ending: string, ...args: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'media-'));
  try {
    execFileSync('ffmpeg', ['-v', 'error', ...args, join(folder, `media.${ending}`)]);
    return readFileSync(join(folder, `media.${ending}`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
