import { type FoundLabel, findLabels } from '../aigc/find.ts';
import type { Metadata } from '../metadata.ts';
import type { Edit } from './pieces.ts';

/**
 * The labels outside XMP packets that have to go before a new one comes (GB 45438-2025 6.1 c: one label a file): entries of their
 * own, and comment fields that hold nothing else. A label quoted inside a sentence about something else stays where it is.
 */
export function labelsOutsideXmp(metadata: Metadata): FoundLabel[] {
  return findLabels(metadata).filter(({ carrier, reading }) => {
    if (carrier === 'xmp' || carrier === 'xmp-properties') return false;
    if (carrier === 'entry') return true;
    return reading.status === 'read' && !reading.object.inProse;
  });
}

/** The value's bytes become zeros: its field stays, empty, and nothing moves. Every text encoding reads zeros as no text. */
export function blanked({ entry }: FoundLabel): Edit | null {
  const { offset, length } = entry.place;
  if (offset === undefined || length === undefined || length > maxBlankBytes) return null;
  return { at: offset, remove: length, insert: new Uint8Array(length) };
}

const maxBlankBytes = 4 * 1024 * 1024;
