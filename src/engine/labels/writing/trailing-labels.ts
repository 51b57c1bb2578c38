import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { blankedText, standingLabels } from './picture-labels.ts';
import type { Edit } from './pieces.ts';

/** Labels behind the end of a picture: taken off where nothing else stands there, else blanked. */
export function trailerEdits(source: ByteSource, metadata: Metadata): Edit[] {
  return standingLabels(metadata).flatMap(({ entry }): Edit[] => {
    const { path, offset = 0, length = 0, location } = entry.place;
    if (!location.endsWith('.trailer')) return [];
    const bytes = source.read(offset, Math.min(length, maxTrailerBytes));
    const rest = blankedText(bytes, entry);
    const isAll = path === 'trailer' && rest.every((byte) => byte === 0) && bytes.length === length;
    return [{ at: offset, remove: bytes.length, insert: isAll ? new Uint8Array(0) : rest }];
  });
}

/** The reader looks at the first and last 4 KiB. */
const maxTrailerBytes = 65_536;
