import FFT from 'fft.js';
import sharp from 'sharp';
import type { Exhibits } from '../../contract/screening.ts';
import { analysisRateHz } from './decode.ts';
import { thumbnailOfPixels } from './image.ts';
import { type Pixels, thumbnailSide } from './pixels.ts';
import { spread } from './spread.ts';

const peaksShown = 1_000;
const columns = 800;
const fftSize = 512;
const floorDb = -90;

const thumbnailsShown = 8;

/** Up to eight thumbnails spread over the film, waveform and spectrogram of the sound. `samples`: 16 kHz mono, −1…1. */
export async function drawExhibits(
  frames: { pixels: Pixels; atMs: number | null }[],
  samples: Float32Array,
): Promise<Exhibits> {
  const thumbnails: Exhibits['thumbnails'] = [];
  for (const frame of spread(frames.length, thumbnailsShown).flatMap((index) => frames[index] ?? [])) {
    const { pixels, atMs } = frame;
    const thumbnail = await thumbnailOfPixels(pixels, thumbnailSide);
    if (thumbnail) thumbnails.push({ atMs, ...thumbnail });
  }
  return {
    thumbnails,
    waveform: samples.length > 0 ? drawWaveform(samples) : null,
    spectrogram: samples.length > 0 ? await drawSpectrogram(samples) : null,
  };
}

/** Lowest and highest sample of up to 1,000 equal spans. `samples`: 16 kHz mono, −1…1. */
export function drawWaveform(samples: Float32Array): NonNullable<Exhibits['waveform']> {
  const count = Math.min(peaksShown, samples.length);
  const min: number[] = [];
  const max: number[] = [];
  for (let span = 0; span < count; span += 1) {
    let low = 1;
    let high = -1;
    const to = Math.floor(((span + 1) * samples.length) / count);
    for (let at = Math.floor((span * samples.length) / count); at < to; at += 1) {
      const value = samples[at] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    min.push(Math.round(Math.max(-1, low) * 1000) / 1000);
    max.push(Math.round(Math.min(1, high) * 1000) / 1000);
  }
  return { durationMs: Math.round((samples.length / analysisRateHz) * 1000), min, max };
}

/** Short-time spectrum, Hann window of 32 ms, as a grey PNG of at most 800 × 256 pixels. */
export async function drawSpectrogram(samples: Float32Array): Promise<Exhibits['spectrogram']> {
  if (samples.length < fftSize) return null;
  const rows = fftSize / 2;
  const width = Math.min(columns, Math.floor(samples.length / (fftSize / 4)));
  const image = new Uint8Array(width * rows);
  const fft = new FFT(fftSize);
  const windowed = new Array<number>(fftSize).fill(0);
  const spectrum = fft.createComplexArray();
  for (let column = 0; column < width; column += 1) {
    const start = Math.floor((column * (samples.length - fftSize)) / Math.max(1, width - 1));
    for (let i = 0; i < fftSize; i += 1)
      windowed[i] = (samples[start + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / fftSize));
    fft.realTransform(spectrum, windowed);
    for (let bin = 0; bin < rows; bin += 1) {
      const re = spectrum[2 * bin] ?? 0;
      const im = spectrum[2 * bin + 1] ?? 0;
      // A full-scale sine reaches N/4 through a Hann window: that is 0 dB.
      const db = 10 * Math.log10((re * re + im * im) / (fftSize / 4) ** 2 + 1e-12);
      image[(rows - 1 - bin) * width + column] = Math.round(255 * Math.min(1, Math.max(0, 1 - db / floorDb)));
    }
  }
  const png = await sharp(image, { raw: { width, height: rows, channels: 1 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  return {
    durationMs: Math.round((samples.length / analysisRateHz) * 1000),
    maxHz: analysisRateHz / 2,
    pngBase64: png.toString('base64'),
  };
}
