import type { FileHandle } from 'node:fs/promises';
import { chmod, mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The folder `<dataFolder>/models`, one folder per detector. A detector appears, changes and goes in one rename:
 * `.new-<pid>-…` is being written, `.old-<id>` is on its way out. Names with a dot are never detectors.
 */
export function shelfOf(dataFolder: string): string {
  return join(dataFolder, 'models');
}

/** Makes an empty folder on the shelf to write a detector in, after tidying what an interrupted run left. */
export async function openDraft(shelf: string): Promise<string> {
  await mkdir(shelf, { recursive: true });
  await tidy(shelf);
  const draft = await mkdtemp(join(shelf, `.new-${process.pid}-`));
  // mkdtemp gives 0700, but the box reads models as nobody.
  await chmod(draft, 0o755);
  return draft;
}

/** Puts a finished draft in its place; what stood there goes. */
export async function placeDraft(shelf: string, draft: string, id: string): Promise<void> {
  await syncFolder(draft);
  const old = join(shelf, `.old-${id}`);
  const before = await renameIfThere(join(shelf, id), old);
  await rename(draft, join(shelf, id));
  await syncFolder(shelf);
  if (before) await rm(old, { recursive: true, force: true });
}

/** True when there was such a detector. */
export async function takeOff(shelf: string, id: string): Promise<boolean> {
  const going = join(shelf, `.gone-${id}`);
  await rm(going, { recursive: true, force: true });
  if (!(await renameIfThere(join(shelf, id), going))) return false;
  await rm(going, { recursive: true, force: true });
  return true;
}

/** Writes a small file whole and on disk, readable by the box. */
export async function writeDurably(file: string, content: string): Promise<void> {
  const handle = await open(file, 'wx', 0o644);
  try {
    await handle.writeFile(content);
    await settle(handle);
  } finally {
    await handle.close();
  }
}

/** Mode past the umask, bytes past the cache. */
export async function settle(handle: FileHandle): Promise<void> {
  await handle.chmod(0o644);
  await handle.sync();
}

async function tidy(shelf: string): Promise<void> {
  const names = await readdir(shelf);
  for (const name of names) {
    if (name.startsWith('.old-')) {
      const id = name.slice('.old-'.length);
      // Interrupted between the two renames: the old one comes back.
      if (names.includes(id)) await rm(join(shelf, name), { recursive: true, force: true });
      else await renameIfThere(join(shelf, name), join(shelf, id));
    } else if (name.startsWith('.gone-') || (name.startsWith('.new-') && !isAlive(Number(name.split('-')[1])))) {
      await rm(join(shelf, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
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

/** The system's error code, e.g. `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
