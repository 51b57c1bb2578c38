import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { plainDocx, plainPdf } from './plain-files.ts';

/** One small file of every container that takes a label, made here; returns their names. */
export async function makeMedia(folder: string): Promise<string[]> {
  const at = (name: string) => join(folder, name);
  const picture = sharp({
    create: {
      width: 96,
      height: 64,
      channels: 3,
      background: '#9a7b4f',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
  for (const ending of ['jpg', 'png', 'webp', 'gif', 'tif', 'avif']) await picture.clone().toFile(at(`p.${ending}`));
  const film = ['-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=25:d=1', '-f', 'lavfi', '-i', 'sine=f=440:d=1'];
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  for (const ending of ['mp4', 'mov', 'mkv', 'flv']) ffmpeg([...film, ...h264, at(`v.${ending}`)]);
  ffmpeg([...film, '-c:v', 'libvpx', '-c:a', 'libvorbis', at('v.webm')]);
  ffmpeg([...film, '-c:v', 'mpeg4', '-c:a', 'mp3', at('v.avi')]);
  const sound = ['-f', 'lavfi', '-i', 'sine=f=440:d=1'];
  for (const ending of ['wav', 'mp3', 'm4a', 'flac', 'ogg', 'opus']) ffmpeg([...sound, at(`a.${ending}`)]);
  writeFileSync(at('d.pdf'), plainPdf());
  writeFileSync(at('d.docx'), plainDocx());
  writeFileSync(at('d.md'), '# A page\n\nWords.\n');
  return [
    ...['p.jpg', 'p.png', 'p.webp', 'p.gif', 'p.tif', 'p.avif'],
    ...['v.mp4', 'v.mov', 'v.mkv', 'v.webm', 'v.avi', 'v.flv'],
    ...['a.wav', 'a.mp3', 'a.m4a', 'a.flac', 'a.ogg', 'a.opus', 'd.pdf', 'd.docx', 'd.md'],
  ];
}

function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);
}
