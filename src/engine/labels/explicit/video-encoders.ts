import type { AvSource, AvStream } from './av-source.ts';

export interface Encoder {
  /** ffmpeg's name. */
  name: string;
  options: string[];
}

/** The encoder of the same codec, at a quality near that of the file; null for a codec that we do not write. */
export function encoderFor(video: AvStream, source: AvSource): Encoder | null {
  return encoders[video.codec_name]?.(video, bitsAPixel(video, source), pictureRate(video, source)) ?? null;
}

type Choose = (video: AvStream, bits: number, rate: number) => Encoder;

const encoders: { readonly [codec: string]: Choose } = {
  h264: (_, bits) => ({ name: 'libx264', options: ['-preset', 'medium', '-crf', crf(bits, 0.1, 21, 4.5, 12, 28)] }),
  hevc: (_, bits) => ({
    name: 'libx265',
    options: ['-preset', 'medium', '-crf', crf(bits, 0.06, 22, 4.5, 12, 30), '-x265-params', 'log-level=error'],
  }),
  vp9: (_, bits) => ({
    name: 'libvpx-vp9',
    options: ['-crf', crf(bits, 0.06, 28, 6, 12, 42), '-b:v', '0', '-row-mt', '1', '-cpu-used', '3'],
  }),
  vp8: (_, bits, rate) => ({
    name: 'libvpx',
    options: ['-crf', crf(bits, 0.08, 12, 5, 4, 30), '-b:v', String(Math.round(rate * 1.3)), '-cpu-used', '2'],
  }),
  av1: (_, bits) => ({ name: 'libsvtav1', options: ['-crf', crf(bits, 0.05, 28, 6, 12, 45), '-preset', '7'] }),
  mpeg4: (_, bits) => ({ name: 'mpeg4', options: ['-q:v', crf(bits, 0.15, 4, 2, 2, 12)] }),
  mjpeg: (_, bits) => ({ name: 'mjpeg', options: ['-q:v', crf(bits, 1.2, 4, 2.5, 2, 16)] }),
  prores: (video) => ({ name: 'prores_ks', options: ['-profile:v', proresProfile(video), '-vendor', 'apl0'] }),
  ffv1: () => ({ name: 'ffv1', options: ['-level', '3'] }),
};

/**
 * A quality figure from the bits that the file spends on a pixel: `usual` at `reference`, and `step` finer for each doubling.
 * A measured rule of thumb, not a law: calm pictures come out larger, restless ones smaller.
 */
function crf(bits: number, reference: number, usual: number, step: number, finest: number, coarsest: number): string {
  const value = usual - step * Math.log2(Math.max(1e-4, bits) / reference);
  return String(Math.round(Math.min(coarsest, Math.max(finest, value))));
}

function proresProfile({ profile = '' }: AvStream): string {
  const names = ['proxy', 'lt', 'standard', 'hq', '4444', 'xq'];
  const known = names.findIndex((name) => profile.toLowerCase().includes(name));
  return String(known < 0 ? 3 : known);
}

/** Bits a second of the pictures alone; where only the sum is known, without what sound usually takes. */
function pictureRate(video: AvStream, source: AvSource): number {
  if (video.bit_rate) return video.bit_rate;
  const sound = source.streams
    .filter((stream) => stream.codec_type === 'audio')
    .reduce((sum, stream) => sum + (stream.bit_rate ?? 128_000), 0);
  return Math.max(50_000, (source.bitRate ?? 2_000_000) - sound);
}

function bitsAPixel(video: AvStream, source: AvSource): number {
  const [frames = 0, seconds = 0] = (video.avg_frame_rate ?? '').split('/').map(Number);
  const frameRate = frames > 0 && seconds > 0 ? frames / seconds : 25;
  return pictureRate(video, source) / Math.max(1, (video.width ?? 1) * (video.height ?? 1) * frameRate);
}
