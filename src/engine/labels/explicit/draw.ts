import sharp from 'sharp';
import type { Box, Layout } from './layout.ts';

/** A picture to be laid over another one at `left`, `top`: RGBA, 8 bits, not premultiplied. */
export interface Overlay extends Box {
  rgba: Buffer;
}

/** Plate and text; over a white ground the plate becomes a grey on which the text still has a contrast of 5 : 1. */
export const plateColour = { r: 14, g: 17, b: 22, alpha: 0.66 };
export const textColour = { r: 255, g: 255, b: 255 };

/** Draws a placed label: light text with a dark outline on a half-transparent plate. */
export async function drawLabel(layout: Layout): Promise<Overlay> {
  return rasterise(layout.plate, labelShapes(layout));
}

/** SVG elements of a label, in the picture's own coordinates. */
export function labelShapes({ plate, lines, emPx }: Layout): string {
  const radius = Math.min(plate.height / 2, emPx * 0.32);
  const outline = Math.max(1, emPx * 0.055);
  const paths = lines.map(({ outline: line, x, baseline }) => line.path(x, baseline, emPx));
  return [
    plateShape(plate, radius),
    // Below the plate's own tone: it only shows where the plate lies over something bright.
    ...paths.map(
      (d) =>
        `<path d="${d}" fill="none" stroke="#0e1116" stroke-opacity="0.55" stroke-width="${outline * 2}" stroke-linejoin="round"/>`,
    ),
    ...paths.map((d) => `<path d="${d}" fill="#fff"/>`),
  ].join('');
}

export function plateShape(box: Box, radius: number): string {
  const { r, g, b, alpha } = plateColour;
  return `<rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" rx="${radius}" fill="rgb(${r},${g},${b})" fill-opacity="${alpha}"/>`;
}

/** Renders SVG elements inside `box` of the picture. */
export async function rasterise(box: Box, shapes: string): Promise<Overlay> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${box.width}" height="${box.height}" viewBox="${box.left} ${box.top} ${box.width} ${box.height}">${shapes}</svg>`;
  const rgba = await sharp(Buffer.from(svg)).ensureAlpha().toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer();
  return { ...box, rgba };
}

/** WCAG 2.2 contrast ratio, 1…21, of two sRGB colours with channels 0…255. */
export function contrastRatio(one: readonly number[], other: readonly number[]): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2 relative luminance, 0…1. */
export function luminance([r = 0, g = 0, b = 0]: readonly number[]): number {
  const linear = (channel: number) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}
