import type { ByteSource } from '../media/bytes.ts';

/**
 * Whether a file consists of so many parts that the library, whose time grows with their square, would be busy for minutes:
 * boxes side by side in an ISO base media file, streams without an end in a PDF. Honest files stay far below; 20,000 boxes take
 * it about two seconds.
 */
export function isCrowded(source: ByteSource, container: string): boolean {
  if (container === 'bmff' || container === 'heif') return hasCrowdOfBoxes(source);
  return container === 'pdf' && hasCrowdOfOpenStreams(source);
}

const maxSiblings = 20_000;
const maxBoxes = 100_000;
const maxDepth = 32;
const maxOpenStreams = 1_000;
/** Boxes that the library looks into. */
const containers = new Set([
  'moov',
  'trak',
  'mdia',
  'minf',
  'stbl',
  'dinf',
  'edts',
  'udta',
  'mvex',
  'moof',
  'traf',
  'mfra',
  'meta',
  'schi',
  'sinf',
  'iinf',
  'iprp',
  'ipco',
]);

function hasCrowdOfBoxes(source: ByteSource): boolean {
  let boxes = 0;
  const waiting = [{ from: 0, to: source.size, depth: 0 }];
  for (let parent = waiting.pop(); parent; parent = waiting.pop()) {
    let siblings = 0;
    for (let at = parent.from; at + 8 <= parent.to; ) {
      siblings += 1;
      boxes += 1;
      if (siblings > maxSiblings || boxes > maxBoxes) return true;
      const header = source.read(at, 16);
      if (header.length < 8) break;
      const view = new DataView(header.buffer, header.byteOffset, header.length);
      const declared = view.getUint32(0);
      const isLong = declared === 1 && header.length === 16;
      const size = declared === 0 ? parent.to - at : isLong ? Number(view.getBigUint64(8)) : declared;
      const head = isLong ? 16 : 8;
      if (size < head) break;
      const type = String.fromCharCode(...header.subarray(4, 8));
      const to = Math.min(parent.to, at + size);
      // `meta` is a full box in MP4 and a plain one in QuickTime.
      const skip = type === 'meta' ? fullBoxBytes(source, at + head) : 0;
      if (containers.has(type) && parent.depth < maxDepth)
        waiting.push({ from: at + head + skip, to, depth: parent.depth + 1 });
      at += size;
    }
  }
  return false;
}

function fullBoxBytes(source: ByteSource, at: number): number {
  return source.read(at, 4).every((byte) => byte === 0) ? 4 : 0;
}

/** The library looks for the end of every stream to the end of the file. */
function hasCrowdOfOpenStreams(source: ByteSource): boolean {
  const bytes = source.read(0, source.size);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let open = 0;
  for (let at = text.indexOf('stream'); at >= 0; at = text.indexOf('stream', at + 6)) {
    open += text.subarray(Math.max(0, at - 3), at).toString('latin1') === 'end' ? -1 : 1;
    if (open > maxOpenStreams) return true;
  }
  return false;
}
