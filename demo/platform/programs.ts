import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs ffmpeg to its end; rejects when it fails or takes longer. Existing outputs are replaced. */
export async function ffmpeg(args: readonly string[], timeout = 60_000): Promise<void> {
  await execute('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { timeout, killSignal: 'SIGKILL' });
}

/** The demuxer is named by us, from the content: a playlist must not open further files. */
export function inputOf({ path, demuxer }: { path: string; demuxer: string }): string[] {
  return ['-protocol_whitelist', 'file', '-f', demuxer, '-i', `file:${path}`];
}
