import type { MediaFormat } from '../../../contract/screening.ts';

/** Largest file in bytes that the library signs in its memory. */
export function signingCap(_format: MediaFormat): number {
  return 64 * 1024 * 1024;
}
