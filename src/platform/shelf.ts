import { existsSync, readdirSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './error-code.ts';

/**
 * A shelf is a folder of installed things, one folder each. A thing appears, changes and goes by renaming folders: `.new-…`
 * is being written, `.old-<name>` stands in for `<name>` between the two renames of a change, `.gone-…` is on its way out.
 */
export function findThings(shelf: string): string[] {
  const folders = foldersIn(shelf);
  const names = folders.map((name) => (name.startsWith('.old-') ? name.slice('.old-'.length) : name));
  return [...new Set(names.filter((name) => name !== '' && !name.startsWith('.')))].sort();
}

/** Where that thing lies now. */
export function folderOf(shelf: string, name: string): string {
  const place = join(shelf, name);
  return existsSync(place) ? place : join(shelf, `.old-${name}`);
}

export interface ShelfChanges {
  /**
   * Puts a thing in its place; what stood there goes. `write` fills an empty folder, which then takes the name. At every moment
   * either the old thing or the new one is found, and a failure leaves the old one.
   */
  place(name: string, write: (draft: string) => Promise<void>): Promise<void>;
  /** False when there was no such thing. */
  takeOff(name: string): Promise<boolean>;
}

/** Says that another process holds the shelf: its number, and the file to delete if that is not true. */
export type RefuseBusy = (by: { holder: number; lock: string }, cause: unknown) => Error;

/** Changes the shelf alone, after tidying what an interrupted run left. Throws what `refuseBusy` makes when another is at it. */
export async function changeShelf<T>(
  shelf: string,
  refuseBusy: RefuseBusy,
  change: (changes: ShelfChanges) => Promise<T>,
): Promise<T> {
  await mkdir(shelf, { recursive: true });
  const lock = join(shelf, '.lock');
  await takeLock(lock, refuseBusy);
  try {
    await tidy(shelf);
    return await change({
      place: (name, write) => place(shelf, name, write),
      takeOff: (name) => takeOff(shelf, name),
    });
  } finally {
    await rm(lock, { force: true });
  }
}

/** Writes a small file whole and on disk, readable by everybody unless said otherwise. */
export async function writeDurably(file: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(content);
    await settle(handle, mode);
  } finally {
    await handle.close();
  }
}

/** Mode past the umask, bytes past the cache. */
export async function settle(handle: FileHandle, mode = 0o644): Promise<void> {
  await handle.chmod(mode);
  await handle.sync();
}

async function place(shelf: string, name: string, write: (draft: string) => Promise<void>): Promise<void> {
  const draft = await mkdtemp(join(shelf, '.new-'));
  try {
    // mkdtemp gives 0700, but things are read by whoever runs the program, and in a box by nobody.
    await chmod(draft, 0o755);
    await write(draft);
    await syncFolder(draft);
    const old = join(shelf, `.old-${name}`);
    await renameIfThere(join(shelf, name), old);
    await rename(draft, join(shelf, name));
    await syncFolder(shelf);
    await rm(old, { recursive: true, force: true });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function takeOff(shelf: string, name: string): Promise<boolean> {
  const gone = join(shelf, `.gone-${name}`);
  if (!(await renameIfThere(join(shelf, name), gone))) return false;
  await syncFolder(shelf);
  await rm(gone, { recursive: true, force: true });
  return true;
}

function foldersIn(shelf: string): string[] {
  try {
    const entries = readdirSync(shelf, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function takeLock(lock: string, refuseBusy: RefuseBusy): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(lock, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (attempt > 0 || isAlive(holder)) throw refuseBusy({ holder, lock }, error);
      await rm(lock, { force: true });
    }
  }
}

/** A pid of 0 is a lock whose holder died before it could write its number. */
function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

async function tidy(shelf: string): Promise<void> {
  for (const name of await readdir(shelf)) {
    const path = join(shelf, name);
    if (name.startsWith('.old-')) {
      const place = join(shelf, name.slice('.old-'.length));
      if (existsSync(place)) await rm(path, { recursive: true, force: true });
      else await rename(path, place);
    } else if (name.startsWith('.new-') || name.startsWith('.gone-')) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
