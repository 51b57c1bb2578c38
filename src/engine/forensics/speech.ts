/** Root mean square below this is silence: −55 dB of full scale. */
const silenceRms = 10 ** (-55 / 20);
/** 20 ms at 16 kHz. */
const frameSamples = 320;

export interface Activity {
  /** Seconds that are not silence. */
  activeSeconds: number;
  /** Part 0…1 of a span that is not silence. Sample indices, end exclusive. */
  activePart(from: number, to: number): number;
}

/**
 * Finds what is not silence in 16 kHz mono samples, by energy alone in frames of 20 ms.
 * It does not know speech from music or noise: a voice activity model can take this place later.
 */
export function findActivity(samples: Float32Array): Activity {
  const frames = Math.ceil(samples.length / frameSamples);
  /** Active frames before each frame, so that any span is answered at once. */
  const before = new Uint32Array(frames + 1);
  for (let f = 0; f < frames; f++) {
    before[f + 1] = (before[f] ?? 0) + (isActive(samples, f * frameSamples) ? 1 : 0);
  }
  return {
    activeSeconds: ((before[frames] ?? 0) * frameSamples) / 16_000,
    activePart: (from, to) => {
      const first = Math.min(frames, Math.floor(from / frameSamples));
      const last = Math.min(frames, Math.ceil(to / frameSamples));
      return last > first ? ((before[last] ?? 0) - (before[first] ?? 0)) / (last - first) : 0;
    },
  };
}

function isActive(samples: Float32Array, from: number): boolean {
  const to = Math.min(samples.length, from + frameSamples);
  let energy = 0;
  for (let i = from; i < to; i++) {
    const sample = samples[i] ?? 0;
    if (Number.isFinite(sample)) energy += sample * sample;
  }
  return Math.sqrt(energy / (to - from)) >= silenceRms;
}
