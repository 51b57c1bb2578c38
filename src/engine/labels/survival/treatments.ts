import sharp, { type Sharp } from 'sharp';
import type { MediaFormat, MediaKind } from '../../../contract/screening.ts';

/** One ordinary thing that happens to files on their way. */
export interface Treatment {
  id: string;
  /** What a person would type; `IN` and `OUT` stand for the files. */
  command: string;
  /** Ending of the file that comes out. */
  ending: string;
  run: { tool: 'ffmpeg'; arguments: readonly string[] } | { tool: 'exiftool'; arguments: readonly string[] } | SharpRun;
}

interface SharpRun {
  tool: 'sharp';
  change: (picture: Sharp, size: { width: number; height: number }) => Sharp;
}

/**
 * The ladder for a file of that format, in its order: from a copy to renditions that leave little. Regulation catalogue 5.3 "traps":
 * most rewriting drops metadata in silence, so which step keeps what is measured, not assumed.
 */
export function treatmentsFor(format: MediaFormat, kind: MediaKind): Treatment[] {
  if (kind === 'image') return format === 'svg' ? [] : images(format);
  if (kind === 'video') return videos(format);
  if (kind === 'audio') return audios(format);
  return format === 'pdf' ? [strip('pdf'), retitle('pdf')] : [];
}

const endings: { readonly [format in MediaFormat]?: string } = {
  jpeg: 'jpg',
  tiff: 'tif',
  mpegts: 'ts',
  ooxml: 'docx',
};

function endingOf(format: MediaFormat): string {
  return endings[format] ?? format;
}

function images(format: MediaFormat): Treatment[] {
  const ending = endingOf(format);
  const kept = sharpWrites.has(format) ? ending : 'png';
  const to = sharpStep;
  return [
    ...(exiftoolWrites.has(format) ? [retitle(ending), strip(ending)] : []),
    to('sharp-plain', kept, 'sharp(IN).toFile(OUT)', (picture) => picture),
    to('sharp-keep-metadata', kept, 'sharp(IN).keepMetadata().toFile(OUT)', (picture) => picture.keepMetadata()),
    to('sharp-keep-exif', kept, 'sharp(IN).keepExif().toFile(OUT)', (picture) => picture.keepExif()),
    to('resize-half-keep', kept, 'sharp(IN).resize(50 %).keepMetadata().toFile(OUT)', (picture, { width }) =>
      picture.resize(Math.max(1, Math.round(width / 2))).keepMetadata(),
    ),
    to('jpeg-90', 'jpg', 'sharp(IN).jpeg({ quality: 90 }).toFile(OUT)', (picture) => picture.jpeg({ quality: 90 })),
    to('jpeg-75', 'jpg', 'sharp(IN).jpeg({ quality: 75 }).toFile(OUT)', (picture) => picture.jpeg({ quality: 75 })),
    to('jpeg-50', 'jpg', 'sharp(IN).jpeg({ quality: 50 }).toFile(OUT)', (picture) => picture.jpeg({ quality: 50 })),
    to('webp-80', 'webp', 'sharp(IN).webp().toFile(OUT)', (picture) => picture.webp()),
    to('crop-10', 'png', 'sharp(IN).extract(90 % from the middle).png().toFile(OUT)', (picture, { width, height }) =>
      picture.extract({
        left: Math.floor(width * 0.05),
        top: Math.floor(height * 0.05),
        width: Math.max(1, Math.floor(width * 0.9)),
        height: Math.max(1, Math.floor(height * 0.9)),
      }),
    ),
    to('screenshot', 'png', 'sharp(IN).resize(80 %, cubic).png().toFile(OUT)', (picture, { width }) =>
      picture.resize(Math.max(1, Math.round(width * 0.8)), null, { kernel: 'cubic' }).png(),
    ),
    to('social', 'jpg', 'sharp(IN).resize(max 1080).jpeg({ quality: 75 }).toFile(OUT)', (picture) =>
      picture.resize(1080, 1080, { fit: 'inside', withoutEnlargement: true }).jpeg({ quality: 75 }),
    ),
    ...(format === 'jpeg' || format === 'png' || format === 'webp'
      ? [ffmpegStep('ffmpeg-image', ending, ['-frames:v', '1', '-update', '1'])]
      : []),
  ];
}

const exiftoolWrites: ReadonlySet<MediaFormat> = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heic']);
const sharpWrites: ReadonlySet<MediaFormat> = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif']);

function videos(format: MediaFormat): Treatment[] {
  const ending = endingOf(format);
  const isBmff = format === 'mp4' || format === 'mov' || format === 'm4v';
  // What a muxer of another family takes: WebM and FLV hold few codecs.
  const asMp4 = ['-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac', '-pix_fmt', 'yuv420p'];
  return [
    ffmpegStep('ffmpeg-copy', ending, ['-map', '0', '-c', 'copy']),
    ...(isBmff
      ? [
          ffmpegStep('ffmpeg-copy-metadata-tags', ending, ['-c', 'copy', '-movflags', 'use_metadata_tags']),
          ffmpegStep('ffmpeg-copy-faststart', ending, ['-c', 'copy', '-movflags', '+faststart']),
          ffmpegStep('remux-mov', 'mov', ['-c', 'copy']),
          ffmpegStep('remux-mkv', 'mkv', ['-c', 'copy']),
          retitle(ending),
          strip(ending),
        ]
      : [
          ffmpegStep('remux-mp4', 'mp4', ['-c', 'copy', '-strict', '-2']),
          ffmpegStep('remux-mp4-metadata-tags', 'mp4', [
            '-c',
            'copy',
            '-strict',
            '-2',
            '-movflags',
            'use_metadata_tags',
          ]),
        ]),
    ffmpegStep('ffmpeg-strip', ending, ['-c', 'copy', '-map_metadata', '-1']),
    ffmpegStep('trim', ending, ['-ss', '0.5', '-c', 'copy']),
    ffmpegStep('transcode-x264', 'mp4', [...asMp4, '-crf', '28']),
    ffmpegStep('transcode-x264-metadata-tags', 'mp4', [...asMp4, '-crf', '28', '-movflags', 'use_metadata_tags']),
    ffmpegStep('social-720p', 'mp4', [
      ...['-vf', 'scale=-2:min(720\\,ih)', '-r', '30', '-map_metadata', '-1', '-map_chapters', '-1'],
      ...[...asMp4, '-b:v', '2M', '-movflags', '+faststart'],
    ]),
    ffmpegStep('sound-only', 'm4a', ['-vn', '-c:a', 'aac']),
  ];
}

function audios(format: MediaFormat): Treatment[] {
  const ending = format === 'ogg' || format === 'opus' ? 'ogg' : endingOf(format);
  return [
    ffmpegStep('ffmpeg-copy', ending, ['-map', '0:a', '-c', 'copy']),
    ffmpegStep('ffmpeg-strip', ending, ['-map', '0:a', '-c', 'copy', '-map_metadata', '-1']),
    ...(format === 'm4a'
      ? [
          ffmpegStep('ffmpeg-copy-metadata-tags', ending, [
            '-map',
            '0:a',
            '-c',
            'copy',
            '-movflags',
            'use_metadata_tags',
          ]),
        ]
      : []),
    ffmpegStep('mp3-128k', 'mp3', ['-map', '0:a', '-c:a', 'libmp3lame', '-b:a', '128k']),
    ffmpegStep('aac-96k', 'm4a', ['-map', '0:a', '-c:a', 'aac', '-b:a', '96k']),
    ffmpegStep('opus-32k', 'opus', ['-map', '0:a', '-c:a', 'libopus', '-b:a', '32k']),
    ffmpegStep('flac', 'flac', ['-map', '0:a', '-c:a', 'flac']),
    ffmpegStep('wav-16k', 'wav', ['-map', '0:a', '-ar', '16000']),
  ];
}

function ffmpegStep(id: string, ending: string, args: readonly string[]): Treatment {
  const command = `ffmpeg -i IN ${args.join(' ')} OUT.${ending}`;
  // Bit-exact: the same file comes out on every run, so that a table can be compared.
  return {
    id,
    command,
    ending,
    run: { tool: 'ffmpeg', arguments: [...args, '-fflags', '+bitexact', '-flags', '+bitexact'] },
  };
}

function sharpStep(id: string, ending: string, command: string, change: SharpRun['change']): Treatment {
  return { id, command: command.replace('OUT', `'OUT.${ending}'`), ending, run: { tool: 'sharp', change } };
}

function retitle(ending: string): Treatment {
  const args = ['-XMP-dc:Title=Holiday'];
  return {
    id: 'exiftool-title',
    command: `exiftool ${args[0]} IN`,
    ending,
    run: { tool: 'exiftool', arguments: args },
  };
}

function strip(ending: string): Treatment {
  return {
    id: 'exiftool-strip',
    command: 'exiftool -all= IN',
    ending,
    run: { tool: 'exiftool', arguments: ['-all='] },
  };
}

export function openPicture(path: string): Sharp {
  return sharp(path, { limitInputPixels: 150_000_000, animated: false });
}
