import { fstatSync, readSync } from 'node:fs';

/**
 * Random access to the bytes of one file, without holding the file.
 * `read` returns fewer bytes than asked at the end of the file and an empty array beyond it; it never throws for a range.
 */
export interface ByteSource {
  /** Size in bytes. */
  readonly size: number;
  /** At most `maxReadBytes` per call: lengths come from attackers. The result may alias memory; do not write to it. */
  read(offset: number, length: number): Uint8Array;
}

/** No single read may be larger, whatever a header declares. */
export const maxReadBytes = 64 * 1024 * 1024;

export function bufferSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    read: (offset, length) => {
      const [from, to] = clamp(offset, length, bytes.byteLength);
      return bytes.subarray(from, to);
    },
  };
}

/**
 * Reads an open file descriptor by position, in blocks of 64 KiB, remembering the last few blocks. Where the storage fails the
 * file ends, as far as readers can see; `onFailure` hears the code of the failure.
 */
export function descriptorSource(fd: number, onFailure: (code: string) => void = () => {}): ByteSource {
  const size = fstatSync(fd).size;
  const blocks = new Map<number, Uint8Array>();

  function block(index: number): Uint8Array {
    const known = blocks.get(index);
    if (known) return known;
    const fresh = readFully(fd, index * blockBytes, Math.min(blockBytes, size - index * blockBytes), onFailure);
    if (blocks.size >= keptBlocks) blocks.delete(blocks.keys().next().value as number);
    blocks.set(index, fresh);
    return fresh;
  }

  return {
    size,
    read: (offset, length) => {
      const [from, to] = clamp(offset, length, size);
      if (to === from) return new Uint8Array(0);
      const first = Math.floor(from / blockBytes);
      const last = Math.floor((to - 1) / blockBytes);
      if (first === last) return block(first).subarray(from - first * blockBytes, to - first * blockBytes);
      return readFully(fd, from, to - from, onFailure);
    },
  };
}

const blockBytes = 64 * 1024;
const keptBlocks = 16;

function clamp(offset: number, length: number, size: number): [number, number] {
  if (!(offset >= 0) || !(length > 0) || offset >= size) return [0, 0];
  const from = Math.floor(offset);
  return [from, Math.min(size, from + Math.min(Math.floor(length), maxReadBytes))];
}

/** A range of an open file, shorter where the file ends. Throws where the storage fails, unless `onFailure` is there to hear its code. */
export function readFully(
  fd: number,
  offset: number,
  length: number,
  onFailure?: (code: string) => void,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  try {
    while (filled < length) {
      const got = readSync(fd, bytes, filled, length - filled, offset + filled);
      // The file shrank while being read: what is left is what there is.
      if (got === 0) break;
      filled += got;
    }
  } catch (error) {
    if (!onFailure) throw error;
    onFailure(failureCode(error));
  }
  return bytes.subarray(0, filled);
}

/** `EIO` and the like. */
export function failureCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
