import { latin1 } from '../labels/containers/integers.ts';
import { type AudioFrame, adtsFrame, id3v2Bytes, mpegAudioFrame } from './audio-frames.ts';
import type { ByteSource } from './bytes.ts';
import { audio, type Sniffed, scanBytes } from './sniffed.ts';

/** What follows ID3v2 tags; MPEG audio when nothing better does, because the tag belongs to it. */
export function sniffTagged(source: ByteSource, head: Uint8Array): Sniffed | null {
  let at = id3v2Bytes(head, 0);
  if (at === 0) return latin1(head, 0, 4) === 'fLaC' ? audio('flac', 'audio/flac') : null;
  for (let tags = 1; tags < 16; tags++) {
    const next = id3v2Bytes(source.read(at, 10), 0);
    if (next === 0) break;
    at += next;
  }
  const after = source.read(at, scanBytes);
  // Some writers pad behind the tag without counting the padding.
  let start = 0;
  while (start < after.length && after[start] === 0) start++;
  if (latin1(after, start, start + 4) === 'fLaC') return audio('flac', 'audio/flac');
  if (chainLength(after, start, adtsFrame, 3) >= 2 || latin1(after, start, start + 4) === 'ADIF')
    return audio('aac', 'audio/aac');
  return audio('mp3', 'audio/mpeg');
}

/** Frames of AAC or MPEG audio from the first byte on. */
export function sniffBareAudio(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (latin1(head, 0, 4) === 'ADIF') return audio('aac', 'audio/aac');
  if (head[0] !== 0xff) return null;
  const start = source.read(0, scanBytes);
  if (believable(start, 0, adtsFrame, source.size)) return audio('aac', 'audio/aac');
  return believable(start, 0, mpegAudioFrame, source.size) ? audio('mp3', 'audio/mpeg') : null;
}

/** The same frames from any byte on: a longer chain of them must show. */
export function sniffAudioAfterJunk(source: ByteSource): Sniffed | null {
  const start = source.read(0, scanBytes);
  for (let at = start.indexOf(0xff, 1); at >= 0; at = start.indexOf(0xff, at + 1)) {
    if (believable(start, at, mpegAudioFrame, source.size, 6)) return audio('mp3', 'audio/mpeg');
    if (believable(start, at, adtsFrame, source.size, 6)) return audio('aac', 'audio/aac');
  }
  return null;
}

type FrameReader = (bytes: Uint8Array, at: number) => AudioFrame | null;

/** So many frames in a row, or half as many that fill a very short file to its end. */
function believable(bytes: Uint8Array, at: number, frameAt: FrameReader, fileBytes: number, wanted = 4): boolean {
  const frames = chainLength(bytes, at, frameAt, wanted);
  if (frames >= wanted) return true;
  return frames >= wanted / 2 && bytes.length === fileBytes && chainEnd(bytes, at, frameAt) >= fileBytes;
}

function chainLength(bytes: Uint8Array, start: number, frameAt: FrameReader, enough: number): number {
  let at = start;
  let family: number | null = null;
  for (let count = 0; count < enough; count++) {
    const frame = frameAt(bytes, at);
    if (!frame || frame.bytes === 0 || (family !== null && frame.family !== family)) return count;
    family = frame.family;
    at += frame.bytes;
  }
  return enough;
}

function chainEnd(bytes: Uint8Array, start: number, frameAt: FrameReader): number {
  let at = start;
  for (let frame = frameAt(bytes, at); frame && frame.bytes > 0; frame = frameAt(bytes, at)) at += frame.bytes;
  return at;
}
