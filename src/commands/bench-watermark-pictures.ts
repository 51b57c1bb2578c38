import sharp, { type Sharp } from 'sharp';
import type { Pixels } from '../engine/media/pixels.ts';

export interface Named {
  name: string;
  pixels: Pixels;
}

type Change = (marked: Pixels) => Promise<Sharp>;

/** What happens to pictures on their way. Each gives a picture to decode. */
export const channels: Record<string, Change> = {
  'as written': async (marked) => picture(marked),
  'JPEG 90': async (marked) => jpeg(picture(marked), 90),
  'JPEG 75': async (marked) => jpeg(picture(marked), 75),
  'JPEG 50': async (marked) => jpeg(picture(marked), 50),
  'JPEG 75, chroma 4:4:4': async (marked) =>
    sharp(await picture(marked).jpeg({ quality: 75, chromaSubsampling: '4:4:4' }).toBuffer()),
  'WebP 75': async (marked) => sharp(await picture(marked).webp({ quality: 75 }).toBuffer()),
  'resize 0.75': async (marked) => resized(marked, 0.75),
  'resize 0.5': async (marked) => resized(marked, 0.5),
  'resize 0.5 and back': async (marked) => {
    const half = await pixelsOf(resized(marked, 0.5));
    return picture(half).resize({ width: marked.width, height: marked.height, fit: 'fill', kernel: 'cubic' });
  },
  'resize 0.5, JPEG 75': async (marked) => jpeg(resized(marked, 0.5), 75),
  'crop 10 % of one side': async (marked) => cropped(marked, 0.1, 0),
  'crop 10 % of each side': async (marked) => cropped(marked, 0.1, 0.1),
  'crop 10 % of each side, JPEG 75': async (marked) => jpeg(cropped(marked, 0.1, 0.1), 75),
  'crop 10 % of each side, resize 0.75, JPEG 75': async (marked) => {
    return jpeg(resized(await pixelsOf(cropped(marked, 0.1, 0.1)), 0.75), 75);
  },
  'screenshot: 0.8 (Mitchell), gamma 1.1, PNG': async (marked) => brighter(resized(marked, 0.8, 'mitchell')),
  'screenshot: 1.25 (cubic), gamma 1.1, JPEG 85': async (marked) =>
    jpeg(await brighter(resized(marked, 1.25, 'cubic')), 85),
  'social network: 1,080 wide, JPEG 75': async (marked) => jpeg(resized(marked, Math.min(1, 1080 / marked.width)), 75),
};

export async function pixelsOf(of: Sharp): Promise<Pixels> {
  const { data, info } = await of.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3 && info.channels !== 4) throw new Error(`${info.channels} channels`);
  return { width: info.width, height: info.height, channels: info.channels, data };
}

function picture({ width, height, channels, data }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

async function jpeg(of: Sharp, quality: number): Promise<Sharp> {
  return sharp(await of.jpeg({ quality }).toBuffer());
}

function resized(marked: Pixels, by: number, kernel: 'lanczos3' | 'mitchell' | 'cubic' = 'lanczos3'): Sharp {
  return picture(marked).resize({
    width: Math.round(marked.width * by),
    height: Math.round(marked.height * by),
    fit: 'fill',
    kernel,
  });
}

function cropped(marked: Pixels, from: number, to: number): Sharp {
  const left = Math.round(marked.width * from);
  const top = to === 0 ? 0 : Math.round(marked.height * from);
  return picture(marked).extract({
    left,
    top,
    width: marked.width - left - Math.round(marked.width * to),
    height: marked.height - top - Math.round(marked.height * to),
  });
}

async function brighter(of: Sharp): Promise<Sharp> {
  const { data, ...size } = await pixelsOf(of);
  return picture({ ...size, data: data.map((value) => 255 * (value / 255) ** (1 / 1.1) + 0.5) });
}

/** Peak signal-to-noise ratio over all channels in dB; structural similarity of the luminance over squares of 8 pixels, every 4. */
export function likeness(a: Pixels, b: Pixels): { psnr: number; ssim: number } {
  let squares = 0;
  for (let at = 0; at < a.data.length; at += 1) squares += ((a.data[at] ?? 0) - (b.data[at] ?? 0)) ** 2;
  return { psnr: 10 * Math.log10(255 ** 2 / (squares / a.data.length)), ssim: structuralSimilarity(a, b) };
}

/** Wang, Bovik, Sheikh and Simoncelli, IEEE Trans. Image Processing 13, 2004. */
function structuralSimilarity(a: Pixels, b: Pixels): number {
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  const [ya, yb] = [luminance(a), luminance(b)];
  let total = 0;
  let squares = 0;
  for (let top = 0; top + 8 <= a.height; top += 4) {
    for (let left = 0; left + 8 <= a.width; left += 4) {
      let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
      for (let y = top; y < top + 8; y += 1) {
        for (let x = left; x < left + 8; x += 1) {
          const va = ya[y * a.width + x] ?? 0;
          const vb = yb[y * a.width + x] ?? 0;
          sa += va;
          sb += vb;
          saa += va * va;
          sbb += vb * vb;
          sab += va * vb;
        }
      }
      const [ma, mb] = [sa / 64, sb / 64];
      const variances = saa / 64 - ma * ma + sbb / 64 - mb * mb;
      const covariance = sab / 64 - ma * mb;
      total += ((2 * ma * mb + c1) * (2 * covariance + c2)) / ((ma * ma + mb * mb + c1) * (variances + c2));
      squares += 1;
    }
  }
  return total / squares;
}

function luminance({ width, height, channels, data }: Pixels): Float32Array {
  return Float32Array.from({ length: width * height }, (_, pixel) => {
    const at = pixel * channels;
    return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  });
}

/** Pictures made here, the same on every run: clouds of every roughness with edges and flat parts, several sizes. */
export async function* paintedPictures(count: number, seed: number): AsyncGenerator<Named> {
  const random = seeded(seed);
  const sizes = [
    [320, 256],
    [640, 480],
    [1280, 800],
    [900, 1200],
    [512, 512],
    [2400, 1600],
  ];
  for (let index = 0; index < count; index += 1) {
    const [width = 0, height = 0] = sizes[index % sizes.length] ?? [];
    yield { name: `painted ${index + 1}`, pixels: await paint(width, height, random) };
  }
}

/** Noise of five sizes, each enlarged smoothly and weighted by a roughness of its own, with some rectangles over it. */
async function paint(width: number, height: number, random: () => number): Promise<Pixels> {
  const roughness = 0.3 + 0.6 * random();
  const data = new Float32Array(width * height * 3).fill(30 + 150 * random());
  for (let octave = 0; octave < 6; octave += 1) {
    const [across, down] = [Math.ceil(width / 4 ** (5 - octave)) + 1, Math.ceil(height / 4 ** (5 - octave)) + 1];
    const grain = Uint8Array.from({ length: across * down * 3 }, () => random() * 256);
    const layer = await sharp(grain, { raw: { width: across, height: down, channels: 3 } })
      .resize({ width, height, fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer();
    const weight = 0.6 * roughness ** octave;
    for (let at = 0; at < data.length; at += 1) data[at] = (data[at] ?? 0) + weight * ((layer[at] ?? 0) - 128);
  }
  for (let box = 0; box < 5; box += 1) {
    const [left, top] = [Math.floor(random() * width), Math.floor(random() * height)];
    const [right, bottom] = [left + (random() * width) / 4, top + (random() * height) / 4];
    const shade = 255 * random();
    for (let y = top; y < Math.min(height, bottom); y += 1) {
      for (let x = left; x < Math.min(width, right); x += 1)
        data.fill(shade, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return { width, height, channels: 3, data: new Uint8Array(Uint8ClampedArray.from(data).buffer) };
}

/** mulberry32 */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
