import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import type { Random } from './random.ts';

/** Soft colour fields with a little noise: no two alike, and nothing in them that anybody could mind. */
export async function drawPicture(random: Random, format: 'jpeg' | 'png' | 'webp', camera: boolean): Promise<Buffer> {
  const [columns, rows] = [8, 6];
  const field = Uint8Array.from({ length: columns * rows * 3 }, () => random.below(256));
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 12 };
  const grain = await sharp({ create: { width: 480, height: 360, channels: 3, background: '#808080', noise } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const drawn = sharp(field, { raw: { width: columns, height: rows, channels: 3 } })
    .resize(480, 360, { kernel: 'cubic', fit: 'fill' })
    .composite([{ input: grain, blend: 'soft-light' }]);
  const told = camera ? drawn.withExif({ IFD0: { Make: 'Example Optics', Model: 'Sample One' } }) : drawn;
  // A quality would make a PNG choose a palette, which takes a second.
  return told.toFormat(format, format === 'png' ? {} : { quality: 88 }).toBuffer();
}

/** Settings as Stable Diffusion WebUI leaves them in a PNG, after its header chunk. */
export function withSettings(png: Buffer): Buffer {
  const text =
    'parameters\0soft colour fields\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1017, Size: 480x360, Model: example';
  const body = Buffer.concat([Buffer.from('tEXt'), Buffer.from(text, 'latin1')]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  // Signature and IHDR: 8 + 25 bytes.
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}
