import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { SampleFormat } from '../../../contract/target.ts';
import { captionFor } from './caption.ts';
import type { Edited } from './edited.ts';
import { encoders } from './films.ts';

const run = promisify(execFile);

export const filmEdits = [
  'metadata',
  'remux',
  'recompress',
  'resize',
  'crop',
  'mirror',
  'caption',
  'letterbox',
  'speed',
  'frame-rate',
  're-record',
] as const;

/** Bars and crops leave both sides even, as the encoder wants them. */
const filters: Readonly<Record<string, string>> = {
  resize: 'scale=2*trunc(iw/4):2*trunc(ih/4)',
  crop: 'crop=2*trunc(iw*0.45):2*trunc(ih*0.45)',
  mirror: 'hflip',
  letterbox: 'pad=iw:ih+4*trunc(ih*0.06):0:2*trunc(ih*0.06)',
  speed: 'setpts=PTS/1.25',
  'frame-rate': 'fps=6',
  're-record':
    'scale=2*trunc(iw*0.3):2*trunc(ih*0.3),noise=alls=14:allf=t:all_seed=1,gblur=sigma=1,eq=brightness=-0.04,scale=2*trunc(iw/1.2):2*trunc(ih/1.2)',
};

export async function editFilm(
  id: string,
  from: Edited,
  { path, offered }: { path: string; offered: readonly SampleFormat[] },
): Promise<Edited | null> {
  const { format } = from;
  switch (id) {
    case 'metadata':
      if (format === 'webm') return null;
      await run('exiftool', ['-q', '-m', '-XMP-dc:Title=Holiday', '-o', path, from.path], { timeout: 60_000 });
      return { path, format };
    case 'remux': {
      const other = format === 'mp4' ? 'mov' : format === 'mov' ? 'mp4' : null;
      if (other === null || !offered.includes(other)) return null;
      await ffmpeg(['-i', from.path, '-map', '0', '-c', 'copy', '-movflags', 'use_metadata_tags', '-f', other, path]);
      return { path, format: other };
    }
    case 'caption': {
      const caption = `${path}.caption.png`;
      await writeFile(caption, await captionFor(await sizeOf(from.path)));
      await encode(from, path, [
        '-i',
        caption,
        '-filter_complex',
        '[0:v][1:v]overlay=0:H-h[v]',
        '-map',
        '[v]',
        '-map',
        '0:a?',
      ]);
      await rm(caption);
      return { path, format };
    }
    case 'recompress':
      await encode(
        from,
        path,
        ['-map', '0:v:0', '-map', '0:a:0?'],
        format === 'webm' ? ['-b:v', '150k'] : ['-crf', '32'],
      );
      return { path, format };
    default: {
      const filter = filters[id];
      if (filter === undefined) return null;
      const sound =
        id === 'speed' ? ['-af', 'atempo=1.25'] : id === 're-record' ? ['-af', 'highpass=f=300,lowpass=f=3400'] : [];
      await encode(from, path, ['-map', '0:v:0', '-map', '0:a:0?', '-vf', filter, ...sound]);
      return { path, format };
    }
  }
}

async function encode(
  from: Edited,
  path: string,
  chosen: readonly string[],
  more: readonly string[] = [],
): Promise<void> {
  const { format } = from;
  if (format !== 'mp4' && format !== 'mov' && format !== 'webm') throw new Error(`${format} is no film`);
  await ffmpeg(['-i', from.path, ...chosen, ...encoders[format], ...more, '-f', format, path]);
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  await run('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', '-threads', '1', ...args], { timeout: 120_000 });
}

async function sizeOf(path: string): Promise<{ width: number; height: number }> {
  const asked = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=width,height',
    '-of',
    'csv=p=0',
    path,
  ];
  const { stdout } = await run('ffprobe', asked, { timeout: 60_000 });
  const [width = 0, height = 0] = stdout.trim().split(',').map(Number);
  return { width, height };
}
