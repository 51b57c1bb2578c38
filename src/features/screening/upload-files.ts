import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Problem } from '../../contract/problem.ts';

/** Where the bytes of unfinished uploads lie: one file each, under the id of the upload. Its length is how far the upload has come. */
export interface UploadFiles {
  /** Null when there is none. */
  received(id: string): Promise<number | null>;
  /**
   * Appends at `offset` and returns the new length; what was received outlives a loss of power, also of a stream that breaks off.
   * With a checksum it is all or nothing: throws `checksum-differs`.
   */
  append(id: string, offset: number, source: AsyncIterable<Uint8Array>, checksum: Checksum | null): Promise<number>;
  read(id: string): Readable;
  remove(id: string): Promise<void>;
  list(): Promise<string[]>;
}

export interface Checksum {
  algorithm: 'sha1' | 'sha256';
  /** Base64. */
  value: string;
}

export function openUploadFiles(folder: string): UploadFiles {
  const made = mkdir(folder, { recursive: true, mode: 0o700 });
  // Ids are checked to be UUIDs before they come here; nothing a sender chooses becomes a path.
  const place = (id: string) => join(folder, id);
  return {
    received: (id) =>
      stat(place(id)).then(
        ({ size }) => size,
        () => null,
      ),
    async append(id, offset, source, checksum) {
      await made;
      const handle = await open(place(id), constants.O_RDWR | constants.O_CREAT, 0o600).catch((error: unknown) => {
        throw explain(error);
      });
      const hash = checksum && createHash(checksum.algorithm);
      let at = offset;
      let whole = false;
      try {
        for await (const piece of source) {
          hash?.update(piece);
          for (let from = 0; from < piece.length; ) {
            const { bytesWritten } = await handle.write(piece, from, piece.length - from, at);
            from += bytesWritten;
            at += bytesWritten;
          }
        }
        whole = !checksum || hash?.digest('base64') === checksum.value;
        if (!whole) throw new Problem('checksum-differs', 'The bytes are not those of the checksum.', { status: 460 });
        return at;
      } catch (error) {
        throw explain(error);
      } finally {
        // A piece that cannot be checked was never received (tus 1.0.0, checksum).
        if (checksum && !whole) await handle.truncate(offset);
        await handle.sync();
        await handle.close();
      }
    },
    read: (id) => createReadStream(place(id), { highWaterMark: 1024 * 1024 }),
    remove: (id) => rm(place(id), { force: true }),
    async list() {
      await made;
      return readdir(folder);
    },
  };
}

function explain(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Problem('storage-full', 'There is no room left to store this file.', { status: 507, cause: error });
  }
  if (code === 'ENOENT')
    return new Problem('upload-unknown', 'There is no such upload.', { status: 404, cause: error });
  return error;
}
