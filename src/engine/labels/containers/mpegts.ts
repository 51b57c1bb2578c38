import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';

/**
 * Metadata of an MPEG transport stream: none. No standard location for a label exists in this container (the practice guide
 * TC260-PG-20257A names none), and what stands in its elementary streams belongs to the codecs.
 */
export function readMpegts(_source: ByteSource): Metadata {
  return { entries: [], findings: [] };
}
