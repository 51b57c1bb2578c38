/** A decoded picture: 8 bits a channel, interleaved rows, top to bottom. */
export interface Pixels {
  width: number;
  height: number;
  /** 3 = RGB, 4 = RGBA (not premultiplied). */
  channels: 3 | 4;
  /** `width * height * channels` bytes. */
  data: Uint8Array;
}
