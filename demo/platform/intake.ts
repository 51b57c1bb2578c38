import { open } from 'node:fs/promises';
import sharp from 'sharp';
import { Problem } from '../../src/contract/problem.ts';
import { descriptorSource } from '../../src/engine/media/bytes.ts';
import { demuxerFor } from '../../src/engine/media/decode.ts';
import { mediaTypeOf } from '../../src/engine/media/media-types.ts';
import { sniff } from '../../src/engine/media/sniff.ts';
import type { Gaps } from './gaps.ts';
import { ffmpeg, inputOf } from './programs.ts';

export const pictureFormats = ['jpeg', 'png', 'webp'] as const;
const filmFormats = ['mp4', 'm4v', 'mov', 'webm'] as const;
const soundFormats = ['mp3', 'wav', 'm4a', 'mp4'] as const;

interface Taken {
  path: string;
  contentType: string;
}

/** An upload that is what it says and can be decoded. */
export type Accepted =
  | (Taken & { kind: 'image'; format: (typeof pictureFormats)[number] })
  | (Taken & { kind: 'video'; format: (typeof filmFormats)[number]; demuxer: string })
  | (Taken & { kind: 'audio'; format: (typeof soundFormats)[number]; demuxer: string });

export const maxPixels = 60_000_000;
const checkMs = 10_000;

/** Looks at content, never at names. Throws `unreadable-media` for what is no media of ours, or broken. */
export async function acceptUpload(path: string, gaps: Gaps): Promise<Accepted> {
  const accepted = await recognise(path);
  const readable = accepted !== null && (await isDecodable(accepted));
  if (readable) return accepted;
  if (gaps.has('malformed-crashes')) throw new Error('the decoder gave no answer');
  throw new Problem('unreadable-media', 'This is no picture, film or sound that can be read here.', { status: 422 });
}

async function recognise(path: string): Promise<Accepted | null> {
  const handle = await open(path);
  try {
    const source = descriptorSource(handle.fd);
    const sniffed = sniff(source);
    if (!sniffed) return null;
    const { contentType } = mediaTypeOf(sniffed);
    const picture = pictureFormats.find((format) => format === sniffed.format);
    if (picture) return { path, contentType, kind: 'image', format: picture };
    const demuxer = demuxerFor(sniffed.format, source.read(0, 4));
    if (demuxer === null) return null;
    const film = filmFormats.find((format) => format === sniffed.format);
    if (film && sniffed.kind === 'video') return { path, contentType, kind: 'video', format: film, demuxer };
    const sound = soundFormats.find((format) => format === sniffed.format);
    return sound && sniffed.kind === 'audio'
      ? { path, contentType: sound === 'mp4' ? 'audio/mp4' : contentType, kind: 'audio', format: sound, demuxer }
      : null;
  } finally {
    await handle.close();
  }
}

async function isDecodable(accepted: Accepted): Promise<boolean> {
  try {
    if (accepted.kind === 'image') {
      const picture = sharp(accepted.path, { limitInputPixels: maxPixels });
      await picture
        .resize(64)
        .timeout({ seconds: checkMs / 1000 })
        .raw()
        .toBuffer();
      return true;
    }
    const stream = accepted.kind === 'video' ? '0:v:0' : '0:a:0';
    // The opening is enough: what is cut off later says so in its header or fails in transcoding.
    await ffmpeg(['-xerror', '-t', '10', ...inputOf(accepted), '-map', stream, '-f', 'null', '-'], checkMs);
    return true;
  } catch {
    // Whatever the decoder says of it, the answer is the same.
    return false;
  }
}
