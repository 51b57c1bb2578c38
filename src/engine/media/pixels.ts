/** A decoded picture: 8 bits a channel, interleaved rows, top to bottom. */
export interface Pixels {
  width: number;
  height: number;
  /** 3 = RGB, 4 = RGBA (not premultiplied). */
  channels: 3 | 4;
  /** `width * height * channels` bytes. */
  data: Uint8Array;
}

/** Long side of the pictures in a report. */
export const thumbnailSide = 320;

/** Every n-th pixel of every n-th row, so that frames kept for thumbnails stay small. */
export function shrink(pixels: Pixels, side: number): Pixels {
  const factor = Math.max(1, Math.floor(Math.max(pixels.width, pixels.height) / side));
  const width = Math.max(1, Math.floor(pixels.width / factor));
  const height = Math.max(1, Math.floor(pixels.height / factor));
  const data = new Uint8Array(width * height * pixels.channels);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * factor * pixels.width + x * factor) * pixels.channels;
      for (let c = 0; c < pixels.channels; c += 1)
        data[(y * width + x) * pixels.channels + c] = pixels.data[from + c] ?? 0;
    }
  }
  return { width, height, channels: pixels.channels, data };
}
