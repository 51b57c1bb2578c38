import { bufferSource } from '../../media/bytes.ts';
import { bigEndian, concat } from '../containers/integers.ts';
import { crc32Id, type Element, element, elementsIn, master, unsigned } from './ebml-elements.ts';

const ids = { seekHead: 0x114d9b74, seek: 0x4dbb, seekId: 0x53ab, seekPosition: 0x53ac };

/** One entry of a SeekHead (RFC 9559 5.1.1): the id of an element, and where it stands, counted from the segment's first byte. */
export interface SeekEntry {
  id: number;
  position: number;
  /** Bytes that the position takes at least. */
  width: number;
}

export interface SeekHead {
  hasChecksum: boolean;
  entries: SeekEntry[];
}

export function readSeekHead(bytes: Uint8Array, head: Element): SeekHead {
  const source = bufferSource(bytes);
  const entries: SeekEntry[] = [];
  let hasChecksum = false;
  for (const seek of elementsIn(source, head.bodyStart, head.end, 'SeekHead')) {
    if (seek.id === crc32Id) hasChecksum = true;
    if (seek.id !== ids.seek) continue;
    const entry = { id: 0, position: 0, width: 1 };
    for (const field of elementsIn(source, seek.bodyStart, seek.end, 'SeekHead')) {
      const value = bytes.subarray(field.bodyStart, Math.min(field.end, field.bodyStart + 8));
      if (field.id === ids.seekId) entry.id = bigEndian(value);
      if (field.id === ids.seekPosition) {
        entry.position = bigEndian(value);
        entry.width = value.length;
      }
    }
    entries.push(entry);
  }
  return { hasChecksum, entries };
}

export function seekHeadBytes({ hasChecksum, entries }: SeekHead): Uint8Array {
  const seeks = entries.map(({ id, position, width }) =>
    element(
      ids.seek,
      concat([element(ids.seekId, unsigned(id)), element(ids.seekPosition, unsigned(position, Math.max(1, width)))]),
    ),
  );
  return master(ids.seekHead, concat(seeks), hasChecksum);
}

/** Cues, CuePoint, CueTrackPositions, CueReference. */
const cueMasters = new Set([0x1c53bb6b, 0xbb, 0xb7, 0xdb]);
/** CueClusterPosition, CueCodecState, CueRefCluster. */
const cuePositions = new Set([0xf1, 0xea, 0x97]);

/** A Cues element (RFC 9559 5.1.5) with every position in it changed; widths are kept where the new ones fit. */
export function movedCues(bytes: Uint8Array, cues: Element, moved: (position: number) => number): Uint8Array {
  const source = bufferSource(bytes);
  const copied = (parent: Element): Uint8Array => {
    const parts: Uint8Array[] = [];
    let hasChecksum = false;
    for (const child of elementsIn(source, parent.bodyStart, parent.end, 'Cues')) {
      const value = bytes.subarray(child.bodyStart, child.end);
      if (child.id === crc32Id) hasChecksum = true;
      else if (cueMasters.has(child.id)) parts.push(copied(child));
      else if (cuePositions.has(child.id) && value.length > 0 && value.length <= 8) {
        const position = bigEndian(value);
        // Zero codec states and references are none.
        const target = position === 0 && child.id !== 0xf1 ? 0 : moved(position);
        parts.push(element(child.id, unsigned(target, value.length)));
      } else parts.push(bytes.subarray(child.start, child.end));
    }
    const sizeBytes = Math.clz32(bytes[parent.start + unsigned(parent.id).length] ?? 0) - 23;
    return master(parent.id, concat(parts), hasChecksum, sizeBytes);
  };
  return copied(cues);
}
