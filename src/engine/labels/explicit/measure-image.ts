import sharp from 'sharp';
import { maxImagePixels } from '../../media/image.ts';
import { findLines, type LineCandidate, searchedSide } from './find-lines.ts';
import { type Grey, inkAsLight, type Polarity } from './grey.ts';
import { cropGrey, greyOf, grow, measureInk, type Rgb } from './ink.ts';
import type { Box } from './layout.ts';
import { matchElements } from './match-elements.ts';
import type { LinePicture, Readings, ReadWord } from './ocr.ts';
import type { LabelElements } from './texts.ts';

/** Reads lines of text: ocr.ts, inside the glass box. */
export type LineReader = (pictures: readonly LinePicture[]) => Promise<Readings[]>;

export type SeenPosition = 'corner' | 'edge' | 'middle';

/** A label text as it is seen. Which other words stand in the picture is neither kept nor returned. */
export interface SeenLabel {
  elements: LabelElements;
  /** Ink height of the line that holds them; of the lower line when there are two. Pixels of the whole picture. */
  heightPx: number;
  shortSidePx: number;
  ratio: number;
  position: SeenPosition;
  /** WCAG contrast ratio of ink and ground, 1…21. */
  contrast: number;
  box: Box;
  polarity: Polarity;
}

/** Finds and measures the label of a still picture, upright as it is seen. Null when no element is found. Throws when it cannot be decoded. */
export async function measureImage(bytes: Uint8Array, read: LineReader): Promise<SeenLabel | null> {
  const open = () => sharp(bytes, { limitInputPixels: maxImagePixels, failOn: 'none' });
  const { autoOrient } = await open().metadata();
  const shrink = Math.max(1, Math.min(autoOrient.width, autoOrient.height) / measuredSide);
  const size = {
    width: Math.max(1, Math.round(autoOrient.width / shrink)),
    height: Math.max(1, Math.round(autoOrient.height / shrink)),
  };
  const { data, info } = await open()
    .rotate()
    .resize({ ...size, fit: 'fill' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const label = await measurePixels({ width: info.width, height: info.height, data }, read);
  return label && inPixelsOf(label, autoOrient.width / info.width);
}

/** Above this short side a picture is measured smaller: 5 % are 72 pixels then, one pixel 0.07 %. */
const measuredSide = 1440;

function inPixelsOf(label: SeenLabel, factor: number): SeenLabel {
  const { box } = label;
  return {
    ...label,
    heightPx: label.heightPx * factor,
    shortSidePx: Math.round(label.shortSidePx * factor),
    box: { left: box.left * factor, top: box.top * factor, width: box.width * factor, height: box.height * factor },
  };
}

/** The same for pixels that are already decoded. */
export async function measurePixels(picture: Rgb, read: LineReader): Promise<SeenLabel | null> {
  const grey = greyOf(picture);
  const scale = searchedSide / Math.min(grey.width, grey.height);
  const searched = await scaled(grey, scale);
  const candidates = findLines(searched);
  // Plain pixels read best on calm grounds, strokes alone on busy ones; a wider cut finds a line's beginning that ran into the
  // ground. Later readings only where the ones before were not enough.
  const parts: Part[] = [];
  for (const [variant, most] of variants) {
    const lines = candidates.slice(0, most).map((candidate) => variant(candidate, grey));
    const readings = await read(lines.map(({ picture: line }) => line));
    parts.push(
      ...lines.flatMap((line, index) => (readings[index] ?? []).flatMap((words) => partOf(line, words, picture, grey))),
    );
    const label = best([...parts, ...pairs(parts)], picture);
    if (label && count(label.elements) === 2) return label;
  }
  return best(parts, picture);
}

async function scaled(grey: Grey, scale: number): Promise<Grey> {
  // A strip of 1 : 40 is searched in its full length, a longer one not finer than this.
  const fit = Math.min(scale, 8_000 / Math.max(grey.width, grey.height));
  const { data, info } = await sharp(grey.data, { raw: { width: grey.width, height: grey.height, channels: 1 } })
    .resize(Math.max(1, Math.round(grey.width * fit)), Math.max(1, Math.round(grey.height * fit)), {
      fit: 'fill',
      kernel: 'cubic',
    })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** A picture of one line, and where it lies in the whole picture. */
interface Line {
  picture: LinePicture;
  candidate: LineCandidate;
  left: number;
  top: number;
  /** Pixels of the line's picture for one of the whole picture. */
  scale: number;
}

/** Ways of cutting out a line, and for how many candidates each is tried. */
const variants: readonly (readonly [(candidate: LineCandidate, grey: Grey) => Line, number])[] = [
  [(candidate, grey) => plainLine(candidate, grey, 0.15), 24],
  [(candidate, grey) => plainLine(candidate, grey, 2.6), 14],
  [strokesOfLine, 14],
];

/** The picture's own pixels, that many line heights wider on both sides. */
function plainLine(candidate: LineCandidate, grey: Grey, wider: number): Line {
  const whole = inWhole(candidate, grey);
  const tall = grow(whole, whole.height * 0.15, grey);
  const wide = grow(whole, whole.height * wider, grey);
  const area = { ...tall, left: wide.left, width: wide.width };
  return {
    picture: inkAsLight(cropGrey(grey, area), candidate.polarity),
    candidate,
    left: area.left,
    top: area.top,
    scale: 1,
  };
}

function strokesOfLine(candidate: LineCandidate, grey: Grey): Line {
  const { strokes } = candidate;
  const area = grow(candidate, Math.round(candidate.height * 0.15), strokes);
  const scale = strokes.width / grey.width;
  return { picture: cropGrey(strokes, area), candidate, left: area.left / scale, top: area.top / scale, scale };
}

/** The candidate's box in pixels of the whole picture. */
function inWhole({ left, top, width, height, strokes }: LineCandidate, grey: Grey): Box {
  const scale = strokes.width / grey.width;
  return { left: left / scale, top: top / scale, width: width / scale, height: height / scale };
}

interface Part {
  elements: LabelElements;
  box: Box;
  lineHeight: number;
  contrast: number;
  polarity: Polarity;
}

function partOf({ candidate, left, scale }: Line, words: readonly ReadWord[], picture: Rgb, grey: Grey): Part[] {
  const match = matchElements(words);
  if (!match) return [];
  const held = words.slice(match.from, match.to + 1);
  const from = Math.min(...held.map((word) => word.left));
  const to = Math.max(...held.map((word) => word.left + word.width));
  // OCR's boxes are loose above and below: the candidate's own rows are nearer.
  const { top, height } = inWhole(candidate, grey);
  const rough: Box = { left: left + from / scale, top, width: (to - from) / scale, height };
  const ink = measureInk(picture, grey, rough, candidate.polarity);
  if (!ink) return [];
  const elements = { ai: match.ai, generation: match.generation };
  return [{ elements, box: ink.box, lineHeight: ink.box.height, contrast: ink.contrast, polarity: candidate.polarity }];
}

/** A label in two lines: one element above the other. */
function pairs(parts: readonly Part[]): Part[] {
  return parts.flatMap((upper) =>
    parts.flatMap((lower) => {
      const differ = upper.elements.ai !== lower.elements.ai && upper.elements.generation !== lower.elements.generation;
      const gap = lower.box.top - upper.box.top - upper.box.height;
      const high = Math.max(upper.lineHeight, lower.lineHeight);
      const beside =
        Math.min(upper.box.left + upper.box.width, lower.box.left + lower.box.width) -
        Math.max(upper.box.left, lower.box.left);
      if (!differ || upper.polarity !== lower.polarity || gap < -high * 0.2 || gap > high || beside <= 0) return [];
      const left = Math.min(upper.box.left, lower.box.left);
      const right = Math.max(upper.box.left + upper.box.width, lower.box.left + lower.box.width);
      const box = {
        left,
        top: upper.box.top,
        width: right - left,
        height: lower.box.top + lower.box.height - upper.box.top,
      };
      return [
        {
          elements: { ai: true, generation: true },
          box,
          lineHeight: Math.min(upper.lineHeight, lower.lineHeight),
          contrast: Math.min(upper.contrast, lower.contrast),
          polarity: upper.polarity,
        },
      ];
    }),
  );
}

/**
 * The most complete, then the highest. A plate, an outline or a bit of ground taken for letters reads as well as these: of all
 * readings at one place the one whose ink differs most from what is beside it is the letters.
 */
function best(parts: readonly Part[], picture: Rgb): SeenLabel | null {
  const [first] = parts.toSorted(
    (one, other) => count(other.elements) - count(one.elements) || other.lineHeight - one.lineHeight,
  );
  if (!first) return null;
  const [found] = parts
    .filter((part) => count(part.elements) === count(first.elements) && touch(part.box, first.box))
    .toSorted((one, other) => other.contrast - one.contrast);
  if (!found) return null;
  const shortSidePx = Math.min(picture.width, picture.height);
  return {
    elements: found.elements,
    heightPx: found.lineHeight,
    shortSidePx,
    ratio: found.lineHeight / shortSidePx,
    position: positionOf(found.box, picture),
    contrast: found.contrast,
    box: found.box,
    polarity: found.polarity,
  };
}

function touch(one: Box, other: Box): boolean {
  const wide = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const high = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return wide > Math.min(one.width, other.width) / 2 && high > Math.min(one.height, other.height) / 2;
}

function count({ ai, generation }: LabelElements): number {
  return Number(ai) + Number(generation);
}

/** Nearer to a border than a tenth of the short side is at that border; near two of them it is in a corner. */
function positionOf(box: Box, { width, height }: { width: number; height: number }): SeenPosition {
  const near = Math.min(width, height) * 0.1;
  const across = box.left < near || width - box.left - box.width < near;
  const upright = box.top < near || height - box.top - box.height < near;
  if (across && upright) return 'corner';
  return across || upright ? 'edge' : 'middle';
}
