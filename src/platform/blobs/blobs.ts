import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { belongsTo } from './owner.ts';
import { listBlobs, openShelves, removeBlob } from './places.ts';
import { type BlobRange, findBlob, openBlob } from './read.ts';
import { openScratch } from './scratch.ts';
import { makeKey } from './sealed.ts';
import { type StoredBlob, writeBlob } from './write.ts';

/** Content of any size by its SHA-256 (lower-case hex), on a file system. */
export interface Blobs {
  /**
   * Stores a stream; after it returns, the content outlives a loss of power. Refuses with `too-large` beyond `maxBytes` and with
   * `storage-full` on a full disk; then, and when the source fails, nothing of it is left.
   */
  put(source: AsyncIterable<Uint8Array>, limits: { maxBytes: number }): Promise<StoredBlob>;
  /**
   * The content, or the bytes `first` to `last` of it (both included, as in HTTP). Throws `blob-missing`, `blob-range`, `blob-key-missing`;
   * the stream fails with `blob-damaged` when the content is not what was stored. Ranges of unsealed blobs cannot be checked.
   */
  open(sha256: string, range?: BlobRange): Promise<Readable>;
  stat(sha256: string): Promise<{ bytes: number; sealed: boolean } | null>;
  /**
   * A file with the content, for programs that want a path: the blob itself, or a private decrypted copy that `release` deletes.
   * Only to be read.
   */
  materialise(sha256: string): Promise<{ path: string; release(): Promise<void> }>;
  /** False when there was none, or when it was (also) stored at that time or later. */
  remove(sha256: string, storedBefore?: Date): Promise<boolean>;
  /** Every blob, or every one that was not stored since; in no order. What comes and goes meanwhile may be missed. */
  list(storedBefore?: Date): AsyncIterable<string>;
  /** Whether this is the store of that owner. It belongs to the first who asks. */
  belongsTo(owner: string): Promise<boolean>;
  /** Deletes what killed processes left half-written or decrypted, never what a living one uses; returns how many files. */
  sweepTemporary(): number;
  close(): void;
}

/**
 * Opens the store; several processes may at once. With a `key` (32 bytes) everything new is sealed (sealed.ts); `olderKeys` still open what
 * they sealed. Blobs stored before there was a key stay readable.
 */
export function openBlobs(setup: { folder: string; key?: Uint8Array; olderKeys?: Uint8Array[] }): Blobs {
  const { folder } = setup;
  const key = setup.key ? makeKey(setup.key) : null;
  const keys = [...(key ? [key] : []), ...(setup.olderKeys ?? []).map(makeKey)];
  openShelves(folder);
  const scratch = openScratch(folder);

  return {
    put: (source, { maxBytes }) => writeBlob({ folder, scratch, key, source, maxBytes }),
    open: (sha256, range) => openBlob(folder, keys, sha256, range),
    async stat(sha256) {
      const found = await findBlob(folder, keys, sha256);
      return found && { bytes: found.bytes, sealed: found.sealed };
    },
    async materialise(sha256) {
      const found = await findBlob(folder, keys, sha256);
      if (found && !found.sealed) return { path: found.path, release: async () => {} };
      const copy = await scratch.newFile();
      try {
        await pipeline(await openBlob(folder, keys, sha256), copy.handle.createWriteStream());
        return { path: copy.path, release: copy.discard };
      } catch (error) {
        await copy.discard();
        throw scratch.explain(error);
      }
    },
    remove: (sha256, storedBefore) => removeBlob(folder, sha256, storedBefore),
    list: (storedBefore) => listBlobs(folder, storedBefore),
    belongsTo: (owner) => belongsTo(folder, scratch, owner),
    sweepTemporary: scratch.sweep,
    close: scratch.close,
  };
}
