import type { Random } from './random.ts';

const rateHz = 22_050;
const noteSeconds = 0.25;
/** Semitones of a pentatonic scale over two octaves: nobody's tune, and nothing that hurts. */
const scale = [0, 2, 4, 7, 9, 12, 14, 16, 19, 21] as const;
/** What each overtone weighs. */
const overtones = [1, 0.5, 0.3, 0.2] as const;

/** Two voices of random notes, 22,050 Hz mono, 16 bit, as a WAV file: a sound that a fingerprint can tell from others. */
export function melodyWav(random: Random, seconds: number): Buffer {
  const samples = Math.round(seconds * rateHz);
  const body = Buffer.alloc(samples * 2);
  const perNote = Math.round(noteSeconds * rateHz);
  const voices = [220, 330].map((baseHz) =>
    Array.from(
      { length: Math.ceil(samples / perNote) },
      () => baseHz * 2 ** ((scale[random.below(scale.length)] ?? 0) / 12),
    ),
  );
  for (let at = 0; at < samples; at++) {
    const within = (at % perNote) / perNote;
    const loudness = Math.min(1, within * 20) * (1 - within * 0.7);
    const sum = voices.reduce((total, notes) => total + toneAt(notes[Math.floor(at / perNote)] ?? 0, at / rateHz), 0);
    body.writeInt16LE(Math.round(sum * loudness * 5_000), at * 2);
  }
  return Buffer.concat([wavHead(body.length), body]);
}

/** Between −2 and 2. */
function toneAt(hertz: number, second: number): number {
  return overtones.reduce(
    (sum, weight, index) => sum + weight * Math.sin(2 * Math.PI * hertz * (index + 1) * second),
    0,
  );
}

/** RIFF, `fmt ` of PCM, `data`. */
function wavHead(bytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rateHz, 24);
  head.writeUInt32LE(rateHz * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(bytes, 40);
  return head;
}
