import { randomUUID } from 'node:crypto';
import { copyFileSync, ftruncateSync } from 'node:fs';
import { constants, type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Say } from '../../contract/words.ts';
import type { Piece } from '../../engine/labels/writing/pieces.ts';
import { failureCode } from '../../engine/media/bytes.ts';
import { refusal } from './refusals.ts';

/** A file that is not there yet: it has another name until everything about it has been checked, and vanishes if that fails. */
export interface NewFile {
  handle: FileHandle;
  bytes: number;
  /** Gives it its name. An existing file is replaced only when that was asked for. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

export interface NewFileOptions {
  path: string;
  /** What the pieces are cut from. */
  /** Null where every piece is bytes. */
  base: FileHandle | null;
  baseBytes: number;
  pieces: readonly Piece[];
  overwrite: boolean;
  say: Say;
}

/**
 * Writes a file from pieces into a hidden one beside it. Ranges of the base are checked here: the box that named them may have been
 * taken over. Throws a Problem, with nothing left behind, when the folder cannot be written or the disk is full.
 */
export async function writeNewFile(options: NewFileOptions): Promise<NewFile> {
  const { path, base, baseBytes, pieces, overwrite, say } = options;
  const hidden = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`);
  let handle: FileHandle | null = null;
  const discard = async () => {
    await handle?.close().catch(() => {});
    handle = null;
    // Where the folder is none, there is nothing to take away either.
    await rm(hidden, { force: true }).catch(() => {});
  };
  try {
    for (const piece of pieces) {
      if ('from' in piece && piece.from + piece.length > baseBytes) throw new RangeError('a piece beyond the file');
    }
    handle = await open(hidden, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o666);
    const bytes = await fill(handle, hidden, base, pieces);
    const written = handle;
    return {
      handle: written,
      bytes,
      discard,
      keep: async () => {
        try {
          if (overwrite) await rename(hidden, path);
          else await nameWithoutReplacing(hidden, path);
          await written.close();
        } catch (error) {
          await discard();
          throw notWritten(error, path, say);
        }
      },
    };
  } catch (error) {
    await discard();
    throw notWritten(error, path, say);
  }
}

/** A link fails where something has that name already, even something that came a moment ago. */
async function nameWithoutReplacing(hidden: string, path: string): Promise<void> {
  try {
    await link(hidden, path);
  } catch (error) {
    // File systems without hard links (FAT, some network shares): the moment between looking and naming is all that is lost.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(failureCode(error))) throw error;
    if (await lstat(path).catch(() => null)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
    await rename(hidden, path);
    return;
  }
  await rm(hidden, { force: true });
}

/** Throws where the output is the input, by whatever way it is named, or is there already and may not be replaced. */
export async function refuseToOverwrite(path: string, input: FileHandle, overwrite: boolean, say: Say): Promise<void> {
  const there = await lstat(path).catch(() => null);
  if (!there) return;
  const from = await input.stat();
  const target = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null);
  const info = await target?.stat();
  await target?.close();
  if (info && info.dev === from.dev && info.ino === from.ino) throw refusal(say, 'label-onto-itself', { path });
  if (there.isDirectory()) throw refusal(say, 'label-output-folder', { path });
  if (!overwrite) throw refusal(say, 'label-output-exists', { path });
}

async function fill(
  to: FileHandle,
  toPath: string,
  base: FileHandle | null,
  pieces: readonly Piece[],
): Promise<number> {
  const [first] = pieces;
  let at = 0;
  let rest = pieces;
  if (base && first && 'from' in first && first.from === 0 && first.length >= kernelCopyBytes) {
    // The kernel copies, or shares the blocks: most of a film with its index at the end stays where it is.
    copyFileSync(`/proc/self/fd/${base.fd}`, toPath, constants.COPYFILE_FICLONE);
    ftruncateSync(to.fd, first.length);
    at = first.length;
    rest = pieces.slice(1);
  }
  // Not four megabytes for each small picture: the collector would have more to do than we.
  const longest = Math.max(0, ...rest.slice(0, 1_000).map((piece) => ('from' in piece ? piece.length : 0)));
  const buffer = Buffer.allocUnsafe(Math.min(copyBytes, Math.max(longest, rest.length > 1_000 ? copyBytes : 0)));
  for (const piece of rest) {
    if ('bytes' in piece) {
      await writeFully(to, piece.bytes, at);
      at += piece.bytes.length;
      continue;
    }
    for (let done = 0; done < piece.length; ) {
      if (!base) throw new RangeError('a piece of no file');
      const { bytesRead } = await base.read(buffer, 0, Math.min(buffer.length, piece.length - done), piece.from + done);
      if (bytesRead === 0) throw new ShrunkInput();
      await writeFully(to, buffer.subarray(0, bytesRead), at);
      at += bytesRead;
      done += bytesRead;
    }
  }
  return at;
}

const copyBytes = 4 * 1024 * 1024;
const kernelCopyBytes = 16 * 1024 * 1024;

/** The input got shorter while it was copied. */
class ShrunkInput extends Error {}

async function writeFully(to: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await to.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

function notWritten(error: unknown, path: string, say: Say): Error {
  if (error instanceof ShrunkInput) return refusal(say, 'label-input-changed', {});
  const code = failureCode(error);
  if (code === 'EEXIST') return refusal(say, 'label-output-exists', { path });
  if (code === 'ENOSPC' || code === 'EDQUOT') return refusal(say, 'label-disk-full', { path });
  if (/^E[A-Z]+$/.test(code)) return refusal(say, 'label-output-unwritable', { path, detail: code }, error);
  return error instanceof Error ? error : new Error(String(error));
}
