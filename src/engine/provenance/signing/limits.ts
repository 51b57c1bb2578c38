import type { MediaFormat } from '../../../contract/screening.ts';

/**
 * Largest file in bytes that the library signs in its 640 MiB of memory (library.ts), 0 where it does not. It holds the old file's
 * parts and the new file, in vectors that double as they grow. Measured with padded files, linear memory in MiB: PNG of
 * 140 MiB 527, of 200 fails; AVIF of 100 531; JPEG of 100 525, of 140 fails; GIF of 100 546; TIFF of 100 304; PDF of 48 420;
 * SVG of 32 259. Formats that are not here are signed in pieces (bind.ts), up to what our reader validates (formats.ts).
 */
export function signingCap(format: MediaFormat): number {
  return (capsMiB[format] ?? 0) * 1024 * 1024;
}

const capsMiB: { [format in MediaFormat]?: number } = {
  png: 128,
  avif: 96,
  heic: 96,
  jpeg: 64,
  gif: 64,
  tiff: 64,
  svg: 32,
  pdf: 32,
};
