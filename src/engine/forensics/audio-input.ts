import type { VoiceCard } from '../../contract/card.ts';
import { spread } from '../media/spread.ts';
import { melFrames, prepareLogMel, standardise } from './log-mel.ts';
import type { OutOfScope, Piece, Pieces } from './piece.ts';
import { findActivity } from './speech.ts';

const samplesPerMs = 16;
/** A window that is mostly silence says nothing about a voice. */
const minActivePart = 0.25;
/** Two hours at a hop of six seconds; longer sound is sampled evenly and the evidence says so. */
const maxWindows = 1200;

/**
 * Cuts 16 kHz mono samples into the windows of a voice card and prepares each as its tensor.
 * Windows that are mostly silent are left out; the end of the sound gets a window of its own when a hop misses it.
 */
export function prepareAudio(card: VoiceCard, samples: Float32Array): Pieces | OutOfScope {
  const activity = findActivity(samples);
  if (activity.activeSeconds === 0) return { code: 'forensic-silence' };
  if (activity.activeSeconds < card.scope.minSpeechSeconds) {
    return {
      code: 'forensic-too-little-sound',
      seconds: Math.round(activity.activeSeconds * 10) / 10,
      needed: card.scope.minSpeechSeconds,
    };
  }
  const windowSamples = card.input.windowMs * samplesPerMs;
  const starts = windowStarts(samples.length, windowSamples, card.input.hopMs * samplesPerMs).filter(
    (start) => activity.activePart(start, Math.min(samples.length, start + windowSamples)) >= minActivePart,
  );
  // Sparse sound: enough of it in all, but in no window enough.
  if (starts.length === 0) return { code: 'forensic-silence' };
  const toTensor = prepareTensor(card);
  return {
    of: starts.length,
    pieces: {
      *[Symbol.iterator](): Iterator<Piece> {
        for (const index of spread(starts.length, maxWindows)) {
          const from = starts[index] ?? 0;
          const to = Math.min(samples.length, from + windowSamples);
          const window = fillWindow(samples.subarray(from, to), windowSamples, card.input.short);
          yield {
            ...toTensor(window),
            where: { fromMs: from / samplesPerMs, toMs: to / samplesPerMs, frame: null, box: null },
          };
        }
      },
    },
  };
}

/** Shape of the tensor of one window, batch first. */
export function audioDims({ input }: VoiceCard): number[] {
  const samples = input.windowMs * samplesPerMs;
  const { features } = input;
  if (features.form === 'waveform') return features.layout === 'BT' ? [1, samples] : [1, 1, samples];
  const frames = melFrames(features, samples);
  const map = features.layout.endsWith('MT') ? [features.mels, frames] : [frames, features.mels];
  return features.layout.startsWith('B1') ? [1, 1, ...map] : [1, ...map];
}

function windowStarts(length: number, window: number, hop: number): number[] {
  if (length <= window) return [0];
  const starts: number[] = [];
  for (let start = 0; start + window <= length; start += hop) starts.push(start);
  const covered = (starts.at(-1) ?? 0) + window;
  if (covered < length) starts.push(length - window);
  return starts;
}

function fillWindow(samples: Float32Array, length: number, short: 'zero' | 'repeat'): Float32Array {
  const window = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    if (i >= samples.length && short === 'zero') break;
    const sample = samples[i % samples.length] ?? 0;
    // Float files may hold NaN or 1e38: one such sample must not silence the detector.
    window[i] = Number.isFinite(sample) ? Math.min(1, Math.max(-1, sample)) : 0;
  }
  return window;
}

function prepareTensor(card: VoiceCard): (window: Float32Array) => { tensor: Float32Array; dims: number[] } {
  const dims = audioDims(card);
  const { features } = card.input;
  if (features.form === 'waveform') {
    return (window) => {
      if (features.normalisation === 'mean-variance') standardise(window);
      return { tensor: window, dims };
    };
  }
  const toMelMap = prepareLogMel(features);
  return (window) => {
    const { data, mels, frames } = toMelMap(window);
    return { tensor: features.layout.endsWith('MT') ? data : transpose(data, mels, frames), dims };
  };
}

function transpose(data: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) turned[c * rows + r] = data[r * columns + c] ?? 0;
  }
  return turned;
}
