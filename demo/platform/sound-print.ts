import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inputOf } from './programs.ts';

const execute = promisify(execFile);

/** Chromaprint's raw fingerprint: 32 bits on the melody, about every eighth of a second. */
export type SoundPrint = Uint32Array;

/** Items of a piece that is compared at once: about two seconds. */
const pieceItems = 16;
/** Bits that differ, of all; sounds that have nothing to do with each other differ in about half. */
const mostDifferent = 0.22;

export async function soundPrintOf(input: { path: string; demuxer: string }): Promise<SoundPrint> {
  const args = [
    '-nostdin',
    '-v',
    'error',
    ...inputOf(input),
    '-map',
    '0:a:0',
    '-f',
    'chromaprint',
    '-fp_format',
    'raw',
    '-',
  ];
  const { stdout } = await execute('ffmpeg', args, {
    encoding: 'buffer',
    timeout: 60_000,
    maxBuffer: 16 * 1024 * 1024,
  });
  return Uint32Array.from({ length: Math.floor(stdout.length / 4) }, (_, index) => stdout.readUInt32LE(index * 4));
}

/** Half of the pieces of a sound are found somewhere in the other: it may be cut, and a little faster. */
export function soundsAlike(sound: SoundPrint, known: SoundPrint): boolean {
  const differences = differencesOf(sound, known);
  return differences.length > 0 && differences.filter((one) => one <= mostDifferent).length * 2 >= differences.length;
}

/** Of each piece, the share of bits that differ where it fits best. */
function differencesOf(sound: SoundPrint, known: SoundPrint): number[] {
  const items = Math.min(pieceItems, sound.length, known.length);
  if (items === 0) return [];
  const starts = Array.from({ length: Math.floor((sound.length - items) / (items / 2)) + 1 }, (_, at) =>
    Math.round((at * items) / 2),
  );
  return starts.map((start) => {
    let best = 1;
    for (let at = 0; at + items <= known.length; at++) best = Math.min(best, distance(sound, start, known, at, items));
    return best;
  });
}

function distance(sound: SoundPrint, from: number, known: SoundPrint, at: number, items: number): number {
  let bits = 0;
  for (let item = 0; item < items; item++) bits += ones((sound[from + item] ?? 0) ^ (known[at + item] ?? 0));
  return bits / (items * 32);
}

function ones(value: number): number {
  let count = 0;
  for (let bits = value >>> 0; bits !== 0; bits = (bits & (bits - 1)) >>> 0) count += 1;
  return count;
}
