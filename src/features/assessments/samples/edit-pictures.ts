import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import type { SampleFormat } from '../../../contract/target.ts';
import { captionFor } from './caption.ts';
import type { Edited } from './edited.ts';

const run = promisify(execFile);

/** Editors keep metadata, screenshots and re-encoders do not: treatments.ts of the engine measures which do. */
export const pictureEdits = [
  'metadata',
  'recompress',
  'resize',
  'crop',
  'mirror',
  'caption',
  'letterbox',
  'convert',
  'screenshot',
  're-record',
] as const;

export async function editPicture(
  id: string,
  from: Edited,
  { path, offered }: { path: string; offered: readonly SampleFormat[] },
): Promise<Edited | null> {
  if (id === 'metadata') {
    await run('exiftool', ['-q', '-m', '-XMP-dc:Title=Holiday', '-o', path, from.path], { timeout: 60_000 });
    return { path, format: from.format };
  }
  const format = formatAfter(id, from.format, offered);
  if (format === null) return null;
  const changed = await change(id, from.path);
  if (changed === null) return null;
  await changed.toFormat(format, qualityOf(id, format)).toFile(path);
  return { path, format };
}

const pictureFormats = ['jpeg', 'png', 'webp'] as const;
type PictureFormat = (typeof pictureFormats)[number];

function formatAfter(id: string, before: SampleFormat, offered: readonly SampleFormat[]): PictureFormat | null {
  const format = pictureFormats.find((one) => one === before);
  if (!format) return null;
  if (id === 'recompress') return offered.includes('jpeg') ? 'jpeg' : format;
  if (id === 'screenshot') return offered.includes('png') ? 'png' : format;
  if (id === 'convert')
    return pictureFormats.toReversed().find((one) => one !== format && offered.includes(one)) ?? null;
  return format;
}

/** A quality would make a PNG choose a palette. */
function qualityOf(id: string, format: PictureFormat): { quality?: number } {
  if (format === 'png') return {};
  return { quality: { recompress: 60, 're-record': 70 }[id] ?? 88 };
}

async function change(id: string, path: string): Promise<Sharp | null> {
  const picture = sharp(path);
  const { width, height } = await picture.metadata();
  switch (id) {
    case 'recompress':
    case 'convert':
      return picture;
    case 'resize':
      return picture.resize(Math.round(width / 2)).keepMetadata();
    case 'crop':
      return picture
        .extract({
          left: Math.floor(width * 0.05),
          top: Math.floor(height * 0.05),
          width: Math.floor(width * 0.9),
          height: Math.floor(height * 0.9),
        })
        .keepMetadata();
    case 'mirror':
      return picture.flop().keepMetadata();
    case 'caption':
      return picture.composite([{ input: await captionFor({ width, height }), gravity: 'south' }]).keepMetadata();
    case 'letterbox': {
      const bar = Math.round(height * 0.12);
      return picture.extend({ top: bar, bottom: bar, background: '#000000' }).keepMetadata();
    }
    case 'screenshot':
      return picture.resize(Math.round(width * 0.8), null, { kernel: 'cubic' });
    case 're-record':
      return reRecorded(picture, { width, height });
    default:
      return null;
  }
}

/** As a telephone takes it from a screen: smaller, grainy, soft, a little darker. */
async function reRecorded(picture: Sharp, { width, height }: { width: number; height: number }): Promise<Sharp> {
  const [wide, high] = [Math.round(width * 0.6), Math.round(height * 0.6)];
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 18 };
  const grain = await sharp({ create: { width: wide, height: high, channels: 3, background: '#808080', noise } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const small = await picture
    .resize(wide, high)
    .composite([{ input: grain, blend: 'soft-light' }])
    .png({ compressionLevel: 0 })
    .toBuffer();
  return sharp(small).blur(1).modulate({ brightness: 0.93 }).resize(width, height);
}
