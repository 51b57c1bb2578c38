import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { errorCode } from '../error-code.ts';
import { isAddress, placeOf } from './places.ts';
import { refuse } from './refusal.ts';
import { type BlobKey, beginUnsealing, chunkBytes, contentBytes, headerBytes, sealedChunkBytes } from './sealed.ts';

/** Both included. */
export interface BlobRange {
  first: number;
  last: number;
}

interface FoundBlob {
  path: string;
  bytes: number;
  sealed: boolean;
}

/** Where the blob lies and how long its content is. */
export async function findBlob(folder: string, keys: BlobKey[], sha256: string): Promise<FoundBlob | null> {
  if (!isAddress(sha256)) return null;
  // A kill between two steps of writing may leave both forms; take the one that can be read.
  for (const sealed of keys.length > 0 ? [true, false] : [false, true]) {
    const path = placeOf(folder, sha256, sealed);
    const size = await sizeOf(path);
    if (size !== null) return { path, sealed, bytes: sealed ? (contentBytes(size) ?? 0) : size };
  }
  return null;
}

export async function openBlob(folder: string, keys: BlobKey[], sha256: string, range?: BlobRange): Promise<Readable> {
  const found = await findBlob(folder, keys, sha256);
  if (!found) throw refuse('blob-missing', { sha256 });
  const handle = await open(found.path, 'r').catch((error: unknown) => {
    throw errorCode(error) === 'ENOENT' ? refuse('blob-missing', { sha256 }, error) : error;
  });
  try {
    const read = found.sealed ? await readSealed(handle, keys, sha256, range) : await readPlain(handle, sha256, range);
    return streamOf(handle, read);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The next piece of content, or null at its end. */
type ReadNext = () => Promise<Uint8Array | null>;

async function readPlain(handle: FileHandle, sha256: string, range: BlobRange | undefined): Promise<ReadNext> {
  const { size } = await handle.stat();
  const { from, until } = span(range, size);
  const hash = range ? null : createHash('sha256');
  let at = from;
  return async () => {
    if (at >= until) {
      if (hash && hash.digest('hex') !== sha256) throw refuse('blob-damaged', { sha256 });
      return null;
    }
    const piece = await readExactly(handle, at, Math.min(chunkBytes, until - at));
    if (!piece) throw refuse('blob-damaged', { sha256 });
    at += piece.length;
    hash?.update(piece);
    return piece;
  };
}

async function readSealed(
  handle: FileHandle,
  keys: BlobKey[],
  sha256: string,
  range: BlobRange | undefined,
): Promise<ReadNext> {
  const { size: fileBytes } = await handle.stat();
  const bytes = contentBytes(fileBytes);
  const header = await readExactly(handle, 0, headerBytes);
  if (bytes === null || !header) throw refuse('blob-damaged', { sha256 });
  const unsealing = beginUnsealing(keys, header, sha256, bytes);
  if (unsealing.state === 'damaged') throw refuse('blob-damaged', { sha256 });
  if (unsealing.state === 'key-missing') throw refuse('blob-key-missing', { sha256, key: unsealing.id });
  const { from, until } = span(range, bytes);
  const lastNumber = Math.max(0, Math.ceil(bytes / chunkBytes) - 1);
  let at = from;
  let ended = false;
  return async () => {
    if (ended) return null;
    const number = Math.min(Math.floor(at / chunkBytes), lastNumber);
    const place = headerBytes + number * sealedChunkBytes;
    const sealed = await readExactly(handle, place, Math.min(sealedChunkBytes, fileBytes - place));
    const chunk = sealed && unsealing.chunk(number, sealed, number === lastNumber);
    if (!chunk) throw refuse('blob-damaged', { sha256 });
    const piece = chunk.subarray(at - number * chunkBytes, until - number * chunkBytes);
    at += piece.length;
    ended = at >= until;
    return piece.length > 0 ? piece : null;
  };
}

function span(range: BlobRange | undefined, bytes: number): { from: number; until: number } {
  if (!range) return { from: 0, until: bytes };
  const { first, last } = range;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || first < 0 || last < first || last >= bytes) {
    throw refuse('blob-range', { first, last, bytes });
  }
  return { from: first, until: last + 1 };
}

/** Null when the file ends before. */
async function readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer | null> {
  const buffer = Buffer.alloc(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) return null;
    filled += bytesRead;
  }
  return buffer;
}

/** Owns the handle from here on, also when nobody ever reads. */
function streamOf(handle: FileHandle, next: ReadNext): Readable {
  return new Readable({
    highWaterMark: chunkBytes,
    read() {
      next().then(
        (piece) => this.push(piece),
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    destroy(error, done) {
      handle.close().then(
        () => done(error),
        (closing: Error) => done(error ?? closing),
      );
    },
  });
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
