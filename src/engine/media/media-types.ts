import type { MediaFormat, MediaKind } from '../../contract/screening.ts';

/**
 * How media is handed out. Only what we recognised by content as picture, film or sound goes out under its own type; everything else,
 * and SVG, PDF and text, which browsers run or draw as pages, is a download of no type.
 */
export function mediaTypeOf({ kind, format }: { kind: MediaKind | null; format: MediaFormat | null }): MediaType {
  if (format === 'ogg' && kind === 'video') return { shown: true, contentType: 'video/ogg' };
  const contentType = format === null ? undefined : types[format];
  return contentType === undefined ? download : { shown: true, contentType };
}

export interface MediaType {
  shown: boolean;
  contentType: string;
}

const download: MediaType = { shown: false, contentType: 'application/octet-stream' };

const types: Partial<Record<MediaFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  tiff: 'image/tiff',
  avif: 'image/avif',
  heic: 'image/heic',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  avi: 'video/x-msvideo',
  flv: 'video/x-flv',
  mpegts: 'video/mp2t',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
};
