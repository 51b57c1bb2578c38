import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { placeOf, removeFile, syncFolder } from './places.ts';
import { refuse } from './refusal.ts';
import type { Scratch } from './scratch.ts';
import { type BlobKey, beginSealing, chunkBytes, headerBytes } from './sealed.ts';

export interface StoredBlob {
  sha256: string;
  bytes: number;
}

export interface Writing {
  folder: string;
  scratch: Scratch;
  key: BlobKey | null;
  source: AsyncIterable<Uint8Array>;
  maxBytes: number;
}

/** Writes beside the shelves, then moves the finished file to its place: whoever finds a blob finds it whole. */
export async function writeBlob({ folder, scratch, key, source, maxBytes }: Writing): Promise<StoredBlob> {
  const draft = await scratch.newFile();
  try {
    const bounded = refuseBeyond(source, maxBytes);
    const stored = key ? await writeSealed(draft.handle, bounded, key) : await writePlain(draft.handle, bounded);
    await draft.handle.sync();
    const place = placeOf(folder, stored.sha256, key !== null);
    // Also over an equal blob: the newer copy is whole, the older one may have rotted or be sealed with an older key.
    await rename(draft.path, place);
    await syncFolder(dirname(place));
    await removeFile(placeOf(folder, stored.sha256, key === null));
    return stored;
  } catch (error) {
    throw scratch.explain(error);
  } finally {
    await draft.discard();
  }
}

async function* refuseBeyond(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const part of source) {
    bytes += part.length;
    if (bytes > maxBytes) {
      throw refuse('too-large', { reason: 'content', megabytes: Math.round(maxBytes / 100_000) / 10 });
    }
    yield part;
  }
}

async function writePlain(handle: FileHandle, source: AsyncIterable<Uint8Array>): Promise<StoredBlob> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of source) {
    hash.update(part);
    bytes += part.length;
    await writeAll(handle, [part]);
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function writeSealed(handle: FileHandle, source: AsyncIterable<Uint8Array>, key: BlobKey): Promise<StoredBlob> {
  const sealer = beginSealing(key);
  const hash = createHash('sha256');
  let bytes = 0;
  let number = 0;
  // Kept back while full: only the end of the source tells whether it is the last one.
  const chunk = Buffer.alloc(chunkBytes);
  let filled = 0;
  await writeAll(handle, [Buffer.alloc(headerBytes)]);
  for await (const part of source) {
    hash.update(part);
    bytes += part.length;
    for (let from = 0; from < part.length; ) {
      if (filled === chunkBytes) {
        await writeAll(handle, sealer.chunk(number++, chunk, false));
        filled = 0;
      }
      const piece = part.subarray(from, from + chunkBytes - filled);
      chunk.set(piece, filled);
      filled += piece.length;
      from += piece.length;
    }
  }
  await writeAll(handle, sealer.chunk(number, chunk.subarray(0, filled), true));
  const sha256 = hash.digest('hex');
  await handle.write(sealer.header(sha256, bytes), 0, headerBytes, 0);
  return { sha256, bytes };
}

/** `write` may write less than it was given. */
async function writeAll(handle: FileHandle, parts: Uint8Array[]): Promise<void> {
  for (const part of parts) {
    for (let from = 0; from < part.length; ) from += (await handle.write(part, from)).bytesWritten;
  }
}
