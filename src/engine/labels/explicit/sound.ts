import type { MediaFormat } from '../../../contract/screening.ts';
import { muxerOptions } from './film.ts';
import { defaultPitch, defaultUnitMs, playRhythm } from './rhythm.ts';
import type { StreamFacts } from './streams.ts';

export type SoundPlace = 'start' | 'middle' | 'end';

/**
 * ffmpeg's arguments that put a label (a second input, `labelFile`) before, into the middle of, or behind a sound. The sound is
 * encoded anew by the same kind of codec; cover pictures and metadata are copied. Null where there is no encoder of that kind.
 */
export function soundArguments(request: {
  streams: readonly StreamFacts[];
  sound: StreamFacts;
  labelFile: string;
  places: readonly SoundPlace[];
  durationSeconds: number | null;
  format: MediaFormat;
}): string[] | null {
  const { streams, sound, labelFile, places, durationSeconds, format } = request;
  const encoder = encoderFor(sound);
  if (!encoder || (places.includes('middle') && durationSeconds === null)) return null;
  const shape = `aresample=${sound.sampleRateHz},aformat=channel_layouts=${layout(sound.channels)}`;
  const parts: string[] = [];
  const chain: string[] = [];
  const label = () => {
    const name = `[l${chain.length}]`;
    parts.push(`[1:a]${shape}${name}`);
    chain.push(name);
  };
  const stretch = (from: number, to: number | null) => {
    const name = `[s${chain.length}]`;
    const cut =
      from === 0 && to === null ? '' : `atrim=start=${from}${to === null ? '' : `:end=${to}`},asetpts=N/SR/TB,`;
    parts.push(`[0:${sound.index}]${cut}${shape}${name}`);
    chain.push(name);
  };
  if (places.includes('start')) label();
  if (places.includes('middle') && durationSeconds !== null) {
    const half = Number((durationSeconds / 2).toFixed(3));
    stretch(0, half);
    label();
    stretch(half, null);
  } else stretch(0, null);
  if (places.includes('end')) label();
  const filter = [...parts, `${chain.join('')}concat=n=${chain.length}:v=0:a=1[labelled]`].join(';');
  const covers = streams.filter(({ index, kind }) => index !== sound.index && kind === 'video');
  return [
    ...['-f', 'wav', '-i', `file:${labelFile}`, '-filter_complex', filter, '-map', '[labelled]'],
    ...covers.flatMap(({ index }) => ['-map', `0:${index}`]),
    ...['-c:v', 'copy', '-c:a', ...encoder, '-ar', String(sound.sampleRateHz), '-ac', String(sound.channels)],
    ...['-map_metadata', '0', ...covers.flatMap((_, at) => [`-disposition:v:${at}`, 'attached_pic'])],
    ...muxerOptions(format),
  ];
}

/** The rhythm mark as a WAV file, mono, 48 kHz, at a level that is heard over most programmes (−16 dB). */
export function rhythmWav(): Uint8Array {
  const sampleRateHz = 48_000;
  const samples = playRhythm({ pitch: defaultPitch, unitMs: defaultUnitMs, levelDb: -16, sampleRateHz });
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRateHz, 24);
  bytes.writeUInt32LE(sampleRateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, index) => {
    bytes.writeInt16LE(Math.round(sample * 32_767), 44 + index * 2);
  });
  return bytes;
}

function layout(channels: number): string {
  return channels === 1 ? 'mono' : channels === 6 ? '5.1' : channels === 8 ? '7.1' : 'stereo';
}

function encoderFor({ codec, bitRate }: StreamFacts): string[] | null {
  const rate = (usual: number) => ['-b:a', String(bitRate ?? usual)];
  if (codec.startsWith('pcm_')) return [codec];
  switch (codec) {
    case 'mp3':
      return ['libmp3lame', ...rate(192_000)];
    case 'aac':
      return ['aac', ...rate(192_000)];
    case 'opus':
      return ['libopus', ...rate(96_000)];
    case 'vorbis':
      return ['libvorbis', ...rate(160_000)];
    case 'flac':
      return ['flac'];
    case 'alac':
      return ['alac'];
    default:
      return null;
  }
}
