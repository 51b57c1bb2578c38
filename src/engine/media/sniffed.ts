import type { MediaFormat, MediaKind } from '../../contract/screening.ts';

export interface Sniffed {
  format: MediaFormat;
  /** What is inside: a `mp4`, `mkv`, `flv` or `ogg` without a video track is `audio`. */
  kind: MediaKind;
  /** As c2pa-wasm wants it where it knows the format. */
  mime: string;
}

export function image(format: MediaFormat, mime: string): Sniffed {
  return { format, kind: 'image', mime };
}

export function video(format: MediaFormat, mime: string): Sniffed {
  return { format, kind: 'video', mime };
}

export function audio(format: MediaFormat, mime: string): Sniffed {
  return { format, kind: 'audio', mime };
}

export function document(format: MediaFormat, mime: string): Sniffed {
  return { format, kind: 'document', mime };
}

/** How far formats are looked for that have no signature at the start. */
export const scanBytes = 64 * 1024;
