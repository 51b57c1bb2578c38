/** One tone or rest of the mark, in units: a short is one, a long three (ITU-R M.1677-1). */
export interface Beat {
  on: boolean;
  units: number;
}

/**
 * The rhythm label: "AI" in Morse, short-long, short-short (GB 45438-2025 5.3). One unit between the tones of a letter, three
 * between the letters.
 */
export const rhythm: readonly Beat[] = [
  { on: true, units: 1 },
  { on: false, units: 1 },
  { on: true, units: 3 },
  { on: false, units: 3 },
  { on: true, units: 1 },
  { on: false, units: 1 },
  { on: true, units: 1 },
];

export const rhythmUnits = rhythm.reduce((sum, beat) => sum + beat.units, 0);

export interface Tone {
  /** Hz. */
  pitch: number;
  unitMs: number;
  /** RMS of the tones in dB below full scale, as a negative number. */
  levelDb: number;
  sampleRateHz: number;
}

/** Clear on small speakers, below the band in which hearing is most easily tired, and passed by telephones and narrow codecs. */
export const defaultPitch = 880;
/** 1.3 s for the whole mark: slow enough for someone who has never heard Morse, short enough to be kept. */
export const defaultUnitMs = 120;

/** The mark as samples −1…1, one channel, with soft edges of 8 ms so that no tone clicks; a rest of three units at both ends. */
export function playRhythm({ pitch, unitMs, levelDb, sampleRateHz }: Tone): Float32Array {
  const unit = (unitMs / 1000) * sampleRateHz;
  const rest = Math.round(unit * 3);
  const samples = new Float32Array(Math.round(unit * rhythmUnits) + 2 * rest);
  const amplitude = Math.min(0.98, 10 ** (levelDb / 20) * Math.SQRT2);
  const edge = 0.008 * sampleRateHz;
  let at = 0;
  for (const beat of rhythm) {
    const from = rest + Math.round(at * unit);
    const to = rest + Math.round((at + beat.units) * unit);
    at += beat.units;
    if (!beat.on) continue;
    for (let sample = from; sample < to; sample += 1) {
      const inside = Math.min(1, (sample - from) / edge, (to - 1 - sample) / edge);
      const envelope = 0.5 - 0.5 * Math.cos(Math.PI * inside);
      samples[sample] = amplitude * envelope * Math.sin((2 * Math.PI * pitch * (sample - from)) / sampleRateHz);
    }
  }
  return samples;
}
