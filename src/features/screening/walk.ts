import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, stat } from 'node:fs/promises';

/** A file met on the way, not opened yet. `path` is bytes: names on Linux need not be text. */
export interface FoundFile {
  path: Buffer;
  /** The path for people and records; bytes that are not UTF-8 appear as `\xNN`. */
  name: string;
  /** Named by the person, not met in a folder. */
  named: boolean;
  /** A symbolic link met in a folder: it is reported, not followed, so that no walk leaves the folder it was given. */
  link: boolean;
}

/** All files under the given paths, folder by folder in name order. Only one folder's names are held at a time. */
export async function* findFiles(paths: readonly string[]): AsyncGenerator<FoundFile> {
  for (const path of paths) {
    const bytes = Buffer.from(path);
    const isFolder = await stat(bytes).then(
      (info) => info.isDirectory(),
      () => false,
    );
    if (isFolder) yield* walk(trimSlash(bytes));
    else yield { path: bytes, name: nameOf(bytes), named: true, link: false };
  }
}

async function* walk(folder: Buffer): AsyncGenerator<FoundFile> {
  let entries: Buffer[];
  try {
    entries = await readdir(folder, { encoding: 'buffer' });
  } catch {
    // A folder that may not be opened is reported like a file that may not.
    yield { path: folder, name: nameOf(folder), named: false, link: false };
    return;
  }
  for (const entry of entries.sort(Buffer.compare)) {
    const path = Buffer.concat([folder, Buffer.from('/'), entry]);
    const info = await lstat(path).catch(() => null);
    if (info?.isDirectory()) yield* walk(path);
    else yield { path, name: nameOf(path), named: false, link: info?.isSymbolicLink() ?? false };
  }
}

export type Opened =
  | { handle: FileHandle; bytes: number /** Nanoseconds, as the file system keeps them. */; changedAt: bigint }
  | { handle: null; reason: string; detail: string };

/** Opens a regular file for reading. Pipes and devices are refused without waiting for them. */
export async function openFile(path: Buffer): Promise<Opened> {
  let handle: FileHandle | null = null;
  try {
    // Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const info = await handle.stat({ bigint: true });
    if (info.isFile()) return { handle, bytes: Number(info.size), changedAt: info.mtimeNs };
    await handle.close();
    return { handle: null, reason: 'not-a-file', detail: '' };
  } catch (error) {
    await handle?.close().catch(() => {});
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { handle: null, reason: reasons[code] ?? 'io', detail: code };
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
  ELOOP: 'link-loop',
  ENAMETOOLONG: 'path-too-long',
  ENXIO: 'not-a-file',
  ENODEV: 'not-a-file',
};

function trimSlash(path: Buffer): Buffer {
  const text = path.toString('latin1');
  return text.length > 1 && text.endsWith('/') ? path.subarray(0, -1) : path;
}

function nameOf(path: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(path);
  } catch {
    return path.toString('latin1').replace(/[\x80-\xff]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
  }
}
