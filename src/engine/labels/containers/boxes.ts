import type { ByteSource } from '../../media/bytes.ts';
import { latin1 } from './integers.ts';

/** One box (atom) of an ISO base media file (ISO 14496-12 4.2) or QuickTime movie. Offsets are bytes in the file. */
export interface Box {
  /** The four characters, one per byte: `moov`, `©too`. */
  type: string;
  /** The four bytes as a number: the index of a key in an `ilst`. */
  code: number;
  /** For `uuid` boxes: 32 lower-case hex digits. */
  uuid: string | null;
  start: number;
  bodyStart: number;
  end: number;
  /** The box declares more bytes than its parent holds; `end` was cut to the parent. */
  truncated: boolean;
}

/**
 * The boxes of one level, without looking inside. A size smaller than its own header ends the walk and calls `onBadSize`;
 * the walk always moves forward, so it ends.
 */
export function* eachBox(
  source: ByteSource,
  start: number,
  end: number,
  onBadSize?: (at: number) => void,
): Generator<Box> {
  let at = start;
  // Four zero bytes may close a QuickTime user data list: less than a header is left, and nothing is wrong.
  while (at + 8 <= end) {
    const box = boxAt(source, at, end);
    if (!box) {
      onBadSize?.(at);
      return;
    }
    yield box;
    at = box.end;
  }
}

/** The box that starts at `at`, or null when its size is impossible or the header is not there. */
export function boxAt(source: ByteSource, at: number, end: number): Box | null {
  const head = source.read(at, 32);
  if (head.length < 8) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const declared = view.getUint32(0);
  const code = view.getUint32(4);
  let header = 8;
  let size = declared;
  if (declared === 1) {
    if (head.length < 16) return null;
    header = 16;
    // Beyond 2^53 precision is lost, and so is any file: the box is cut to its parent below.
    size = Number(view.getBigUint64(8));
  } else if (declared === 0) {
    // ISO 14496-12 4.2: to the end of the file.
    size = end - at;
  }
  if (size < header) return null;
  const type = latin1(head, 4, 8);
  let uuid: string | null = null;
  if (type === 'uuid' && size >= header + 16 && head.length >= header + 16) {
    uuid = hex(head.subarray(header, header + 16));
    header += 16;
  }
  const truncated = at + size > end;
  return {
    type,
    code,
    uuid,
    start: at,
    bodyStart: Math.min(at + header, end),
    end: Math.min(at + size, end),
    truncated,
  };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
