import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnBoxed } from './sandbox.ts';

/**
 * Node strips types from our sources and compiles them at every start of an examiner, which is half of the time to the first
 * answer. A box that has seen no foreign byte does that once and leaves the result in a folder, which later boxes read and
 * cannot write. Node checks each entry against the source it belongs to, so an outdated folder is slow, never wrong.
 */
export function codeCacheFolder(root: string, version: string): string {
  return join(root, '.clearmirror', `box-code-${version}-${process.version}`);
}

/** Fills the folder unless it is there. A machine where that is not possible works all the same. */
export async function fillCodeCache(root: string, folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const draft = `${folder}.${process.pid}`;
  try {
    await mkdir(draft, { recursive: true });
    const command = { root, modelFolders: [], scratchBytes: 1024 * 1024, codeCache: { folder: draft, writable: true } };
    const child = spawnBoxed(command, 'sandboxed', ['src/box/compile-all.ts'], 'ignore');
    const patience = setTimeout(() => child.kill('SIGKILL'), 60_000);
    const code = await new Promise((resolve) => {
      child.once('error', resolve);
      child.once('close', resolve);
    });
    clearTimeout(patience);
    if (code === 0) await rename(draft, folder);
  } catch {
    // A read-only installation, or somebody else was faster: nothing is lost but speed.
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
}
