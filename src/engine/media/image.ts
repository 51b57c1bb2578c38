import sharp, { type Metadata, type Sharp } from 'sharp';
import type { Finding } from '../../contract/screening.ts';
import type { Pixels } from './pixels.ts';

/** More pixels than this are not decoded: a small file can declare billions. */
export const maxImagePixels = 150_000_000;
/** Pictures up to this size are decoded whole. */
const wholePixelsLimit = 4_200_000;
/**
 * Of larger ones only rows from the top, this many pixels: twice what a whole picture of the marking generators holds, so
 * the watermark readers lose nothing, and a large photograph stays cheap.
 */
const topPixels = 2_200_000;
/** Pictures with an alpha channel are decoded whole up to this size, because alpha carriers run down the columns. */
const wholeAlphaPixels = 17_000_000;

export interface DecodedImage {
  width: number;
  height: number;
  codec: string;
  /** Rows from the top, full width, colours untouched by profiles; alpha kept where there is one. */
  pixels: Pixels;
  /** True when `pixels` holds every row. */
  whole: boolean;
  pages: number;
}

/** sharp keeps files and threads between calls by default; an examiner wants neither. */
export function prepareImages(): void {
  sharp.cache(false);
  sharp.concurrency(1);
}

/**
 * Decodes a still picture (the first page of many). `wholePixels` asks for every row, up to that many pixels.
 * Returns findings instead of a picture when it cannot be decoded.
 */
export async function decodeImage(
  input: Uint8Array | string,
  wholePixels: number,
): Promise<{ image: DecodedImage; findings: Finding[] } | { image: null; findings: Finding[] }> {
  try {
    const meta = await open(input).metadata();
    const { width, height } = meta;
    const perRow = Math.max(1, width);
    const limit = Math.max(wholePixelsLimit, wholePixels, meta.hasAlpha ? wholeAlphaPixels : 0);
    const rows = width * height <= limit ? height : Math.min(height, Math.max(8, Math.ceil(topPixels / perRow)));
    let picture = open(input);
    if (rows < height) picture = picture.extract({ left: 0, top: 0, width, height: rows });
    const { data, info } = await picture
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const pixels = withThreeOrFour({ width: info.width, height: info.height, channels: info.channels, data });
    return {
      image: {
        width,
        height,
        codec: codecOf(meta),
        pixels,
        whole: rows === height,
        pages: meta.pages ?? 1,
      },
      findings: [],
    };
  } catch (error) {
    return { image: null, findings: [describeFailure(error)] };
  }
}

/** Named as ffprobe names it, so that a detector's card can speak of one list of codecs. */
function codecOf({ format, compression }: Metadata): string {
  if (format === 'jpeg') return 'mjpeg';
  return format === 'heif' ? (compression ?? 'av1') : (format ?? 'unknown');
}

/** A small JPEG for people, upright, at most `side` pixels on the long side; null when the picture does not decode. */
export async function thumbnailOf(input: Uint8Array | string, side: number): Promise<Thumbnail | null> {
  try {
    return await encode(
      open(input, 'none')
        .rotate()
        .resize(side, side, { fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#ffffff' }),
    );
  } catch {
    return null;
  }
}

export async function thumbnailOfPixels(pixels: Pixels, side: number): Promise<Thumbnail | null> {
  const raw = { width: pixels.width, height: pixels.height, channels: pixels.channels };
  return encode(
    sharp(pixels.data, { raw }).resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel: 'linear' }),
  );
}

export interface Thumbnail {
  width: number;
  height: number;
  jpegBase64: string;
}

async function encode(picture: Sharp): Promise<Thumbnail> {
  const { data, info } = await picture.jpeg({ quality: 68 }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, jpegBase64: data.toString('base64') };
}

function open(input: Uint8Array | string, failOn: 'none' | 'error' = 'error'): Sharp {
  return sharp(input, { failOn, limitInputPixels: maxImagePixels, sequentialRead: true, ignoreIcc: true, pages: 1 });
}

function withThreeOrFour(raw: { width: number; height: number; channels: number; data: Uint8Array }): Pixels {
  if (raw.channels === 3 || raw.channels === 4) return { ...raw, channels: raw.channels };
  // Grey, with or without alpha: readers see the same value in all three channels.
  const out = raw.channels === 2 ? 4 : 3;
  const data = new Uint8Array(raw.width * raw.height * out);
  for (let pixel = 0; pixel < raw.width * raw.height; pixel += 1) {
    const grey = raw.data[pixel * raw.channels] ?? 0;
    data.fill(grey, pixel * out, pixel * out + 3);
    if (out === 4) data[pixel * 4 + 3] = raw.data[pixel * 2 + 1] ?? 255;
  }
  return { width: raw.width, height: raw.height, channels: out, data };
}

function describeFailure(error: unknown): Finding {
  const text = error instanceof Error ? error.message : String(error);
  const tooLarge = /exceeds pixel limit/i.test(text);
  const detail =
    text
      .split('\n')[0]
      ?.replace(/[^\x20-\x7e]/g, '?')
      .slice(0, 120) ?? '';
  return {
    code: tooLarge ? 'too-many-pixels' : 'not-decodable',
    severity: 'warning',
    stage: 'decode',
    params: tooLarge ? { limit: maxImagePixels / 1_000_000, unit: 'megapixels' } : { detail },
  };
}
