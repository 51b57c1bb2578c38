/** One piece of the media as the model takes it: a window of sound, a picture, or a tile of one. */
export interface Piece {
  /** Values in the order of `dims`. */
  tensor: Float32Array;
  /** Batch of one first. */
  dims: number[];
  where: Where;
}

interface Where {
  /** Milliseconds of media time; null for a still picture. */
  fromMs: number | null;
  toMs: number | null;
  /** Index among the pictures given; null for sound. */
  frame: number | null;
  /** x, y, width, height in the decoded picture; null for the whole of it. */
  box: [number, number, number, number] | null;
}

/** The pieces of one input, made one at a time so that memory stays flat. */
export interface Pieces {
  /** How many there would be without the limit. */
  of: number;
  pieces: Iterable<Piece>;
}

/** Why a detector says nothing: stable codes, texts in words/forensics. */
export type OutOfScope =
  | { code: 'forensic-no-audio' }
  | { code: 'forensic-no-picture' }
  | { code: 'forensic-silence' }
  | { code: 'forensic-too-little-sound'; seconds: number; needed: number }
  | { code: 'forensic-picture-too-small'; pixels: number; needed: number }
  | { code: 'no-face-finder' };
