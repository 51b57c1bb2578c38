import type { MediaFormat } from '../../../contract/screening.ts';

/**
 * Largest file in bytes that the library signs in its 640 MiB of memory (library.ts), 0 where it cannot. It holds the old file's
 * parts and the new file, in vectors that double as they grow. Measured with padded files, linear memory at the cap and where
 * it first failed: MP4 140 MiB 532, 200 fails; PNG 140 MiB 527, 200 fails; WAV 100 MiB 606, 140 fails; JPEG 100 MiB 525, 140
 * fails; GIF 100 MiB 546; AVIF 100 MiB 531; FLAC 64 MiB 325; MP3 64 MiB 197; TIFF 100 MiB 304; PDF 48 MiB 420; SVG 32 MiB 259.
 */
export function signingCap(format: MediaFormat): number {
  return (capsMiB[format] ?? 0) * 1024 * 1024;
}

const capsMiB: { [format in MediaFormat]?: number } = {
  mp4: 128,
  mov: 128,
  m4v: 128,
  m4a: 128,
  avif: 96,
  heic: 96,
  png: 128,
  jpeg: 64,
  webp: 64,
  gif: 64,
  tiff: 64,
  avi: 64,
  wav: 64,
  mp3: 64,
  flac: 64,
  svg: 32,
  pdf: 32,
};
