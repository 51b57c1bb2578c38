import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from './error-code.ts';
import { isKernelLocked } from './folder-lock-kernel.ts';

/** Who has a data folder open. All but `pid` is what the holder said about itself. */
export interface Holder {
  pid: number;
  /** ISO 8601. */
  startedAt?: string | undefined;
  /** The machine (or container) in which `pid` counts. */
  host?: string | undefined;
  /** Where it answers, e.g. `http://127.0.0.1:8321`; absent until it does. */
  address?: string | undefined;
}

export const lockFileOf = (folder: string) => join(folder, 'lock.db');
export const noteOf = (folder: string) => join(folder, 'serve.json');

/**
 * The process that has the folder locked at this moment, or null. What a dead process left in `serve.json` is not believed, even
 * when its pid belongs to somebody else by now: the lock decides, and where the kernel tells whose it is (Linux), the note has to agree.
 */
export function readHolder(folder: string): Holder | 'nobody-known' | null {
  if (!isKernelLocked(lockFileOf(folder))) return null;
  const pid = pidByKernel(lockFileOf(folder));
  const note = readNote(folder);
  if (note && (note.host !== hostname() || note.pid === pid || (pid === null && isAlive(note.pid)))) return note;
  return pid === null ? 'nobody-known' : { pid };
}

const noteShape = z.object({
  pid: z.int().positive(),
  startedAt: z.string(),
  host: z.string(),
  address: z.string().optional(),
});

function readNote(folder: string): Holder | null {
  try {
    return noteShape.parse(JSON.parse(readFileSync(noteOf(folder), 'utf8')));
  } catch {
    // Absent or half of something: it only makes the refusal friendlier.
    return null;
  }
}

/** proc_locks(5): `1: POSIX  ADVISORY  WRITE 4711 fe:00:1234 1073741824 1073742335`. */
function pidByKernel(file: string): number | null {
  try {
    const { dev, ino } = statSync(file);
    const major = ((dev >>> 8) & 0xfff).toString(16).padStart(2, '0');
    const minor = ((dev & 0xff) | ((dev >>> 12) & 0xfff00)).toString(16).padStart(2, '0');
    const mine = ` ${major}:${minor}:${ino} `;
    const line = readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .find((text) => text.includes(mine) && text.includes(' WRITE ') && !text.includes('->'));
    const pid = Number(line?.split(/\s+/)[4] ?? 0);
    // 0: a process outside our container.
    return pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
