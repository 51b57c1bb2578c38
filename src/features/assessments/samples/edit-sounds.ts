import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SampleFormat } from '../../../contract/target.ts';
import type { Edited } from './edited.ts';
import { encoders } from './films.ts';

const run = promisify(execFile);

export const soundEdits = ['metadata', 'recompress', 'resample', 'trim', 'speed', 'convert', 're-record'] as const;

/** Over a telephone in a room: the band of speech, and pink noise. */
const room =
  '[0:a:0]highpass=f=300,lowpass=f=3400[a];anoisesrc=a=0.01:c=pink:d=600:s=1[n];[a][n]amix=inputs=2:duration=first:normalize=0[out]';

export async function editSound(
  id: string,
  from: Edited,
  { path, offered }: { path: string; offered: readonly SampleFormat[] },
): Promise<Edited | null> {
  const { format } = from;
  const plain = ['-map', '0:a:0'];
  switch (id) {
    case 'metadata':
      await ffmpeg([...plain, '-c', 'copy', '-metadata', 'title=Holiday', '-movflags', 'use_metadata_tags'], from, {
        path,
        format,
      });
      return { path, format };
    case 'recompress':
      if (format === 'wav') return null;
      await ffmpeg([...plain, ...encoderOf(format), '-b:a', '64k'], from, { path, format });
      return { path, format };
    case 'convert': {
      const other = (['m4a', 'mp3', 'wav'] as const).find((one) => one !== format && offered.includes(one));
      if (!other) return null;
      await ffmpeg([...plain, ...encoderOf(other)], from, { path, format: other });
      return { path, format: other };
    }
    case 're-record':
      await ffmpeg(['-filter_complex', room, '-map', '[out]', ...encoderOf(format)], from, { path, format });
      return { path, format };
    default: {
      const chosen = { resample: ['-ar', '16000'], trim: ['-ss', '0.5'], speed: ['-af', 'atempo=1.1'] }[id];
      if (!chosen) return null;
      await ffmpeg([...plain, ...chosen, ...encoderOf(format)], from, { path, format });
      return { path, format };
    }
  }
}

function encoderOf(format: SampleFormat): readonly string[] {
  if (format !== 'mp3' && format !== 'wav' && format !== 'm4a') throw new Error(`${format} is no sound`);
  return encoders[format];
}

async function ffmpeg(args: readonly string[], from: Edited, to: Edited): Promise<void> {
  const muxer = to.format === 'm4a' ? 'ipod' : to.format;
  const before = ['-nostdin', '-loglevel', 'error', '-y', '-threads', '1'];
  await run('ffmpeg', [...before, '-i', from.path, ...args, '-f', muxer, to.path], { timeout: 120_000 });
}
