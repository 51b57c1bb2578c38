import type { ByteSource } from '../../media/bytes.ts';
import { concat, latin1, u64le } from '../containers/integers.ts';
import type { Metadata, MetadataEntry } from '../metadata.ts';
import { blankedIn, carriersOf } from './carriers.ts';
import { LabelRefusal } from './change.ts';
import { ascii, le } from './numbers.ts';
import type { Edit } from './pieces.ts';
import { changePacket, paddedPacket } from './xmp-packet.ts';

/**
 * Edits that leave one label chunk, or none, in a Sony Wave64 file: GUIDs in place of four characters, sizes of 64 bits that count their
 * header, everything on 8 bytes (Sony Pictures Digital, Wave64 file format).
 */
export function wave64Edits(source: ByteSource, metadata: Metadata, aigc: string | null): Edit[] {
  const end = u64le(source.read(16, 8), 0);
  if (end > source.size || end < 40) throw new LabelRefusal('container-damaged', 'riff');
  const chunks = chunksOf(source, end);
  const edits = carriersOf(metadata).flatMap((carrier) => {
    const whole = chunks.find(({ start }) => carrier.isWhole && start === carrier.offset);
    return whole
      ? [{ at: whole.start, remove: whole.next - whole.start, insert: new Uint8Array(0) }]
      : blankedIn(source, carrier);
  });
  edits.push(
    ...metadata.entries.filter(({ kind }) => kind === 'xmp').flatMap((entry) => blankedPacket(source, entry.place)),
  );
  if (aigc !== null) {
    // Readers that guess the duration take everything from the samples to the end of the file for samples.
    const at = chunks.find(({ id }) => id === 'data')?.start;
    if (at === undefined) throw new LabelRefusal('container-damaged', 'data');
    edits.push({ at, remove: 0, insert: labelChunk(aigc) });
  }
  const growth = edits.reduce((sum, { remove, insert }) => sum + insert.length - remove, 0);
  return growth === 0 ? edits : [...edits, { at: 16, remove: 8, insert: le(end + growth, 8) }];
}

const headerBytes = 24;
const maxChunks = 100_000;

function chunksOf(source: ByteSource, end: number): { id: string; start: number; next: number }[] {
  const chunks: { id: string; start: number; next: number }[] = [];
  for (let at = 40; at + headerBytes <= end; ) {
    const head = source.read(at, headerBytes);
    const size = u64le(head, 16);
    const next = at + Math.ceil(size / 8) * 8;
    if (size < headerBytes || at + size > end) throw new LabelRefusal('container-damaged', `riff, offset ${at}`);
    if (chunks.length >= maxChunks) throw new LabelRefusal('container-too-large', 'riff');
    chunks.push({ id: latin1(head, 0, 4), start: at, next });
    at = next;
  }
  return chunks;
}

function labelChunk(aigc: string): Uint8Array {
  const text = ascii(aigc);
  const size = headerBytes + text.length;
  return concat([ascii(`AIGC${guidTail}`), le(size, 8), text, new Uint8Array((8 - (size % 8)) % 8)]);
}

const guidTail = '\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a';

/** XMP is nowhere promised a place here: a packet that somebody put in keeps its size. */
function blankedPacket(source: ByteSource, { offset = 0, length = 0, path }: MetadataEntry['place']): Edit[] {
  const start = offset + headerBytes;
  const before = source.read(start, length - headerBytes);
  const after = changePacket(before, { aigc: null }, path);
  if (after === before) return [];
  const insert = paddedPacket(after ?? new Uint8Array(0), before.length);
  if (insert.length > before.length) throw new LabelRefusal('no-room', path);
  return [{ at: start, remove: before.length, insert }];
}

/** Whether a file begins as Wave64 does. */
export function isWave64(source: ByteSource): boolean {
  return latin1(source.read(0, 4)) === 'riff';
}
