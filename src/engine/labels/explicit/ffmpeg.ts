import { spawn } from 'node:child_process';
import { readablePipe, writablePipe } from '../../media/pipes.ts';
import type { DecoderInput } from '../../media/probe.ts';

/** Where ffmpeg finds the media (by this descriptor) and what else we hand it (from the next one on). */
export const mediaFd = 3;
export const extraFd = 4;

export interface FfmpegRun {
  program: 'ffmpeg' | 'ffprobe';
  args: readonly string[];
  input: DecoderInput;
  /** What ffmpeg reads from `pipe:4`: an overlay, a mark. */
  extra?: Uint8Array;
  wallMs: number;
  /** Takes what is written to stdout; it is only valid during the call. */
  onOutput?: (chunk: Buffer) => void;
  /** Each line of the log. */
  onLog?: (line: string) => void;
}

/** Runs ffmpeg to its end. Answers false when it failed or ran too long; why is in the log's lines. */
export async function runFfmpeg({ program, args, input, extra, wallMs, onOutput, onLog }: FfmpegRun): Promise<boolean> {
  const child = spawn(program, ['-hide_banner', ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'fd' in input ? input.fd : 'ignore', extra ? 'pipe' : 'ignore'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), wallMs);
  if (extra) {
    const pipe = writablePipe(child, extraFd);
    // ffmpeg may end before it has read all: its exit says so.
    pipe.on('error', () => {});
    pipe.end(extra);
  }
  readablePipe(child, 1).on('data', (chunk: Buffer) => onOutput?.(chunk));
  let rest = '';
  readablePipe(child, 2)
    .setEncoding('latin1')
    .on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-10_000);
      for (const line of lines) onLog?.(line);
    });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', resolve);
  });
  clearTimeout(timer);
  return code === 0;
}

/** An `onOutput` that gathers raw frames of `bytes` each. The frame is only valid during the call. */
export function frameReader(bytes: number, onFrame: (frame: Uint8Array) => void): (chunk: Buffer) => void {
  const frame = new Uint8Array(bytes);
  let filled = 0;
  return (chunk) => {
    for (let taken = 0; taken < chunk.length; ) {
      const part = chunk.subarray(taken, taken + bytes - filled);
      frame.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled < bytes) continue;
      onFrame(frame);
      filled = 0;
    }
  };
}
