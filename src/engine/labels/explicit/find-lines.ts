import { type Blob, blobs, type Grey, inkAsLight, type Polarity, strokes } from './grey.ts';

/** Where a line of text may be, in the grey picture's pixels; and the strokes alone, light on black. */
export interface LineCandidate {
  left: number;
  top: number;
  width: number;
  height: number;
  polarity: Polarity;
  strokes: Grey;
}

/** Short side of the picture in which lines are looked for: 5 % of it are 36 pixels, what OCR reads best. */
export const searchedSide = 720;
/** Line heights that are looked for, in pixels of such a picture: 1.5 % to 14 % of the short side. */
const lowest = 11;
const highest = 100;
/** A label is one of few lines at corners and edges; a page full of text has no place for more. */
const mostCandidates = 24;

/** Boxes that may hold a line of light or dark text, the likeliest first. Nothing is read here. */
export function findLines(grey: Grey): LineCandidate[] {
  const found = (['light', 'dark'] as const).flatMap((polarity) => {
    const thin = strokes(inkAsLight(grey, polarity), 17);
    return [26, 64].flatMap((threshold) => [11, 24].flatMap((gap) => linesIn(thin, threshold, gap, polarity)));
  });
  const ranked = found.sort((one, other) => rank(other, grey) - rank(one, grey));
  const kept: LineCandidate[] = [];
  for (const candidate of ranked) {
    if (kept.length >= mostCandidates) break;
    if (!kept.some((other) => other.polarity === candidate.polarity && alike(other, candidate))) kept.push(candidate);
  }
  return kept;
}

function linesIn(thin: Grey, threshold: number, gap: number, polarity: Polarity): LineCandidate[] {
  const { width, height } = thin;
  const mask = thin.data.map((value) => (value > threshold ? 1 : 0));
  dropOutsized(mask, width, height);
  const closed = closeGaps(mask, width, height, gap);
  return blobs(closed, width, height).list.flatMap((blob) => {
    const size = { width: blob.right - blob.left, height: blob.bottom - blob.top };
    if (size.height < lowest || size.height > highest || size.width < size.height * 1.3) return [];
    const filled = inkPart(mask, width, blob);
    if (filled < 0.06 || filled > 0.75) return [];
    return [{ left: blob.left, top: blob.top, ...size, polarity, strokes: thin }];
  });
}

/** Specks and what is too large for a character. */
function dropOutsized(mask: Uint8Array, width: number, height: number): void {
  const { list, labels } = blobs(mask, width, height);
  const wrong = list.map(
    (blob) => blob.area < 6 || blob.bottom - blob.top > highest || blob.right - blob.left > highest * 4,
  );
  for (let at = 0; at < mask.length; at += 1) {
    const label = labels[at] ?? 0;
    if (label > 0 && wrong[label - 1]) mask[at] = 0;
  }
}

/** Run-length smoothing (Wong, Casey, Wahl 1982): short gaps in a row are filled, then shorter ones in a column. */
function closeGaps(mask: Uint8Array, width: number, height: number, gap: number): Uint8Array {
  const closed = mask.slice();
  for (let y = 0; y < height; y += 1) fillRuns(closed, y * width, 1, width, gap);
  for (let x = 0; x < width; x += 1) fillRuns(closed, x, width, height, Math.max(2, Math.round(gap / 4)));
  return closed;
}

function fillRuns(mask: Uint8Array, start: number, step: number, count: number, gap: number): void {
  let last = -gap - 2;
  for (let at = 0; at < count; at += 1) {
    if (mask[start + at * step] === 0) continue;
    if (at - last > 1 && at - last <= gap + 1)
      for (let fill = last + 1; fill < at; fill += 1) mask[start + fill * step] = 1;
    last = at;
  }
}

function inkPart(mask: Uint8Array, width: number, { left, top, right, bottom }: Blob): number {
  let inked = 0;
  for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) inked += mask[y * width + x] ?? 0;
  return inked / ((right - left) * (bottom - top));
}

/** Near the upper or lower border, contrast, and the proportions of a short line. */
function rank({ left, top, width, height, strokes: thin }: LineCandidate, picture: Grey): number {
  const middle = top + height / 2;
  const border = Math.min(middle, picture.height - middle) / Math.min(picture.width, picture.height);
  let sum = 0;
  for (let y = top; y < top + height; y += 1)
    for (let x = left; x < left + width; x += 1) sum += thin.data[y * thin.width + x] ?? 0;
  const contrast = sum / (width * height);
  const ratio = width / height;
  return contrast / 64 - Math.min(border, 0.5) * 2 + (ratio > 1.8 && ratio < 16 ? 0.8 : 0);
}

function alike(one: LineCandidate, other: LineCandidate): boolean {
  const wide = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const high = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  if (wide <= 0 || high <= 0) return false;
  return (wide * high) / (one.width * one.height + other.width * other.height - wide * high) > 0.75;
}
