import type { ImageCard, ImageInput } from '../../contract/card.ts';
import type { Pixels } from '../media/pixels.ts';
import { spread } from '../media/spread.ts';
import type { OutOfScope, Piece, Pieces } from './piece.ts';
import { resize, type Target } from './resize.ts';

export interface PictureFrame {
  pixels: Pixels;
  /** Milliseconds of media time; null for a still picture. */
  atMs: number | null;
}

/** More pictures than this are sampled evenly and the evidence says so. */
const maxPictures = 64;

/** Prepares the pictures of one file as the tensors of an image card: whole pictures, or tiles of them. */
export function preparePictures(card: ImageCard, frames: PictureFrame[]): Pieces | OutOfScope {
  if (frames.length === 0) return { code: 'forensic-no-picture' };
  const side = Math.max(...frames.map(({ pixels }) => Math.min(pixels.width, pixels.height)));
  const needed = smallestSide(card);
  if (side < needed) return { code: 'forensic-picture-too-small', pixels: side, needed };
  const large = frames.flatMap(({ pixels, atMs }, frame) =>
    Math.min(pixels.width, pixels.height) >= needed ? [{ pixels, atMs, frame }] : [],
  );
  const chosen = spread(large.length, maxPictures).flatMap((index) => large[index] ?? []);
  const cuts = chosen.map(({ pixels }) => cutsOf(card.input, pixels));
  const dims = pictureDims(card.input);
  return {
    of: cuts.reduce((sum, { of }) => sum + of, 0) + (large.length - chosen.length),
    pieces: {
      *[Symbol.iterator](): Iterator<Piece> {
        for (const [index, { pixels, atMs, frame }] of chosen.entries()) {
          for (const cut of cuts[index]?.targets ?? []) {
            yield {
              tensor: toTensor(resize(pixels, cut.target, cut.kernel), card.input),
              dims,
              where: { fromMs: atMs, toMs: atMs, frame: frames.length > 1 ? frame : null, box: cut.box },
            };
          }
        }
      },
    },
  };
}

/** Shape of the tensor of one picture, batch first. */
export function pictureDims({ width, height, channels, layout }: ImageInput): number[] {
  const planes = channels === 'grey' ? 1 : 3;
  return layout === 'NCHW' ? [1, planes, height, width] : [1, height, width, planes];
}

function smallestSide({ scope, input }: ImageCard): number {
  // A tile is never enlarged: what the model reads is the finest detail.
  return input.resize.mode === 'tile' ? Math.max(scope.minSidePixels, input.width, input.height) : scope.minSidePixels;
}

interface Cut {
  target: Target;
  kernel: 'nearest' | 'bilinear' | 'bicubic';
  box: [number, number, number, number] | null;
}

function cutsOf({ resize: mode, width, height }: ImageInput, pixels: Pixels): { of: number; targets: Cut[] } {
  if (mode.mode === 'stretch') {
    return {
      of: 1,
      targets: [{ target: { width, height, crop: [0, 0, width, height] }, kernel: mode.kernel, box: null }],
    };
  }
  if (mode.mode === 'center-crop') {
    const shorter = Math.min(pixels.width, pixels.height);
    const whole = {
      width: Math.floor((mode.shortSide * pixels.width) / shorter),
      height: Math.floor((mode.shortSide * pixels.height) / shorter),
    };
    const x = Math.floor((whole.width - width) / 2);
    const y = Math.floor((whole.height - height) / 2);
    return { of: 1, targets: [{ target: { ...whole, crop: [x, y, width, height] }, kernel: mode.kernel, box: null }] };
  }
  const columns = Math.floor(pixels.width / width);
  const rows = Math.floor(pixels.height / height);
  const left = Math.floor((pixels.width - columns * width) / 2);
  const top = Math.floor((pixels.height - rows * height) / 2);
  const targets = spread(columns * rows, mode.maxTiles).map((index): Cut => {
    const crop: Cut['target']['crop'] = [
      left + (index % columns) * width,
      top + Math.floor(index / columns) * height,
      width,
      height,
    ];
    return { target: { width: pixels.width, height: pixels.height, crop }, kernel: 'nearest', box: crop };
  });
  return { of: columns * rows, targets };
}

function toTensor(rgb: Float32Array, input: ImageInput): Float32Array {
  const planes = input.channels === 'grey' ? 1 : 3;
  const pixels = input.width * input.height;
  const tensor = new Float32Array(pixels * planes);
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < planes; c++) {
      const value =
        (inRange(channelValue(rgb, p, c, input.channels), input.valueRange) - (input.mean[c] ?? 0)) /
        (input.std[c] ?? 1);
      tensor[input.layout === 'NCHW' ? c * pixels + p : p * planes + c] = value;
    }
  }
  return tensor;
}

function channelValue(rgb: Float32Array, pixel: number, channel: number, order: ImageInput['channels']): number {
  const [r, g, b] = [rgb[pixel * 3] ?? 0, rgb[pixel * 3 + 1] ?? 0, rgb[pixel * 3 + 2] ?? 0];
  if (order === 'grey') return 0.299 * r + 0.587 * g + 0.114 * b;
  if (channel === 1) return g;
  return (channel === 0) === (order === 'rgb') ? r : b;
}

function inRange(value: number, range: ImageInput['valueRange']): number {
  if (range === 'byte') return value;
  return range === 'zero-one' ? value / 255 : value / 127.5 - 1;
}
