import { statfs } from 'node:fs/promises';
import { Problem } from '../../contract/problem.ts';

/**
 * PostgreSQL ends itself when it cannot write its log; the embedded one, which has no process of its own to end, runs in a circle for ever
 * and holds this process with it. So writing ends while there is room left: four pieces of its log, of 16 MiB each.
 */
export const leastFreeBytes = 64 * 1024 * 1024;

/** Asked before every turn, looked up four times a second at most: uploads share the disk. */
const lookEveryMs = 250;

export interface Room {
  /** Whether there is too little left on the disk of that folder. */
  isShort(): Promise<boolean>;
}

/** Watches the disk of a folder that exists. Throws `database-full` when there is too little room to begin with. */
export async function watchRoom(folder: string): Promise<Room> {
  const look = async (): Promise<boolean> => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize < leastFreeBytes;
  };
  let short = await look();
  if (short) {
    throw new Problem('database-full', `Less than 64 MiB are free where ${folder} lies; the database was not opened`, {
      next: 'Make room on that disk, or name a --folder on another one.',
    });
  }
  let lookedAt = performance.now();
  return {
    isShort: async () => {
      if (performance.now() - lookedAt < lookEveryMs) return short;
      lookedAt = performance.now();
      short = await look();
      return short;
    },
  };
}
