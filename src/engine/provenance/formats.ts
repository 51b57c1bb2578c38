import type { MediaFormat } from '../../contract/screening.ts';

/** How c2pa-wasm 0.13 deals with a format. Measured with padded signed files; see docs/decisions/trust-lists.md. */
export interface ProvenanceFormat {
  /** The name that the library knows. */
  mime: string;
  /** First part of the signal's place, as in the container readers' location ids. */
  container: string;
  /** Above this size a manifest is reported, not validated. */
  capBytes: number;
  /** Whether the library can look for a manifest without loading the whole file. */
  streams: boolean;
}

/** The format as C2PA knows it, or null where it has no embedding that the library reads. */
export function provenanceFormat(format: MediaFormat): ProvenanceFormat | null {
  return formats[format];
}

/** Read in ranges: about 470 MB resident whatever the size (MP3 and FLAC 700 MB), 5–10 s a GiB. */
const streaming = (mime: string, container: string): ProvenanceFormat => ({
  mime,
  container,
  capBytes: 2 * 1024 ** 3,
  streams: true,
});
/** Loaded whole: three to four times the size of the file in memory. */
const loading = (mime: string, container: string): ProvenanceFormat => ({
  mime,
  container,
  capBytes: 64 * 1024 ** 2,
  streams: false,
});

const formats: Record<MediaFormat, ProvenanceFormat | null> = {
  jpeg: loading('image/jpeg', 'jpeg'),
  png: streaming('image/png', 'png'),
  webp: streaming('image/webp', 'webp'),
  gif: streaming('image/gif', 'gif'),
  tiff: streaming('image/tiff', 'tiff'),
  avif: streaming('image/avif', 'heif'),
  heic: streaming('image/heic', 'heif'),
  svg: loading('image/svg+xml', 'svg'),
  mp4: streaming('video/mp4', 'bmff'),
  mov: streaming('video/quicktime', 'bmff'),
  m4v: streaming('video/mp4', 'bmff'),
  mkv: null,
  webm: null,
  avi: streaming('video/avi', 'avi'),
  flv: null,
  mpegts: null,
  wav: streaming('audio/wav', 'wav'),
  mp3: streaming('audio/mpeg', 'mp3'),
  m4a: streaming('audio/mp4', 'bmff'),
  flac: streaming('audio/flac', 'flac'),
  ogg: null,
  opus: null,
  aac: null,
  pdf: loading('application/pdf', 'pdf'),
  ooxml: null,
  markdown: null,
};
