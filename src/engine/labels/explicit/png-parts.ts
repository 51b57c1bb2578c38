/** A chunk with its length, name, data and CRC (PNG specification, third edition, 5.3). */
interface Chunk {
  name: string;
  bytes: Uint8Array;
}

/** Chunks in order; null when it is no PNG or a length points outside. */
export function readPngChunks(file: Uint8Array): Chunk[] | null {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (file.length < 20 || view.getUint32(0) !== 0x89504e47) return null;
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > file.length) return null;
    const name = Buffer.from(file.subarray(at + 4, at + 8)).toString('latin1');
    chunks.push({ name, bytes: file.subarray(at, end) });
    at = end;
    if (name === 'IEND') return chunks;
  }
  return null;
}

/** Chunks that describe how pixels were stored, or an animation: they do not fit the new pixels. `caBX` is a signed manifest. */
const stale = new Set(['tRNS', 'bKGD', 'hIST', 'sBIT', 'sPLT', 'caBX', 'acTL', 'fcTL', 'fdAT']);

/** The picture of `encoded` with every ancillary chunk of the original that is still true, byte by byte, before and after the pixels. */
export function withChunksOf(original: readonly Chunk[], encoded: readonly Chunk[]): Uint8Array {
  const first = original.findIndex(({ name }) => name === 'IDAT');
  const kept = original.map((chunk, index) => ({ chunk, before: index < first }));
  const keep = (before: boolean) =>
    kept
      .filter((entry) => entry.before === before && isAncillary(entry.chunk.name) && !stale.has(entry.chunk.name))
      .map(({ chunk }) => chunk.bytes);
  const pixels = encoded.filter(({ name }) => !isAncillary(name) || name === 'tRNS');
  const [header, ...rest] = pixels.map(({ bytes }) => bytes);
  const end = rest.pop();
  if (!header || !end) throw new Error('the encoder wrote no PNG');
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), header, ...keep(true), ...rest, ...keep(false), end]);
}

function isAncillary(name: string): boolean {
  return name.charCodeAt(0) >= 0x61;
}
