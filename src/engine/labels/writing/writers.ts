import type { MediaFormat } from '../../../contract/screening.ts';
import type { ByteSource } from '../../media/bytes.ts';
import type { LabelChange } from './change.ts';
import type { Edit } from './pieces.ts';

/**
 * Tells a label's change as edits of the file's bytes; nothing else of the file changes. Throws a LabelRefusal for a file it cannot
 * change without guessing. Never trusts a length of the file.
 */
export type Writer = (source: ByteSource, change: LabelChange) => Edit[];

/** One writer a container, loaded when first needed. Formats without one have no place for a label. */
const writers: { [format in MediaFormat]?: () => Promise<Writer> } = {
  mp4: bmff,
  mov: bmff,
  m4v: bmff,
  m4a: bmff,
  mkv: matroska,
  webm: matroska,
  wav: async () => (await import('./wav.ts')).writeWav,
  flv: async () => (await import('./flv.ts')).writeFlv,
  avi: async () => (await import('./avi.ts')).writeAvi,
  jpeg: async () => (await import('./jpeg.ts')).writeJpeg,
  png: async () => (await import('./png.ts')).writePng,
  webp: async () => (await import('./webp.ts')).writeWebp,
  gif: async () => (await import('./gif.ts')).writeGif,
  tiff: async () => (await import('./tiff.ts')).writeTiff,
  heic: async () => (await import('./heif.ts')).writeHeif,
  avif: async () => (await import('./heif.ts')).writeAvif,
  mp3: async () => (await import('./id3.ts')).writeMp3,
  flac: async () => (await import('./flac.ts')).writeFlac,
  ogg: async () => (await import('./ogg.ts')).writeOgg,
  opus: async () => (await import('./ogg.ts')).writeOgg,
  markdown: async () => (await import('./markdown.ts')).writeMarkdown,
  ooxml: async () => (await import('./ooxml.ts')).writeOoxml,
  pdf: async () => (await import('./pdf.ts')).writePdf,
};

/** The writer of a container, or null where nobody says where a label would stand. */
export async function writerFor(format: MediaFormat): Promise<Writer | null> {
  return (await writers[format]?.()) ?? null;
}

async function bmff(): Promise<Writer> {
  return (await import('./bmff.ts')).writeBmff;
}

async function matroska(): Promise<Writer> {
  return (await import('./matroska.ts')).writeMatroska;
}
