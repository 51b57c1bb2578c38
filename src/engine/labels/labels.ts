import type { MediaFormat } from '../../contract/screening.ts';
import type { ByteSource } from '../media/bytes.ts';
import type { Metadata } from './metadata.ts';

type Reader = (source: ByteSource) => Metadata;

/** One reader a container, loaded when first needed: an examiner that sees only pictures never loads the film parsers. */
const readers: Record<MediaFormat, () => Promise<Reader>> = {
  jpeg: async () => (await import('./containers/jpeg.ts')).readJpeg,
  png: async () => (await import('./containers/png.ts')).readPng,
  webp: async () => (await import('./containers/webp.ts')).readWebp,
  gif: async () => (await import('./containers/gif.ts')).readGif,
  tiff: async () => (await import('./containers/tiff.ts')).readTiff,
  svg: async () => (await import('./containers/svg.ts')).readSvg,
  avif: heif,
  heic: heif,
  mp4: bmff,
  mov: bmff,
  m4v: bmff,
  m4a: bmff,
  mkv: matroska,
  webm: matroska,
  avi: async () => (await import('./containers/riff.ts')).readAvi,
  wav: async () => (await import('./containers/riff.ts')).readWav,
  flv: async () => (await import('./containers/flv.ts')).readFlv,
  mpegts: async () => (await import('./containers/mpegts.ts')).readMpegts,
  mp3: async () => (await import('./containers/id3.ts')).readMp3,
  aac: async () => (await import('./containers/id3.ts')).readAac,
  flac: async () => (await import('./containers/flac.ts')).readFlac,
  ogg,
  opus: ogg,
  pdf: async () => (await import('./containers/pdf.ts')).readPdf,
  ooxml: async () => (await import('./containers/ooxml.ts')).readOoxml,
  markdown: async () => (await import('./containers/markdown.ts')).readMarkdown,
};

/** Walks the container once and returns everything descriptive in it, unjudged. */
export async function readMetadata(source: ByteSource, format: MediaFormat): Promise<Metadata> {
  const read = await readers[format]();
  return read(source);
}

async function heif(): Promise<Reader> {
  return (await import('./containers/bmff.ts')).readHeif;
}

async function bmff(): Promise<Reader> {
  return (await import('./containers/bmff.ts')).readBmff;
}

async function matroska(): Promise<Reader> {
  return (await import('./containers/matroska.ts')).readMatroska;
}

async function ogg(): Promise<Reader> {
  return (await import('./containers/ogg.ts')).readOgg;
}
