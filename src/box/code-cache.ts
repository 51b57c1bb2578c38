import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnBoxed } from './sandbox.ts';

/**
 * Node strips types from our sources and compiles them at every start of an examiner, which is half of the time to the first
 * answer. A box that has seen no foreign byte does that once and leaves the result in a folder, which later boxes read and
 * cannot write. Node checks each entry against the source it belongs to, so an outdated folder is slow, never wrong.
 */
export function codeCacheFolder(root: string): string {
  return join(root, '.clearmirror', `box-code-${process.version}`);
}

/** Fills the folder unless it holds what these sources compile to. A machine where that is not possible works all the same. */
export async function fillCodeCache(root: string, folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  try {
    const wanted = await fingerprint(root);
    if (wanted === (await readFile(join(folder, stamp), 'utf8').catch(() => null))) return;
    await mkdir(draft, { recursive: true });
    const command = { root, modelFolders: [], scratchBytes: 1024 * 1024, codeCache: { folder: draft, writable: true } };
    const child = spawnBoxed(command, 'sandboxed', ['src/box/compile-all.ts'], 'ignore');
    const patience = setTimeout(() => child.kill('SIGKILL'), 60_000);
    const code = await new Promise((resolve) => {
      child.once('error', resolve);
      child.once('close', resolve);
    });
    clearTimeout(patience);
    if (code !== 0) return;
    await writeFile(join(draft, stamp), wanted);
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } catch {
    // A read-only installation, or somebody else was faster: nothing is lost but speed.
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
}

const stamp = 'sources';

/** Changes with any source file: names, sizes and times, not contents, because it is taken after every screening. */
async function fingerprint(root: string): Promise<string> {
  const sum = createHash('sha256');
  const source = join(root, 'src');
  for (const name of (await readdir(source, { recursive: true })).sort()) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const { size, mtimeMs } = await stat(join(source, name));
    sum.update(`${name} ${size} ${mtimeMs}\n`);
  }
  sum.update(await readFile(join(root, 'package-lock.json')).catch(() => ''));
  return sum.digest('hex');
}
