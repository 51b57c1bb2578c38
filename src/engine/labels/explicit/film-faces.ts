import { type DecoderInput, inputArguments } from '../../media/probe.ts';
import type { AvSource } from './av-source.ts';
import { type FaceFinder, scaled, usefulSide } from './faces.ts';
import { frameReader, mediaFd, runFfmpeg } from './ffmpeg.ts';
import type { Box } from './layout.ts';

export interface FilmLook {
  source: AvSource;
  input: DecoderInput;
  demuxer: string;
  /** From the opening frame; null looks at the whole film. */
  seconds: number | null;
}

/** Looked at while the label is shown; of a whole film, frames that stand alone, spread over it. */
const framesLookedAt = 8;

/** Where faces are while the label is shown, in pixels of the film as it is seen. What cannot be decoded has none. */
export async function facesWhileShown(
  { source, input, demuxer, seconds }: FilmLook,
  seen: { width: number; height: number },
  findFaces: FaceFinder,
): Promise<Box[]> {
  const duration = source.durationSeconds ?? seconds ?? 0;
  const span = Math.max(0.5, Math.min(seconds ?? duration, duration));
  const factor = Math.min(1, usefulSide / Math.max(seen.width, seen.height));
  const [width, height] = [Math.max(1, Math.round(seen.width * factor)), Math.max(1, Math.round(seen.height * factor))];
  const frames: Uint8Array[] = [];
  await runFfmpeg({
    program: 'ffmpeg',
    args: [
      ...['-nostdin', '-loglevel', 'error', ...(seconds === null ? ['-skip_frame', 'nokey'] : [])],
      ...[...inputArguments(demuxer, input, mediaFd), '-t', span.toFixed(3), '-map', '0:V:0'],
      ...['-vf', `fps=${(framesLookedAt / span).toFixed(6)}:round=up,scale=${width}:${height}`],
      ...['-frames:v', String(framesLookedAt), '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'],
    ],
    input,
    wallMs: 24 * 3_600_000,
    onOutput: frameReader(width * height * 3, (frame) => frames.push(frame.slice())),
  });
  const found: Box[] = [];
  for (const data of frames) found.push(...(await findFaces({ width, height, data })));
  return found.map((box) => scaled(box, 1 / factor));
}
