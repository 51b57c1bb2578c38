import type { Piece } from './piece.ts';

export interface ScoredPiece {
  where: Piece['where'];
  score: number;
}

/** A stretch of time, or a part of a picture, whose pieces all reach the threshold. */
export interface Span {
  fromMs: number | null;
  toMs: number | null;
  frame: number | null;
  box: [number, number, number, number] | null;
  /** The highest score in it. */
  score: number;
}

/** Evidence stays small whatever the file does. */
export const maxSpans = 20;

/**
 * Merges the pieces at or above the threshold: windows of sound that touch, pictures that follow one another.
 * Tiles of a still picture stay apart. At most the 20 strongest, in the order of the media; `of` counts all.
 */
export function findSpans(pieces: ScoredPiece[], threshold: number): { spans: Span[]; of: number } {
  const all: Span[] = [];
  let previous: ScoredPiece | null = null;
  for (const piece of pieces) {
    const last = all.at(-1);
    if (piece.score >= threshold) {
      if (last && previous && previous.score >= threshold && follows(piece, previous)) extend(last, piece);
      else all.push({ ...piece.where, score: piece.score });
    }
    previous = piece;
  }
  const kept = new Set(all.toSorted((a, b) => b.score - a.score).slice(0, maxSpans));
  return { spans: all.filter((span) => kept.has(span)), of: all.length };
}

/** The span with the highest score; the first of equals. */
export function strongest(spans: Span[]): Span | null {
  return spans.reduce<Span | null>((best, span) => (best && best.score >= span.score ? best : span), null);
}

function follows(piece: ScoredPiece, previous: ScoredPiece): boolean {
  if (piece.where.fromMs === null || previous.where.toMs === null) return false;
  // Pictures are sampled apart from each other, so the next one sampled is the neighbour.
  return piece.where.frame !== null || piece.where.fromMs <= previous.where.toMs;
}

function extend(span: Span, { where, score }: ScoredPiece): void {
  span.toMs = where.toMs;
  if (score <= span.score) return;
  span.score = score;
  span.frame = where.frame;
  span.box = where.box;
}
