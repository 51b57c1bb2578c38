import type { ByteSource } from '../media/bytes.ts';

/**
 * A Blob whose bytes stay in a ByteSource until they are asked for. c2pa-wasm walks it with `size`, `slice` and a
 * FileReaderSync, which only browser workers have; `withFileReaderSync` lends it one.
 */
export class SourceBlob extends Blob {
  override readonly size: number;
  readonly #source: ByteSource;
  readonly #from: number;

  constructor(source: ByteSource, from = 0, to = source.size) {
    super([]);
    this.size = to - from;
    this.#source = source;
    this.#from = from;
  }

  /**
   * At most `maxSliceBytes`, whatever is asked: the library asks for 256 MiB at once and takes a short read as such.
   * That halves its memory (1 GiB MP4: 1,210 MB resident without, 470 MB with).
   */
  override slice(start = 0, end = this.size): SourceBlob {
    const at = (position: number) => Math.min(this.size, Math.max(0, Math.trunc(position) || 0));
    const from = at(start);
    const to = Math.min(Math.max(from, at(end)), from + maxSliceBytes);
    return new SourceBlob(this.#source, this.#from + from, this.#from + to);
  }

  /** The bytes of this slice; zeros where the file has shrunk meanwhile, which no hash survives. */
  bytesNow(): ArrayBuffer {
    const bytes = new Uint8Array(this.size);
    let filled = 0;
    while (filled < bytes.length) {
      const part = this.#source.read(this.#from + filled, bytes.length - filled);
      if (part.length === 0) break;
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes.buffer;
  }
}

/** Runs `work` while `FileReaderSync` exists, reading only SourceBlobs. Calls may overlap. */
export async function withFileReaderSync<T>(work: () => Promise<T>): Promise<T> {
  if (lenders++ === 0) Reflect.set(globalThis, 'FileReaderSync', SourceBlobReader);
  try {
    return await work();
  } finally {
    if (--lenders === 0) Reflect.deleteProperty(globalThis, 'FileReaderSync');
  }
}

const maxSliceBytes = 2 * 1024 * 1024;
let lenders = 0;

class SourceBlobReader {
  readAsArrayBuffer(blob: unknown): ArrayBuffer {
    if (!(blob instanceof SourceBlob)) throw new TypeError('not a blob over a byte source');
    return blob.bytesNow();
  }
}
