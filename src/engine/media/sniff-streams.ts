import { latin1, u32be } from '../labels/containers/integers.ts';
import type { ByteSource } from './bytes.ts';
import { audio, type Sniffed } from './sniffed.ts';

/** FLV (Adobe Flash Video File Format Specification 10.1, annex E). */
export function sniffFlv(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (latin1(head, 0, 3) !== 'FLV' || (head[3] ?? 0) === 0 || (head[3] ?? 9) > 4 || head.length < 9) return null;
  const tagsStart = u32be(head, 5);
  if (tagsStart < 9 || tagsStart > 1024) return null;
  // The flags of the header often lie, so the first tags are asked too.
  let hasVideo = ((head[4] ?? 0) & 1) === 1;
  for (let at = tagsStart + 4, seen = 0; seen < 32; seen++) {
    const tag = source.read(at, 4);
    if (tag.length < 4) break;
    if (((tag[0] ?? 0) & 0x1f) === 9) hasVideo = true;
    at += 15 + (u32be(tag, 0) & 0xffffff);
  }
  const hasAudio = ((head[4] ?? 0) & 4) === 4;
  return { format: 'flv', kind: hasAudio && !hasVideo ? 'audio' : 'video', mime: 'video/x-flv' };
}

/** Ogg (RFC 3533): Vorbis, Opus, FLAC, Theora and others by their first packets. */
export function sniffOgg(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (latin1(head, 0, 4) !== 'OggS' || head[4] !== 0) return null;
  let codec: string | null = null;
  let hasVideo = false;
  // RFC 3533: the beginning-of-stream pages of all streams come before every other page.
  for (let at = 0, pages = 0; pages < 32; pages++) {
    const page = source.read(at, 27 + 255 + 16);
    if (latin1(page, 0, 4) !== 'OggS' || ((page[5] ?? 0) & 2) === 0) break;
    const segments = page[26] ?? 0;
    const first = latin1(page, 27 + segments, 27 + segments + 8);
    if (/^(\x80theora|BBCD|OVP80|\x80daala)/.test(first)) hasVideo = true;
    if (first.startsWith('\x01video')) hasVideo = true;
    if (!first.startsWith('fishead')) codec ??= first;
    at += 27 + segments + page.subarray(27, 27 + segments).reduce((sum, length) => sum + length, 0);
  }
  if (hasVideo) return { format: 'ogg', kind: 'video', mime: 'video/ogg' };
  return audio(codec === 'OpusHead' ? 'opus' : 'ogg', 'audio/ogg');
}
