import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { type KernelLock, takeKernelLock } from '../folder-lock-kernel.ts';
import { refuse } from './refusal.ts';

/** Where blobs are written before they are whole, and decrypted for programs that want a path. On the same file system as the shelves. */
export interface Scratch {
  /** An empty file that only our user may read. `discard` closes it and deletes what still lies under its name. */
  newFile(): Promise<{ path: string; handle: FileHandle; discard(): Promise<void> }>;
  sweep(): number;
  /** The Problem behind a failed write, or the error itself. */
  explain(error: unknown): unknown;
  close(): void;
}

/**
 * Every opener writes into a folder of its own and holds a lock beside it, so that one process can tell what a dead one left from what a
 * living one is writing. The gate keeps a sweep from meeting a folder between its making and its locking.
 */
export function openScratch(folder: string): Scratch {
  const root = join(folder, 'scratch');
  const id = randomUUID();
  const mine = join(root, id);
  const lock = tryWriting(folder, () => {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    return atTheGate(folder, () => {
      const taken = take(folder, join(root, `${id}${lockEnding}`), 0);
      mkdirSync(mine, { mode: 0o700 });
      return taken;
    });
  });

  return {
    async newFile() {
      const path = join(mine, randomUUID());
      const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
        throw explain(folder, error);
      });
      const discard = async () => {
        await handle.close();
        await rm(path, { force: true });
      };
      return { path, handle, discard };
    },
    sweep: () => tryWriting(folder, () => atTheGate(folder, () => sweepDead(root, id))),
    explain: (error) => explain(folder, error),
    close() {
      rmSync(mine, { recursive: true, force: true });
      rmSync(`${mine}${lockEnding}`, { force: true });
      lock.release();
    },
  };
}

const lockEnding = '.lock';
const gatePatienceMs = 10_000;

function atTheGate<T>(folder: string, work: () => T): T {
  const gate = take(folder, join(folder, 'scratch', `gate${lockEnding}`), gatePatienceMs);
  try {
    return work();
  } finally {
    gate.release();
  }
}

function take(folder: string, file: string, waitMs: number): Extract<KernelLock, { state: 'taken' }> {
  const lock = takeKernelLock(file, waitMs);
  if (lock.state === 'taken') return lock;
  if (lock.state === 'unwritable') throw refuse('storage-not-writable', { folder }, lock.cause);
  throw refuse('storage-without-locks', { folder });
}

function sweepDead(root: string, mine: string): number {
  let files = 0;
  const names = readdirSync(root).map((name) => (name.endsWith(lockEnding) ? name.slice(0, -lockEnding.length) : name));
  for (const id of new Set(names)) {
    if (id === mine || id === 'gate') continue;
    const lock = takeKernelLock(join(root, `${id}${lockEnding}`), 0);
    if (lock.state !== 'taken') continue;
    files += existsSync(join(root, id)) ? readdirSync(join(root, id)).length : 0;
    rmSync(join(root, id), { recursive: true, force: true });
    rmSync(join(root, `${id}${lockEnding}`), { force: true });
    lock.release();
  }
  return files;
}

function tryWriting<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explain(folder, error);
  }
}

function explain(folder: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return refuse('storage-full', {}, error);
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return refuse('storage-not-writable', { folder }, error);
  }
  return error;
}
