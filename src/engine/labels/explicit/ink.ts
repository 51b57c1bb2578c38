import { contrastRatio } from './draw.ts';
import { blobs, type Grey, inkAsLight, type Polarity, percentile } from './grey.ts';
import type { Box } from './layout.ts';

/** An RGB picture, 8 bits a channel. */
export interface Rgb {
  width: number;
  height: number;
  data: Uint8Array;
}

export interface Ink {
  /** Exact extent of the characters' ink. */
  box: Box;
  /** WCAG contrast of ink and what surrounds it, 1…21. */
  contrast: number;
}

/** Rec. 709 luma. */
export function greyOf({ width, height, data }: Rgb): Grey {
  const grey = new Uint8Array(width * height);
  for (let pixel = 0; pixel < grey.length; pixel += 1)
    grey[pixel] = Math.round(
      0.2126 * (data[pixel * 3] ?? 0) + 0.7152 * (data[pixel * 3 + 1] ?? 0) + 0.0722 * (data[pixel * 3 + 2] ?? 0),
    );
  return { width, height, data: grey };
}

export function cropGrey({ width, data }: Grey, box: Box): Grey {
  const out = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.height; y += 1) {
    const from = (box.top + y) * width + box.left;
    out.set(data.subarray(from, from + box.width), y * box.width);
  }
  return { width: box.width, height: box.height, data: out };
}

/** A box in whole pixels, grown by `by` on all sides, inside the picture. */
export function grow(box: Box, by: number, { width, height }: { width: number; height: number }): Box {
  const left = Math.max(0, Math.floor(box.left - by));
  const top = Math.max(0, Math.floor(box.top - by));
  return {
    left,
    top,
    width: Math.max(1, Math.min(width, Math.ceil(box.left + box.width + by)) - left),
    height: Math.max(1, Math.min(height, Math.ceil(box.top + box.height + by)) - top),
  };
}

/**
 * Height of what is really inked, from the pixels around a box that OCR gave roughly. Ink is what lies beyond half way between
 * the characters' tone and their ground's. Null when nothing there stands out.
 */
export function measureInk(picture: Rgb, grey: Grey, rough: Box, polarity: Polarity): Ink | null {
  const area = grow(rough, rough.height * 0.4, picture);
  const light = inkAsLight(cropGrey(grey, area), polarity);
  const inside: Box = { ...rough, left: rough.left - area.left, top: rough.top - area.top };
  const core = cropGrey(light, grow(inside, 0, light));
  const ground = percentile(core.data, 0.3);
  const tone = percentile(core.data, 0.97);
  if (tone - ground < 12) return null;
  const plain = inkAbove((tone + ground) / 2, light, inside);
  // Ink that leaves its own rows has run together with parts of a busy ground: those lie between what surrounds it and the ink.
  const leaves = plain === null || plain.box.height > inside.height * 1.08;
  const around = light.data.filter((_, at) => isOutside(Math.floor(at / light.width), inside));
  const strict =
    leaves && around.length > 0
      ? inkAbove((tone + Math.min(percentile(around, 0.95), tone - 20)) / 2, light, inside)
      : null;
  const found = strict && strict.box.height > inside.height * 0.6 ? strict : plain;
  if (!found) return null;
  const { box, isInk } = found;
  const contrast = contrastAt(picture, area, box, isInk);
  return { box: { ...box, left: area.left + box.left, top: area.top + box.top }, contrast };
}

/** The connected parts above that tone whose middle lies in the line, and their common box. */
function inkAbove(tone: number, light: Grey, inside: Box): { box: Box; isInk: (at: number) => boolean } | null {
  const mask = light.data.map((value) => (value > tone ? 1 : 0));
  const { list, labels } = blobs(mask, light.width, light.height);
  const belongs = list.map((blob) => {
    const middle = (blob.top + blob.bottom) / 2;
    const centre = (blob.left + blob.right) / 2;
    const high = blob.bottom - blob.top;
    // What reaches the border of the area is ground of the same tone, or another line.
    const cut = blob.top === 0 || blob.bottom === light.height;
    const within =
      middle > inside.top &&
      middle < inside.top + inside.height &&
      centre > inside.left - 2 &&
      centre < inside.left + inside.width + 2;
    const speck = blob.area < Math.max(3, inside.height ** 2 / 400);
    return within && !cut && !speck && high <= inside.height * 1.5;
  });
  const kept = list.filter((_, index) => belongs[index]);
  if (kept.length === 0) return null;
  const left = Math.min(...kept.map((blob) => blob.left));
  const top = Math.min(...kept.map((blob) => blob.top));
  const width = Math.max(...kept.map((blob) => blob.right)) - left;
  const height = Math.max(...kept.map((blob) => blob.bottom)) - top;
  return { box: { left, top, width, height }, isInk: (at) => belongs[(labels[at] ?? 0) - 1] === true };
}

function isOutside(y: number, { top, height }: Box): boolean {
  return y < top - height * 0.1 || y >= top + height * 1.1;
}

/** Mean colour of the ink against that of the rest of its box. */
function contrastAt(picture: Rgb, area: Box, box: Box, isInk: (at: number) => boolean): number {
  const ink = [0, 0, 0, 0];
  const rest = [0, 0, 0, 0];
  for (let y = box.top; y < box.top + box.height; y += 1) {
    for (let x = box.left; x < box.left + box.width; x += 1) {
      const to = isInk(y * area.width + x) ? ink : rest;
      const from = ((area.top + y) * picture.width + area.left + x) * 3;
      for (let channel = 0; channel < 3; channel += 1)
        to[channel] = (to[channel] ?? 0) + (picture.data[from + channel] ?? 0);
      to[3] = (to[3] ?? 0) + 1;
    }
  }
  const mean = ([r = 0, g = 0, b = 0, count = 0]: number[]) => [r, g, b].map((sum) => sum / Math.max(1, count));
  return contrastRatio(mean(ink), mean(rest));
}
