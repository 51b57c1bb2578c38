import type { Sharp } from 'sharp';
import type { Pixels } from '../../media/pixels.ts';
import { embedIdentifier } from '../watermarks/identifier/embed.ts';

export type Hidden =
  | { status: 'hidden'; picture: Sharp; bitErrors: number }
  | { status: 'refused'; code: string; subject: string };

/**
 * The same picture with an identifier hidden in it. The mark is laid over as bits that change (exclusive or), so that the picture goes
 * on through sharp with everything it carries. `composed`: a label was laid over it, and its rows hold four bands at this point.
 */
export async function hideIdentifier(picture: Sharp, identifier: bigint, composed: boolean): Promise<Hidden> {
  const { data, info } = await picture.clone().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const pixels = colours(data, width, height, channels);
  const embedding = embedIdentifier(pixels, identifier);
  if (embedding.status === 'refused') {
    const code = `watermark-${embedding.code}`;
    const subject =
      embedding.code === 'already-marked'
        ? embedding.identifier.toString(16).padStart(16, '0')
        : `${width} × ${height}`;
    return { status: 'refused', code, subject };
  }
  const bands = composed ? 4 : channels;
  const marked = embedding.pixels.data;
  const mask = new Uint8Array(width * height * bands);
  const colourBands = bands >= 3 ? 3 : 1;
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let band = 0; band < colourBands; band += 1) {
      const at = pixel * pixels.channels + band;
      mask[pixel * bands + band] = (pixels.data[at] ?? 0) ^ (marked[at] ?? 0);
    }
  }
  const raw = { width, height, channels: bands as 1 | 2 | 3 | 4 };
  return {
    status: 'hidden',
    picture: picture.boolean(Buffer.from(mask.buffer), 'eor', { raw }),
    bitErrors: embedding.bitErrors,
  };
}

/** Three or four bands, from one to four. */
function colours(data: Uint8Array, width: number, height: number, bands: number): Pixels {
  if (bands === 3 || bands === 4) return { width, height, channels: bands, data };
  const hasAlpha = bands === 2;
  const channels = hasAlpha ? 4 : 3;
  const out = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    out.fill(data[pixel * bands] ?? 0, pixel * channels, pixel * channels + 3);
    if (hasAlpha) out[pixel * channels + 3] = data[pixel * bands + 1] ?? 0;
  }
  return { width, height, channels, data: out };
}
