import type { ByteSource } from '../../media/bytes.ts';
import { bigEndian } from './integers.ts';

/** What stands before the content of an EBML element (RFC 8794 5 and 6). */
export interface ElementHeader {
  /** With its length marker, as specifications write it: `0x1a45dfa3`. */
  id: number;
  /** Offset in the file. */
  bodyStart: number;
  /** Bytes, rounded above 2⁵³; null where the element says that it does not know its size. */
  size: number | null;
}

/** The header at `at`; null where there is none. */
export function elementHeaderAt(source: ByteSource, at: number): ElementHeader | null {
  const head = source.read(at, 12);
  const idBytes = Math.clz32(head[0] ?? 0) - 23;
  const sizeBytes = Math.clz32(head[idBytes] ?? 0) - 23;
  if (idBytes > 4 || sizeBytes > 8 || head.length < idBytes + sizeBytes) return null;
  const first = (head[idBytes] ?? 0) & (0xff >> sizeBytes);
  const rest = head.subarray(idBytes + 1, idBytes + sizeBytes);
  const sized = first !== 0xff >> sizeBytes || rest.some((byte) => byte !== 0xff);
  return {
    id: bigEndian(head.subarray(0, idBytes)),
    bodyStart: at + idBytes + sizeBytes,
    size: sized ? first * 256 ** rest.length + bigEndian(rest) : null,
  };
}
