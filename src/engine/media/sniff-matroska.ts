import type { MediaKind } from '../../contract/screening.ts';
import { type ElementHeader, elementHeaderAt } from '../labels/containers/ebml.ts';
import { latin1, startsWith } from '../labels/containers/integers.ts';
import type { ByteSource } from './bytes.ts';
import type { Sniffed } from './sniffed.ts';

/** Matroska and WebM (RFC 9559). */
export function sniffMatroska(source: ByteSource, head: Uint8Array): Sniffed | null {
  if (!startsWith(head, '\x1a\x45\xdf\xa3')) return null;
  const header = ebmlAt(source, 0);
  if (!header) return null;
  let webm = false;
  const headerEnd = Math.min(header.bodyStart + (header.size ?? 0), 4096);
  for (let at = header.bodyStart; at < headerEnd; ) {
    const element = ebmlAt(source, at);
    if (!element || element.size === null) break;
    if (element.id === ids.docType)
      webm = latin1(source.read(element.bodyStart, Math.min(element.size, 16)), 0, 4) === 'webm';
    at = element.bodyStart + element.size;
  }
  const kind = kindOfMatroska(source, header.bodyStart + (header.size ?? 0));
  return webm
    ? { format: 'webm', kind, mime: kind === 'audio' ? 'audio/webm' : 'video/webm' }
    : { format: 'mkv', kind, mime: kind === 'audio' ? 'audio/x-matroska' : 'video/x-matroska' };
}

/** By TrackType of the Tracks element, which precedes the clusters; `video` when it is not found or names no sound. */
function kindOfMatroska(source: ByteSource, start: number): MediaKind {
  let level = [{ id: 0, end: source.size }];
  let sound = false;
  let at = start;
  for (let seen = 0; seen < maxElements && at < source.size; seen++) {
    const element = ebmlAt(source, at);
    if (!element || element.id === ids.cluster) break;
    level = level.filter(({ end }) => at < end);
    const end = element.size === null ? source.size : element.bodyStart + element.size;
    const inTracks = level.some(({ id }) => id === ids.tracks);
    if (element.id === ids.trackType && inTracks) {
      const type = source.read(element.bodyStart, 1)[0];
      if (type === 1) return 'video';
      if (type === 2) sound = true;
    }
    const enter =
      element.id === ids.segment || element.id === ids.tracks || (element.id === ids.trackEntry && inTracks);
    if (enter) level.push({ id: element.id, end });
    at = enter ? element.bodyStart : end;
  }
  return sound ? 'audio' : 'video';
}

/** A size that no file can have counts as unknown. */
function ebmlAt(source: ByteSource, at: number): ElementHeader | null {
  const element = elementHeaderAt(source, at);
  return element?.size && element.size > Number.MAX_SAFE_INTEGER ? { ...element, size: null } : element;
}

const maxElements = 4_096;
const ids = {
  docType: 0x4282,
  segment: 0x18538067,
  cluster: 0x1f43b675,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackType: 0x83,
};
