import type { Limits } from '../../box/pool.ts';

/** Above this size a person has to ask for a hash: it reads every byte. */
export const usualHashLimit = 1024 ** 3;
/** Ten minutes of media are decoded, unless a person asks for all; labels and provenance always cover the whole file. */
export const usualWindowSeconds = 600;
export const usualMemoryMb = 1_024;
export const usualTimeSeconds = 180;

/** What one file may use, from the two figures a person can set. */
export function limitsFor({ memoryMb, timeSeconds }: { memoryMb: number; timeSeconds: number }): Limits {
  return {
    memoryBytes: memoryMb * 1_048_576,
    wallMs: timeSeconds * 1000,
    // Two cores for the whole time: decoder and readers run side by side.
    cpuMs: timeSeconds * 2000,
  };
}
