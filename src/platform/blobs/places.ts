import { mkdirSync, readdirSync } from 'node:fs';
import { open, readdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { refuse } from './refusal.ts';

/** A blob lies in `<folder>/<first two digits>/<sha256>`, sealed ones with this ending. */
const sealedEnding = '.sealed';

export function placeOf(folder: string, sha256: string, sealed: boolean): string {
  return join(folder, sha256.slice(0, 2), `${sha256}${sealed ? sealedEnding : ''}`);
}

/** Whatever is not an address names no blob; it must never become a path. */
export function isAddress(sha256: string): boolean {
  return /^[0-9a-f]{64}$/.test(sha256);
}

/** Makes all 256 shelves at once, so that storing a blob never has to make a folder durable. */
export function openShelves(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const there = new Set(readdirSync(folder));
    for (const shelf of shelves) {
      if (!there.has(shelf)) mkdirSync(join(folder, shelf), { recursive: true, mode: 0o700 });
    }
  } catch (error) {
    throw refuse('storage-not-writable', { folder }, error);
  }
}

/** Makes what was renamed, made or removed in a folder outlive a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function removeBlob(folder: string, sha256: string, storedBefore?: Date): Promise<boolean> {
  if (!isAddress(sha256)) return false;
  if (storedBefore && !(await isOlder(folder, sha256, storedBefore))) return false;
  const gone = await Promise.all([true, false].map((sealed) => removeFile(placeOf(folder, sha256, sealed))));
  if (!gone.includes(true)) return false;
  await syncFolder(dirname(placeOf(folder, sha256, false)));
  return true;
}

/** False when there was none. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

export async function* listBlobs(folder: string, storedBefore?: Date): AsyncGenerator<string> {
  for (const shelf of shelves) {
    const names = await readdir(join(folder, shelf));
    const addresses = names.map((name) => (name.endsWith(sealedEnding) ? name.slice(0, -sealedEnding.length) : name));
    for (const address of new Set(addresses.filter(isAddress))) {
      if (!storedBefore || (await isOlder(folder, address, storedBefore))) yield address;
    }
  }
}

/** In both forms, if it lies here in both. What is stored again is stored anew. */
async function isOlder(folder: string, sha256: string, than: Date): Promise<boolean> {
  for (const sealed of [true, false]) {
    const found = await stat(placeOf(folder, sha256, sealed)).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    });
    if (found && found.mtimeMs >= than.getTime()) return false;
  }
  return true;
}

const shelves = Array.from({ length: 256 }, (_, at) => at.toString(16).padStart(2, '0'));
