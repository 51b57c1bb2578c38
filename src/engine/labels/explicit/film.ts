import type { MediaFormat } from '../../../contract/screening.ts';
import type { Overlay } from './draw.ts';
import type { StreamFacts } from './streams.ts';

/** How long the label is shown from the first frame; null throughout. */
export type Shown = { seconds: number | null };

/**
 * ffmpeg's arguments that burn a label into a film: the picture is encoded anew by the same kind of codec, near its old quality, and all
 * else (sound, subtitles, chapters, metadata, covers) is copied. The label is one small picture, so that it costs next to nothing.
 * Null where this ffmpeg has no encoder of that kind. `lost` says what an encoder cannot carry over.
 */
export function filmArguments(request: {
  streams: readonly StreamFacts[];
  film: StreamFacts;
  overlay: Overlay;
  overlayFile: string;
  shown: Shown;
  /** Bits a second of the film, where they are known. */
  bitRate: number | null;
  format: MediaFormat;
}): { arguments: string[]; lost: string[] } | null {
  const { streams, film, overlay, overlayFile, shown, bitRate, format } = request;
  const encoder = encoderFor(film, bitRate);
  if (!encoder) return null;
  const until = film.startSeconds + (shown.seconds ?? 0);
  const enable = shown.seconds === null ? '' : `:enable='lt(t,${until.toFixed(3)})'`;
  const place = `${overlay.left}:${overlay.top}`;
  const filter = `[0:${film.index}][1:v]overlay=${place}:format=auto${enable},format=${film.pixelFormat}[labelled]`;
  const others = streams.filter(({ index, kind }) => index !== film.index && kind !== 'data' && kind !== 'other');
  const lost = [
    ...(streams.some(({ kind }) => kind === 'data' || kind === 'other') ? ['data-streams-lost'] : []),
    ...(film.colour.transfer === 'smpte2084' ? ['hdr-metadata-lost'] : []),
  ];
  const { range, space, transfer, primaries } = film.colour;
  return {
    lost,
    arguments: [
      ...['-f', 'png_pipe', '-i', `file:${overlayFile}`, '-filter_complex', filter],
      ...['-map', '[labelled]', ...others.flatMap(({ index }) => ['-map', `0:${index}`])],
      ...['-c', 'copy', '-c:v:0', ...encoder, '-fps_mode:v:0', 'passthrough'],
      ...['-map_metadata', '0', '-map_chapters', '0'],
      ...(range ? ['-color_range', range] : []),
      ...(space ? ['-colorspace', space] : []),
      ...(transfer ? ['-color_trc', transfer] : []),
      ...(primaries ? ['-color_primaries', primaries] : []),
      ...muxerOptions(format),
    ],
  };
}

/** Metadata keys of any name are kept only when asked for (practice guide TC260-PG-20257A); the index goes to the front again. */
export function muxerOptions(format: MediaFormat): string[] {
  if (format === 'mp4' || format === 'mov' || format === 'm4v' || format === 'm4a') {
    return ['-movflags', '+use_metadata_tags+faststart'];
  }
  return [];
}

const muxers: { readonly [format in MediaFormat]?: string } = {
  mp4: 'mp4',
  m4v: 'mp4',
  mov: 'mov',
  mkv: 'matroska',
  webm: 'webm',
  avi: 'avi',
  flv: 'flv',
  m4a: 'ipod',
  mp3: 'mp3',
  wav: 'wav',
  flac: 'flac',
  ogg: 'ogg',
  opus: 'opus',
};

export function muxerFor(format: MediaFormat): string | null {
  return muxers[format] ?? null;
}

/** The encoder of the same kind, at a quality that is hard to tell from the original and not far above its bits. */
function encoderFor({ codec, profile }: StreamFacts, bitRate: number | null): string[] | null {
  const ceiling = bitRate ? ['-maxrate', String(Math.round(bitRate * 1.5)), '-bufsize', String(bitRate * 3)] : [];
  switch (codec) {
    case 'h264':
      return ['libx264', '-preset', 'fast', '-crf', '18', ...ceiling];
    case 'hevc':
      return [
        'libx265',
        '-preset',
        'fast',
        '-crf',
        '20',
        '-x265-params',
        'log-level=error',
        '-tag:v:0',
        'hvc1',
        ...ceiling,
      ];
    case 'vp9':
      return ['libvpx-vp9', '-crf', '24', '-b:v:0', '0', '-row-mt', '1', '-cpu-used', '4'];
    case 'vp8':
      return ['libvpx', '-crf', '8', '-b:v:0', String(Math.max(bitRate ?? 0, 1_000_000)), '-cpu-used', '4'];
    case 'av1':
      return ['libsvtav1', '-crf', '26', '-preset', '8'];
    case 'mpeg4':
      return ['mpeg4', '-q:v:0', '3'];
    case 'mjpeg':
      return ['mjpeg', '-q:v:0', '2'];
    case 'prores':
      return ['prores_ks', '-profile:v:0', proresProfiles[profile ?? ''] ?? '3'];
    case 'flv1':
      return ['flv', '-q:v:0', '3'];
    default:
      return null;
  }
}

const proresProfiles: Record<string, string> = { Proxy: '0', LT: '1', Standard: '2', HQ: '3', '4444': '4', XQ: '5' };
