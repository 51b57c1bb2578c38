import type { LabelFont, Outline } from './glyphs.ts';

/** Corners and edges; GB 45438-2025 5.2 wants one of them. */
export const labelPositions = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'bottom', 'top'] as const;
export type LabelPosition = (typeof labelPositions)[number];

/** Pixels; left and top count from the upper left corner of the picture as it is seen. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface LayoutRequest {
  /** Size of the picture as it is seen, in pixels. */
  width: number;
  height: number;
  /** The preferred text first; later ones are taken when it does not fit. */
  texts: readonly string[];
  position: LabelPosition;
  /** What must stay visible, above all faces. */
  avoid: readonly Box[];
}

export interface PlacedLine {
  outline: Outline;
  /** Where the baseline begins, in pixels of the picture. */
  x: number;
  baseline: number;
}

/** `text-shortened`, `text-in-two-lines`, `moved-from-face`, `covers-face`, `larger-than-asked`: what differs from the plain case. */
export type LayoutRemark =
  | 'text-shortened'
  | 'text-in-two-lines'
  | 'moved-from-face'
  | 'covers-face'
  | 'enlarged-to-be-legible';

export interface Layout {
  status: 'placed';
  text: string;
  lines: readonly PlacedLine[];
  emPx: number;
  plate: Box;
  /** The ink of all lines, exact. */
  ink: Box;
  /** Ink height of the lowest line, and its part of the short side. */
  heightPx: number;
  ratio: number;
  position: LabelPosition;
  remarks: LayoutRemark[];
}

export type LayoutRefusal = { status: 'refused'; code: 'picture-too-small' | 'character-not-in-font'; subject: string };

/**
 * Ink height over short side. The rule says 5 % (GB-X2, GB-X4); the rest is what JPEG, chroma subsampling and rounding may take
 * from what is measured afterwards.
 */
const inkRatio = 0.056;
/** Whoever reads "text height" as the height of a capital letter finds 5 % too. */
const capRatio = 0.0515;
/** Below this Chinese characters run together; only pictures under 200 pixels are concerned. */
const smallestInkPx = 11;

/** Where and how large. Boxes are whole even pixels, so that halved chroma does not bleed over their borders. */
export function layOut(request: LayoutRequest, font: LabelFont): Layout | LayoutRefusal {
  const missing = request.texts.flatMap((text) => font.missing(text));
  if (missing.length > 0) return { status: 'refused', code: 'character-not-in-font', subject: missing.join('') };
  for (const [index, lines] of fallbacks(request.texts).entries()) {
    const measured = measure(lines, request, font);
    if (!fits(measured.plate, request)) continue;
    const { position, box, remarks } = choosePlace(measured.plate, request);
    if (lines.length > 1) remarks.push('text-in-two-lines');
    else if (index > 0) remarks.push('text-shortened');
    if (measured.enlarged) remarks.push('enlarged-to-be-legible');
    return place(measured, lines.join(''), box, position, remarks, request);
  }
  return { status: 'refused', code: 'picture-too-small', subject: `${request.width} × ${request.height}` };
}

/** Space between label and the picture's border. */
export function marginOf({ width, height }: { width: number; height: number }): number {
  return Math.round((Math.min(width, height) * 0.025) / 2) * 2;
}

/** One line of each text, the shortest last, then the shortest in two lines. */
function fallbacks(texts: readonly string[]): string[][] {
  const shortest = texts.at(-1) ?? '';
  return [...texts.map((text) => [text]), ...twoLines(shortest)];
}

/** Broken before the generation element, else at the space or character nearest the middle. */
export function twoLines(text: string): string[][] {
  const element = /^(.{2,}?[-\s]?)((?:生成|合成|generated|synthesised).*)$/i.exec(text);
  if (element?.[1] && element[2]) return [[element[1].trim(), element[2]]];
  const characters = [...text];
  const breaks = characters.flatMap((character, at) => (at > 0 && /[\s\p{Script=Han}]/u.test(character) ? [at] : []));
  const middle = characters.length / 2;
  const [best] = breaks.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
  if (best === undefined) return [];
  return [[characters.slice(0, best).join('').trim(), characters.slice(best).join('').trim()]];
}

interface Measured {
  outlines: Outline[];
  emPx: number;
  padX: number;
  padY: number;
  lineStep: number;
  top: number;
  plate: { width: number; height: number };
  enlarged: boolean;
}

function measure(lines: readonly string[], { width, height }: LayoutRequest, font: LabelFont): Measured {
  const short = Math.min(width, height);
  const outlines = lines.map((line) => font.outline(line));
  const asked = Math.max(...outlines.map((outline) => emFor(outline, short)));
  const legible = Math.max(...outlines.map(({ ink }) => smallestInkPx / (ink.bottom - ink.top)));
  const emPx = Math.max(asked, legible);
  const padX = emPx * 0.46;
  const padY = emPx * 0.34;
  const lineStep = Math.round(emPx * 1.16);
  const top = Math.min(...outlines.slice(0, 1).map(({ ink }) => ink.top)) * emPx;
  const bottom = Math.max(0, outlines.at(-1)?.ink.bottom ?? 0) * emPx;
  const inkWidth = Math.max(...outlines.map(({ ink }) => ink.right - ink.left)) * emPx;
  return {
    outlines,
    emPx,
    padX,
    padY,
    lineStep,
    top,
    plate: {
      width: even(inkWidth + 2 * padX),
      height: even(bottom - top + lineStep * (lines.length - 1) + 2 * padY),
    },
    enlarged: legible > asked,
  };
}

/** The size at which that line's ink fills whole pixels and is high enough by every reading of "text height". */
function emFor({ ink, capHeight }: Outline, short: number): number {
  const byInk = Math.ceil(short * inkRatio) / (ink.bottom - ink.top);
  return capHeight === null ? byInk : Math.max(byInk, (short * capRatio) / capHeight);
}

function even(length: number): number {
  return Math.ceil(length / 2) * 2;
}

/** A label may take a narrow picture's whole width, but never more than half of its height. */
function fits(plate: { width: number; height: number }, { width, height }: LayoutRequest): boolean {
  return plate.width <= width && plate.height <= height / 2;
}

/** The asked place, or the one of the others that covers least of what must stay visible. */
export function choosePlace(
  plate: { width: number; height: number },
  request: Pick<LayoutRequest, 'width' | 'height' | 'position' | 'avoid'>,
): { position: LabelPosition; box: Box; remarks: LayoutRemark[] } {
  const order = [request.position, ...elsewhere[request.position]];
  const boxes = order.map((position) => ({ position, box: boxAt(position, plate, request) }));
  const covered = boxes.map(({ box }) => request.avoid.reduce((sum, face) => sum + overlap(box, face), 0));
  const least = covered.indexOf(Math.min(...covered));
  const chosen = boxes[least] ?? { position: request.position, box: boxAt(request.position, plate, request) };
  const remarks: LayoutRemark[] = [];
  if (least > 0) remarks.push('moved-from-face');
  if ((covered[least] ?? 0) > 0) remarks.push('covers-face');
  return { ...chosen, remarks };
}

/** The same edge first: viewers and players expect a label to stay low or high. */
const elsewhere: { readonly [position in LabelPosition]: readonly LabelPosition[] } = {
  'bottom-right': ['bottom-left', 'top-right', 'top-left', 'bottom', 'top'],
  'bottom-left': ['bottom-right', 'top-left', 'top-right', 'bottom', 'top'],
  'top-right': ['top-left', 'bottom-right', 'bottom-left', 'top', 'bottom'],
  'top-left': ['top-right', 'bottom-left', 'bottom-right', 'top', 'bottom'],
  bottom: ['bottom-right', 'bottom-left', 'top', 'top-right', 'top-left'],
  top: ['top-right', 'top-left', 'bottom', 'bottom-right', 'bottom-left'],
};

export function boxAt(
  position: LabelPosition,
  { width, height }: { width: number; height: number },
  picture: { width: number; height: number },
): Box {
  const margin = marginOf(picture);
  const spareX = picture.width - width;
  const spareY = picture.height - height;
  const marginX = Math.min(margin, Math.max(0, Math.floor(spareX / 2)));
  const marginY = Math.min(margin, Math.max(0, Math.floor(spareY / 2)));
  const left = position.endsWith('left') ? marginX : position.endsWith('right') ? spareX - marginX : spareX / 2;
  const top = position.startsWith('top') ? marginY : spareY - marginY;
  const down = (length: number) => Math.max(0, Math.floor(length / 2) * 2);
  return { left: down(left), top: down(top), width, height };
}

/** Pixels² that both cover. */
export function overlap(one: Box, other: Box): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return Math.max(0, width) * Math.max(0, height);
}

function place(
  measured: Measured,
  text: string,
  plate: Box,
  position: LabelPosition,
  remarks: LayoutRemark[],
  request: LayoutRequest,
): Layout {
  const { outlines, emPx, lineStep, padX, padY, top } = measured;
  const inkTop = plate.top + Math.round(padY);
  const lines = outlines.map((outline, index) => {
    const free = plate.width - 2 * padX - (outline.ink.right - outline.ink.left) * emPx;
    return {
      outline,
      x: plate.left + padX + free / 2 - outline.ink.left * emPx,
      baseline: inkTop - top + index * lineStep,
    };
  });
  const heightPx = Math.min(...outlines.map(({ ink }) => (ink.bottom - ink.top) * emPx));
  return {
    status: 'placed',
    text,
    lines,
    emPx,
    plate,
    ink: inkOf(lines, emPx),
    heightPx,
    ratio: heightPx / Math.min(request.width, request.height),
    position,
    remarks,
  };
}

function inkOf(lines: readonly PlacedLine[], emPx: number): Box {
  const left = Math.min(...lines.map(({ outline, x }) => x + outline.ink.left * emPx));
  const right = Math.max(...lines.map(({ outline, x }) => x + outline.ink.right * emPx));
  const top = Math.min(...lines.map(({ outline, baseline }) => baseline + outline.ink.top * emPx));
  const bottom = Math.max(...lines.map(({ outline, baseline }) => baseline + outline.ink.bottom * emPx));
  return { left, top, width: right - left, height: bottom - top };
}
