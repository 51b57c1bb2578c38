import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../contract/problem.ts';

/**
 * Builds the web application if it was not built from these very sources yet. Returns the folder to serve. The build is made aside and
 * put in place whole, so two servers that start at once, or one that is killed, leave no half of it.
 */
export async function buildPages(root: string, { building }: { building: () => void }): Promise<string> {
  const folder = join(root, 'web', 'dist');
  const sources = hashSources(root);
  if (builtFrom(folder) === sources) return folder;
  building();
  const draft = join(root, 'web', `dist.${process.pid}.new`);
  try {
    await runVite(root, draft);
    await writeFile(join(draft, '.built-from'), sources);
    const old = join(root, 'web', `dist.${process.pid}.old`);
    await mkdir(folder, { recursive: true });
    await rename(folder, old);
    await rename(draft, folder);
    await rm(old, { recursive: true, force: true });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

function builtFrom(folder: string): string | null {
  try {
    return readFileSync(join(folder, '.built-from'), 'utf8');
  } catch {
    // Not built, or not by us: then it is built.
    return null;
  }
}

/** Everything that goes into the build: the pages, the contract they share with the server, and the packages. */
function hashSources(root: string): string {
  const hash = createHash('sha256');
  const files = ['web', 'src/contract'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/[\\/]dist(\.|[\\/]|$)/.test(`${entry.parentPath}/`))
      .map(({ parentPath, name }) => join(parentPath, name)),
  );
  for (const file of [...files, join(root, 'package-lock.json')].sort()) {
    hash
      .update(`${file.slice(root.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** In a process of its own: the builder's memory goes with it. */
function runVite(root: string, outDir: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const words = [vite, 'build', join(root, 'web'), '--outDir', outDir, '--emptyOutDir'];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...words, '--logLevel', 'error'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      reject(
        new Problem('pages-not-built', `The web application could not be built:\n${said.slice(-2_000)}`, {
          next: 'Is the disk full, or the checkout not yours to write? --no-pages serves the API alone.',
          exitCode: 1,
        }),
      );
    });
  });
}
