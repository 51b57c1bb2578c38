import type { Overlay } from './draw.ts';
import { plateShape, rasterise } from './draw.ts';
import type { LabelFont, Outline } from './glyphs.ts';
import { type Box, choosePlace, type LabelPosition, type LayoutRemark } from './layout.ts';

/** The word with the sign: none, or how the content came to be (EUCOP-5). */
export type IconWord = 'GENERATED' | 'MODIFIED' | null;

export interface IconRequest {
  width: number;
  height: number;
  word: IconWord;
  /** Where the word stands. */
  arrangement: 'beside' | 'beneath';
  position: LabelPosition;
  /** What must stay visible, above all faces. */
  avoid: readonly Box[];
}

export interface PlacedIcon {
  overlay: Overlay;
  /** Height of the letters AI, and its part of the short side. */
  heightPx: number;
  ratio: number;
  position: LabelPosition;
  remarks: LayoutRemark[];
}

/**
 * The sign for AI content that the EU's Code of Practice describes: the letters AI in a rounded field, with GENERATED or MODIFIED.
 * This is our own drawing of that description; the Commission's artwork is not part of this package.
 * Returns null where the picture is too small for it.
 */
export async function drawIcon(request: IconRequest, font: LabelFont): Promise<PlacedIcon | null> {
  const drawing = compose(request, font);
  if (drawing.width > request.width || drawing.height > request.height / 2) return null;
  const { box: place, position, remarks } = choosePlace(drawing, request);
  const overlay = await rasterise(place, `<g transform="translate(${place.left} ${place.top})">${drawing.shapes}</g>`);
  const ratio = drawing.heightPx / Math.min(request.width, request.height);
  return { overlay, heightPx: drawing.heightPx, ratio, position, remarks };
}

interface Drawing {
  width: number;
  height: number;
  shapes: string;
  heightPx: number;
}

const capRatio = 0.056;
const smallestCapPx = 9;

function compose({ width, height, word, arrangement }: IconRequest, font: LabelFont): Drawing {
  const capPx = Math.max(smallestCapPx, Math.ceil(Math.min(width, height) * capRatio));
  const sign = font.outline('AI');
  const em = capPx / (sign.capHeight ?? 0.733);
  const pad = em * 0.34;
  if (word === null || arrangement === 'beside')
    return beside(sign, word === null ? null : font.outline(word), em, capPx, pad);
  return beneath(sign, font.outline(word), em, capPx, pad);
}

/** One plate: the sign in a light field at its left end, the word in light letters beside it. */
function beside(sign: Outline, word: Outline | null, em: number, capPx: number, pad: number): Drawing {
  const field = even(inkWidth(sign) * em + 2 * pad);
  const height = even(capPx + 2 * pad);
  const width = word ? even(field + inkWidth(word) * em + 2 * pad) : field;
  const radius = height * 0.26;
  const baseline = height - (height - capPx) / 2;
  const all: Box = { left: 0, top: 0, width, height };
  return {
    width,
    height,
    heightPx: capPx,
    shapes: [
      plateShape(all, radius),
      lightField({ left: 0, top: 0, width: field, height }, radius, em),
      letters(sign, (field - inkWidth(sign) * em) / 2, baseline, em, '#0e1116'),
      ...(word ? [letters(word, field + pad, baseline, em, '#fff')] : []),
    ].join(''),
  };
}

/** The sign as a field of its own above, the word on the plate below it; both are as wide as the word. */
function beneath(sign: Outline, word: Outline, em: number, capPx: number, pad: number): Drawing {
  const width = even(inkWidth(word) * em + 2 * pad);
  const signEm = em * 1.25;
  const signCap = capPx * 1.25;
  const fieldHeight = even(signCap + 2 * pad);
  const height = even(fieldHeight + capPx + 1.7 * pad);
  const radius = em * 0.34;
  return {
    width,
    height,
    heightPx: capPx,
    shapes: [
      plateShape({ left: 0, top: 0, width, height }, radius),
      lightField({ left: 0, top: 0, width, height: fieldHeight }, radius, em),
      letters(sign, (width - inkWidth(sign) * signEm) / 2, fieldHeight - pad, signEm, '#0e1116'),
      letters(word, (width - inkWidth(word) * em) / 2, height - pad * 0.85, em, '#fff'),
    ].join(''),
  };
}

function lightField(box: Box, radius: number, em: number): string {
  const inset = Math.max(1, Math.round(em * 0.07));
  return `<rect x="${box.left + inset}" y="${box.top + inset}" width="${box.width - 2 * inset}" height="${box.height - 2 * inset}" rx="${Math.max(1, radius - inset)}" fill="#fff" fill-opacity="0.94"/>`;
}

function letters(outline: Outline, left: number, baseline: number, em: number, fill: string): string {
  return `<path d="${outline.path(left - outline.ink.left * em, baseline, em)}" fill="${fill}"/>`;
}

function inkWidth({ ink }: Outline): number {
  return ink.right - ink.left;
}

function even(length: number): number {
  return Math.ceil(length / 2) * 2;
}
