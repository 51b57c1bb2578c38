import FFT from 'fft.js';
import type { LogMel } from '../../contract/card.ts';

export interface MelMap {
  /** `mels * frames` values, all frames of band 0 first. */
  data: Float32Array;
  mels: number;
  frames: number;
}

const sampleRateHz = 16_000;

/** Spectral frames that a window of that many samples gives. */
export function melFrames(spec: LogMel, samples: number): number {
  const beyond = spec.edges === 'none' ? samples - spec.nFft : samples;
  return beyond < 0 ? 0 : 1 + Math.floor(beyond / spec.hopSamples);
}

/**
 * Prepares a log-mel spectrogram of 16 kHz samples by the card's parameters; the tables are made once.
 * The same numbers as librosa.feature.melspectrogram (checked in log-mel.test.ts), mel scales after
 * Slaney's Auditory Toolbox and the HTK book.
 */
export function prepareLogMel(spec: LogMel): (samples: Float32Array) => MelMap {
  const { nFft, hopSamples, mels } = spec;
  const fft = new FFT(nFft);
  const taper = makeTaper(spec);
  const filters = makeFilters(spec);
  const frame: number[] = new Array<number>(nFft).fill(0);
  const spectrum: number[] = fft.createComplexArray();
  const bins = nFft / 2 + 1;
  const energy = new Float64Array(bins);
  const first = spec.edges === 'none' ? 0 : -nFft / 2;

  return (samples) => {
    const frames = melFrames(spec, samples.length);
    const data = new Float32Array(mels * frames);
    for (let f = 0; f < frames; f++) {
      const start = first + f * hopSamples;
      for (let i = 0; i < nFft; i++) frame[i] = sampleAt(samples, start + i, spec.edges) * (taper[i] ?? 0);
      fft.realTransform(spectrum, frame);
      for (let k = 0; k < bins; k++) {
        const re = spectrum[2 * k] ?? 0;
        const im = spectrum[2 * k + 1] ?? 0;
        const power = re * re + im * im;
        energy[k] = spec.power === 2 ? power : Math.sqrt(power);
      }
      for (let m = 0; m < mels; m++) data[m * frames + f] = toLog(applyFilter(filters[m], energy), spec);
    }
    normalise(data, mels, frames, spec);
    return { data, mels, frames };
  };
}

function sampleAt(samples: Float32Array, index: number, edges: LogMel['edges']): number {
  if (index >= 0 && index < samples.length) return samples[index] ?? 0;
  if (edges !== 'reflect' || samples.length < 2) return 0;
  // Mirrored without repeating the edge, as often as a short recording needs.
  const period = 2 * (samples.length - 1);
  const folded = ((index % period) + period) % period;
  return samples[folded < samples.length ? folded : period - folded] ?? 0;
}

function makeTaper({ nFft, winSamples, window }: LogMel): Float64Array {
  const taper = new Float64Array(nFft);
  const offset = Math.floor((nFft - winSamples) / 2);
  const span = window.endsWith('symmetric') ? winSamples - 1 : winSamples;
  const [a, b] = window.startsWith('hann') ? [0.5, 0.5] : window.startsWith('hamming') ? [0.54, 0.46] : [1, 0];
  for (let i = 0; i < winSamples; i++) taper[offset + i] = a - b * Math.cos((2 * Math.PI * i) / span);
  return taper;
}

interface Filter {
  from: number;
  weights: Float64Array;
}

function makeFilters({ nFft, mels, fminHz, fmaxHz, melScale, melNorm }: LogMel): Filter[] {
  const low = toMel(fminHz, melScale);
  const high = toMel(fmaxHz, melScale);
  const edge = (i: number) => toHz(low + ((high - low) * i) / (mels + 1), melScale);
  return Array.from({ length: mels }, (_, m) => {
    const [left, centre, right] = [edge(m), edge(m + 1), edge(m + 2)];
    const from = Math.max(0, Math.floor((left * nFft) / sampleRateHz));
    const to = Math.min(nFft / 2, Math.ceil((right * nFft) / sampleRateHz));
    const area = melNorm === 'slaney' ? 2 / (right - left) : 1;
    const weights = new Float64Array(Math.max(0, to - from + 1));
    for (let i = 0; i < weights.length; i++) {
      const hz = ((from + i) * sampleRateHz) / nFft;
      const slope = Math.min((hz - left) / (centre - left), (right - hz) / (right - centre));
      weights[i] = Math.max(0, slope) * area;
    }
    return { from, weights };
  });
}

function applyFilter(filter: Filter | undefined, energy: Float64Array): number {
  if (!filter) return 0;
  let sum = 0;
  for (let i = 0; i < filter.weights.length; i++) sum += (filter.weights[i] ?? 0) * (energy[filter.from + i] ?? 0);
  return sum;
}

function toLog(value: number, { log }: LogMel): number {
  const lifted = log.floorMode === 'clamp' ? Math.max(value, log.floor) : value + log.floor;
  if (log.unit === 'ln') return Math.log(lifted);
  return log.unit === 'log10' ? Math.log10(lifted) : 10 * Math.log10(lifted);
}

function normalise(data: Float32Array, mels: number, frames: number, { normalisation }: LogMel): void {
  if (normalisation.mode === 'fixed') {
    for (let i = 0; i < data.length; i++) data[i] = ((data[i] ?? 0) - normalisation.mean) / normalisation.std;
  } else if (normalisation.mode === 'window') {
    standardise(data);
  } else if (normalisation.mode === 'band') {
    for (let m = 0; m < mels; m++) standardise(data.subarray(m * frames, (m + 1) * frames));
  }
}

/** Zero mean and unit variance in place; a flat input becomes zeros. */
export function standardise(values: Float32Array): void {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / values.length);
  // Below this the variation is rounding noise, which must not be blown up into a pattern.
  const scale = deviation > 1e-7 ? 1 / deviation : 0;
  for (let i = 0; i < values.length; i++) values[i] = ((values[i] ?? 0) - mean) * scale;
}

function toMel(hz: number, scale: LogMel['melScale']): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hz / 700);
  return hz < 1000 ? (3 * hz) / 200 : 15 + (27 * Math.log(hz / 1000)) / Math.log(6.4);
}

function toHz(mel: number, scale: LogMel['melScale']): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < 15 ? (200 * mel) / 3 : 1000 * Math.exp(((mel - 15) * Math.log(6.4)) / 27);
}
