import type { MediaFormat } from '../../contract/screening.ts';
import type { ByteSource } from '../media/bytes.ts';

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
export function provenanceFormat(format: MediaFormat, source: ByteSource): ProvenanceFormat | null {
  // RF64, BW64 and Wave64 are WAV with longer sizes: the library takes them for broken RIFF.
  if (format === 'wav' && Buffer.from(source.read(0, 4)).toString('latin1') !== 'RIFF') return null;
  return formats[format];
}

/** Read in ranges: about 490 MB resident whatever the size, 5–13 s a GiB. */
const streaming = (mime: string, container: string): ProvenanceFormat => ({
  mime,
  container,
  capBytes: 1024 ** 3,
  streams: true,
});
/** Sought in ranges, but loaded whole to be validated: 490 MB resident at the cap. */
const loadedToValidate = (mime: string, container: string, capMiB: number): ProvenanceFormat => ({
  ...streaming(mime, container),
  capBytes: capMiB * 1024 ** 2,
});
/** Loaded whole even to look for a manifest: 390 MB resident at the cap. */
const loaded = (mime: string, container: string): ProvenanceFormat => ({
  mime,
  container,
  capBytes: 64 * 1024 ** 2,
  streams: false,
});

const formats: Record<MediaFormat, ProvenanceFormat | null> = {
  jpeg: loaded('image/jpeg', 'jpeg'),
  png: streaming('image/png', 'png'),
  webp: streaming('image/webp', 'webp'),
  gif: streaming('image/gif', 'gif'),
  tiff: loadedToValidate('image/tiff', 'tiff', 256),
  avif: streaming('image/avif', 'heif'),
  heic: streaming('image/heic', 'heif'),
  svg: loaded('image/svg+xml', 'svg'),
  mp4: streaming('video/mp4', 'bmff'),
  mov: streaming('video/quicktime', 'bmff'),
  m4v: streaming('video/mp4', 'bmff'),
  mkv: null,
  webm: null,
  avi: streaming('video/avi', 'avi'),
  flv: null,
  mpegts: null,
  wav: streaming('audio/wav', 'wav'),
  mp3: loadedToValidate('audio/mpeg', 'mp3', 128),
  m4a: streaming('audio/mp4', 'bmff'),
  flac: loadedToValidate('audio/flac', 'flac', 128),
  ogg: null,
  opus: null,
  aac: null,
  pdf: loaded('application/pdf', 'pdf'),
  ooxml: null,
  markdown: null,
};
