import FFT from 'fft.js';

/** Sound is looked at in this rate, one channel. */
export const listenedRateHz = 16_000;

export interface HeardRhythm {
  fromMs: number;
  toMs: number;
  pitchHz: number;
  /** Lengths in ms: short, rest, long, rest between the letters, short, rest, short. */
  timing: number[];
  /** Length of a unit by the best fit, and the largest departure of a part from what it should last, as a part of a unit. */
  unitMs: number;
  worst: number;
  where: 'start' | 'middle' | 'end';
}

const size = 512;
const hop = 128;
const hopMs = (hop / listenedRateHz) * 1000;
const lowestBin = Math.floor((300 * size) / listenedRateHz);
const highestBin = Math.ceil((3_050 * size) / listenedRateHz);
const bins = highestBin - lowestBin + 1;

/** Marks that last 0.4…4 s are found; blocks overlap by more than that. */
const blockFrames = 1_500;
const blockStep = 750;

/**
 * Finds the rhythm mark in sound that comes in pieces of any length; memory does not grow with the sound.
 * A tone counts as on where one narrow band stands out from its neighbours; what decides is the order and the lengths of on and
 * off. Nothing of what is said is kept.
 */
export function rhythmFinder(): {
  push(samples: Float32Array): void;
  end(): { durationMs: number; heard: HeardRhythm[] };
} {
  const spectrum = spectrumTaker();
  let rest = new Float32Array(0);
  let total = 0;
  let frames: Float32Array[] = [];
  let firstFrame = 0;
  const heard: HeardRhythm[] = [];
  const flush = (count: number) => {
    for (const found of findInBlock(frames, firstFrame))
      if (!heard.some((other) => same(other, found))) heard.push(found);
    frames = frames.slice(count);
    firstFrame += count;
  };
  return {
    push(samples) {
      total += samples.length;
      const joined = new Float32Array(rest.length + samples.length);
      joined.set(rest);
      joined.set(samples, rest.length);
      let at = 0;
      for (; at + size <= joined.length; at += hop) {
        frames.push(spectrum(joined, at));
        if (frames.length >= blockFrames) flush(blockStep);
      }
      rest = joined.slice(at);
    },
    end() {
      flush(frames.length);
      const durationMs = (total / listenedRateHz) * 1000;
      // Each pitch is followed by itself: in time's order they are only here.
      heard.sort((one, other) => one.fromMs - other.fromMs);
      return { durationMs, heard: heard.map((found) => ({ ...found, where: placeOf(found, durationMs) })) };
    },
  };
}

function same(one: HeardRhythm, other: HeardRhythm): boolean {
  return Math.abs(one.fromMs - other.fromMs) < 4 * one.unitMs;
}

/** Start and end reach as far as three seconds, or a tenth of a short sound. */
function placeOf({ fromMs, toMs }: HeardRhythm, durationMs: number): HeardRhythm['where'] {
  const near = Math.min(3_000, Math.max(1_500, durationMs * 0.1));
  if (fromMs <= near) return 'start';
  return durationMs - toMs <= near ? 'end' : 'middle';
}

/** Magnitudes of the looked-at bins, Hann window of 32 ms. */
function spectrumTaker(): (samples: Float32Array, at: number) => Float32Array {
  const fft = new FFT(size);
  const complex = fft.createComplexArray();
  const windowed = new Array<number>(size).fill(0);
  const hann = Float32Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
  return (samples, at) => {
    for (let i = 0; i < size; i += 1) windowed[i] = (samples[at + i] ?? 0) * (hann[i] ?? 0);
    fft.realTransform(complex, windowed);
    const out = new Float32Array(bins);
    for (let bin = 0; bin < bins; bin += 1) {
      const re = complex[2 * (bin + lowestBin)] ?? 0;
      const im = complex[2 * (bin + lowestBin) + 1] ?? 0;
      out[bin] = Math.hypot(re, im);
    }
    return out;
  };
}

interface Run {
  on: boolean;
  from: number;
  length: number;
  /** Mean magnitude. */
  level: number;
}

function findInBlock(frames: readonly Float32Array[], firstFrame: number): HeardRhythm[] {
  const tones = frames.map(prominence);
  const found: HeardRhythm[] = [];
  for (let bin = 1; bin < bins - 1; bin += 1) {
    const track = Float32Array.from(tones, (frame) => frame[bin] ?? 0);
    // Under noise a tone only stands out of an average; short tones would be washed out by it.
    for (const mark of [track, averaged(track)].flatMap((each) => findInTrack(each, bin, firstFrame))) {
      const rival = found.findIndex((other) => same(other, mark));
      const known = found[rival];
      if (!known) found.push(mark);
      else if (mark.worst < known.worst) found[rival] = mark;
    }
  }
  return found;
}

/** Running mean of seven frames: 56 ms. */
function averaged(track: Float32Array): Float32Array {
  const out = new Float32Array(track.length);
  let sum = 0;
  for (let at = 0; at < track.length + 3; at += 1) {
    sum += (track[at] ?? 0) - (track[at - 7] ?? 0);
    if (at >= 3) out[at - 3] = sum / 7;
  }
  return out;
}

/** By how much each bin, with its neighbours, stands above the median of the band around it; 0 where it is not a narrow peak. */
function prominence(frame: Float32Array): Float32Array {
  const out = new Float32Array(bins);
  const around = new Float32Array(16);
  for (let bin = 1; bin < bins - 1; bin += 1) {
    const peak = Math.max(frame[bin] ?? 0, frame[bin - 1] ?? 0, frame[bin + 1] ?? 0);
    let count = 0;
    for (let off = 4; off <= 11; off += 1) {
      for (const other of [bin - off, bin + off]) {
        const value = frame[other];
        if (value !== undefined && count < around.length) around[count++] = value;
      }
    }
    const floor = around.subarray(0, count).sort()[Math.floor(count / 2)] ?? 0;
    out[bin] = Math.max(0, peak - 1.5 * floor);
  }
  return out;
}

/** Levels are tried from loud to quiet: a mark under louder sounds in the same band has a threshold of its own. */
function findInTrack(track: Float32Array, bin: number, firstFrame: number): HeardRhythm[] {
  const peak = track.reduce((most, value) => Math.max(most, value), 0);
  const found: HeardRhythm[] = [];
  for (let level = peak * 0.5; level > Math.max(peak * 0.004, 1e-3); level *= 0.6) {
    const runs = runsOf(track, level);
    for (let index = 0; index + 6 < runs.length; index += 1) {
      const mark = matchRuns(runs, index);
      if (!mark) continue;
      const first = runs[index];
      const last = runs[index + 6];
      if (!first || !last) continue;
      const heard: HeardRhythm = {
        // A window sees a tone half its length early and late.
        fromMs: (firstFrame + first.from) * hopMs + centreMs,
        toMs: (firstFrame + last.from + last.length) * hopMs + centreMs,
        pitchHz: Math.round(((bin + lowestBin) * listenedRateHz) / size),
        where: 'middle',
        ...mark,
      };
      if (!found.some((other) => same(other, heard))) found.push(heard);
    }
  }
  return found;
}

const centreMs = (size / 2 / listenedRateHz) * 1000;

/** On and off by the threshold; gaps and flashes of 15 ms are bridged. */
function runsOf(track: Float32Array, level: number): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < track.length; at += 1) {
    const value = track[at] ?? 0;
    const on = value > level;
    const last = runs.at(-1);
    if (last && last.on === on) {
      last.level += value;
      last.length += 1;
    } else runs.push({ on, from: at, length: 1, level: value });
  }
  const bridged: Run[] = [];
  for (const run of runs) {
    const last = bridged.at(-1);
    if (last && (run.length <= 2 || last.on === run.on)) {
      last.length += run.length;
      last.level += run.level;
    } else bridged.push(run);
  }
  return bridged.map((run) => ({ ...run, level: run.level / run.length }));
}

/** What each part should last in units. */
const expected = [1, 1, 3, 3, 1, 1, 1] as const;
/** Tones are kept better than rests, which rooms and codecs fill. */
const allowed = [0.35, 0.5, 0.6, 0.75, 0.35, 0.5, 0.35] as const;
const shortestUnitMs = 35;
const longestUnitMs = 360;

/** Seven runs beginning with a tone, of the right proportions, of one loudness, with silence in their band before and after. */
function matchRuns(runs: readonly Run[], start: number): { timing: number[]; unitMs: number; worst: number } | null {
  const seven = runs.slice(start, start + 7);
  if (seven.length < 7 || !seven[0]?.on) return null;
  const lengths = seven.map((run) => run.length * hopMs);
  const sum = lengths.reduce((total, length) => total + length, 0);
  const unitMs = sum / expected.reduce<number>((total, units) => total + units, 0);
  if (unitMs < shortestUnitMs || unitMs > longestUnitMs) return null;
  const departures = lengths.map((length, index) => Math.abs(length / unitMs - (expected[index] ?? 1)));
  if (departures.some((departure, index) => departure > (allowed[index] ?? 0))) return null;
  const tones = seven.filter((run) => run.on).map((run) => run.level);
  if (Math.max(...tones) > 2.2 * Math.min(...tones)) return null;
  const rests = seven.filter((run) => !run.on).map((run) => run.level);
  if (Math.max(...rests) > 0.4 * Math.min(...tones)) return null;
  const before = runs[start - 1];
  const after = runs[start + 7];
  if (before && before.from > 0 && before.length * hopMs < 2 * unitMs) return null;
  const ends = runs.at(-1);
  if (after && after !== ends && after.length * hopMs < 2 * unitMs) return null;
  return { timing: lengths.map(Math.round), unitMs: Math.round(unitMs), worst: Math.max(...departures) };
}
