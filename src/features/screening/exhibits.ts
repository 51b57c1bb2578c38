import { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Exhibits } from '../../contract/screening.ts';
import { waveformSchema } from '../../contract/screenings.ts';
import { html } from '../../engine/reports/screening-page/html.ts';
import { wavePath } from '../../engine/reports/screening-page/timeline.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import type { ExhibitRow } from './reading-store.ts';
import type { Result } from './store.ts';

const largest = 32 * 1024 * 1024;

/** Stores the pictures that the glass box made, one blob each; of a waveform its peaks. */
export async function storeExhibits(blobs: Blobs, exhibits: Exhibits | null): Promise<Result['exhibits']> {
  const { thumbnails = [], waveform = null, spectrogram = null } = exhibits ?? {};
  const put = async (bytes: Buffer) => (await blobs.put(Readable.from([bytes]), { maxBytes: largest })).sha256;
  const stored: Result['exhibits'] = [];
  for (const { atMs, width, height, jpegBase64 } of thumbnails) {
    const sha256 = await put(Buffer.from(jpegBase64, 'base64'));
    const kind = atMs === null && thumbnails.length === 1 ? 'thumbnail' : 'frame';
    stored.push({
      kind,
      sha256,
      at_ms: atMs,
      duration_ms: null,
      max_hz: null,
      width: side(width),
      height: side(height),
    });
  }
  if (waveform) {
    const sha256 = await put(Buffer.from(JSON.stringify(waveform)));
    const size = { width: Math.max(1, waveform.min.length), height: waveHeight };
    stored.push({ kind: 'waveform', sha256, at_ms: null, duration_ms: waveform.durationMs, max_hz: null, ...size });
  }
  if (spectrogram) {
    const png = Buffer.from(spectrogram.pngBase64, 'base64');
    const size = pngSize(png);
    if (size) {
      const covers = { duration_ms: spectrogram.durationMs, max_hz: spectrogram.maxHz };
      stored.push({ kind: 'spectrogram', sha256: await put(png), at_ms: null, ...covers, ...size });
    }
  }
  return stored;
}

const waveHeight = 120;

function side(pixels: number): number {
  return Math.max(1, Math.round(pixels));
}

/** From the header (PNG 3rd edition §11.2.1): width and height follow the signature and the chunk's name. */
function pngSize(png: Buffer): { width: number; height: number } | null {
  if (png.length < 24 || png.toString('latin1', 12, 16) !== 'IHDR') return null;
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  return width > 0 && height > 0 && width < 100_000 && height < 100_000 ? { width, height } : null;
}

/** What the report draws, put together again from what is stored. */
export async function loadExhibits(blobs: Blobs, rows: ExhibitRow[]): Promise<Exhibits> {
  const exhibits: Exhibits = { thumbnails: [], waveform: null, spectrogram: null };
  for (const row of rows) {
    const bytes = await readBlob(blobs, row.sha256);
    if (row.kind === 'waveform') exhibits.waveform = waveformSchema.parse(JSON.parse(bytes.toString('utf8')));
    else if (row.kind === 'spectrogram') {
      const covers = { durationMs: row.duration_ms ?? 0, maxHz: row.max_hz ?? 0 };
      exhibits.spectrogram = { ...covers, pngBase64: bytes.toString('base64') };
    } else {
      const { at_ms: atMs, width, height } = row;
      exhibits.thumbnails.push({ atMs, width, height, jpegBase64: bytes.toString('base64') });
    }
  }
  return exhibits;
}

async function readBlob(blobs: Blobs, sha256: string): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(await blobs.open(sha256)));
}

export async function readWaveform(blobs: Blobs, sha256: string): Promise<z.infer<typeof waveformSchema>> {
  return waveformSchema.parse(JSON.parse((await readBlob(blobs, sha256)).toString('utf8')));
}

export async function readPicture(blobs: Blobs, row: ExhibitRow): Promise<{ contentType: string; bytes: Buffer }> {
  const bytes = await readBlob(blobs, row.sha256);
  if (row.kind === 'waveform') {
    const drawn = drawWaveform(waveformSchema.parse(JSON.parse(bytes.toString('utf8'))));
    return { contentType: 'image/svg+xml', bytes: Buffer.from(drawn) };
  }
  return { contentType: row.kind === 'spectrogram' ? 'image/png' : 'image/jpeg', bytes };
}

/** In the colour of the report's own, readable on light and dark. */
function drawWaveform({ min, max }: z.infer<typeof waveformSchema>): string {
  const width = Math.max(1, min.length);
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${waveHeight}" viewBox="0 -1 ${width} 2" preserveAspectRatio="none"><path fill="#2f6f62" d="${wavePath(min, max)}"/></svg>`
    .markup;
}
