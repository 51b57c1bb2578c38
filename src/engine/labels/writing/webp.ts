import type { ByteSource } from '../../media/bytes.ts';
import { maxFieldBytes } from '../containers/collect.ts';
import { readExif } from '../containers/exif.ts';
import { latin1, startsWith, u32le } from '../containers/integers.ts';
import { readWebp } from '../containers/webp.ts';
import { type MetadataEntry, maxNodes } from '../metadata.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { blankedFields, blankedText, confirmedInXmp, readWhole, standingLabels } from './picture-labels.ts';
import { labelledPacket, strippedPacket } from './picture-packets.ts';
import type { Edit } from './pieces.ts';
import { trailerEdits } from './trailing-labels.ts';

/**
 * The label as `TC260:AIGC` in the `XMP ` chunk (practice guide TC260-PG-20259A). A picture in the simple format gets the extended
 * header that announces the chunk; all frames and other chunks stay. Source: RFC 9649 §2.4–2.7.
 */
export function writeWebp(source: ByteSource, change: LabelChange): Edit[] {
  const file = fileOf(source);
  const metadata = readWhole(readWebp(source));
  const packets = metadata.entries.filter(({ kind, place }) => kind === 'xmp' && place.location === 'webp.xmp');
  const main = packets.find(({ place }) => (place.offset ?? 0) < file.end) ?? packets[0];
  const others = packets
    .filter((entry) => entry !== main)
    .map((entry) => ({ entry, packet: strippedPacket(entry.value, change, entry.place.path) }));
  const packet = labelledPacket(main?.value ?? null, change, main?.place.path ?? 'XMP');
  const edits = [
    ...(packet === (main?.value ?? null) ? [] : mainPacketEdits(file, main, packet)),
    ...others.flatMap(({ entry, packet: rest }) =>
      rest === entry.value ? [] : [rewritten(chunkOf(file, entry), rest)],
    ),
    ...otherChunkEdits(source, file, metadata.entries, change),
  ];
  const isThere = packet !== null || others.some(({ packet: rest }) => rest !== null);
  const header = edits.length === 0 ? [] : extendedHeader(source, file, isThere);
  const sized = withSize(file, [...header, ...edits]);
  const all = [...sized, ...trailerEdits(source, metadata)];
  return confirmedInXmp(all, source, change, { format: 'webp', read: readWebp });
}

interface Chunk {
  id: string;
  /** Of the id; the data begin eight bytes on. */
  at: number;
  length: number;
  /** Behind the padding, as far as there is any. */
  end: number;
}

interface File {
  /** In the order of the file; those that stand behind the declared end, too, as the reader sees them. */
  chunks: Chunk[];
  /** Where the file ends by its own account. */
  end: number;
}

function fileOf(source: ByteSource): File {
  const header = source.read(0, 12);
  const end = 8 + u32le(header, 4);
  if (!startsWith(header, 'RIFF') || !startsWith(header, 'WEBP', 8) || end > source.size)
    throw new LabelRefusal('container-damaged', 'RIFF');
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= source.size; ) {
    const head = source.read(at, 8);
    const id = latin1(head, 0, 4);
    const length = u32le(head, 4);
    const isCut = at + 8 + length > source.size;
    if (!/^[A-Za-z0-9]{3}[A-Za-z0-9 ]$/.test(id) || (at >= end && isCut)) break;
    if (chunks.length >= maxNodes) throw new LabelRefusal('container-too-large', 'chunks');
    if (isCut || (at < end && at + 8 + length > end)) throw new LabelRefusal('container-damaged', `offset ${at}`);
    const next = at + 8 + length + (length % 2);
    chunks.push({ id, at, length, end: Math.min(next, at < end ? end : source.size) });
    at = next;
  }
  const last = chunks.findLast(({ at }) => at < end);
  if (!last || last.end < end) throw new LabelRefusal('container-damaged', `offset ${last?.end ?? 12}`);
  return { chunks, end };
}

function chunkOf(file: File, { place }: MetadataEntry): Chunk {
  const offset = place.offset ?? 0;
  const chunk = file.chunks.find(({ at, length }) => offset >= at + 8 && offset <= at + 8 + length);
  if (!chunk) throw new LabelRefusal('container-damaged', place.path);
  return chunk;
}

function rewritten(chunk: Chunk, text: string | Uint8Array | null): Edit {
  const insert = text === null ? new Uint8Array(0) : chunkBytes(chunk.id, text);
  return { at: chunk.at, remove: chunk.end - chunk.at, insert };
}

function chunkBytes(id: string, text: string | Uint8Array): Uint8Array {
  const data = Buffer.from(text);
  const whole = Buffer.alloc(8 + data.length + (data.length % 2));
  whole.write(id, 0, 'latin1');
  whole.writeUInt32LE(data.length, 4);
  data.copy(whole, 8);
  return whole;
}

/** RFC 9649 §2.7: metadata stand behind the picture data, XMP behind EXIF; nobody should need them in another order. */
function mainPacketEdits(file: File, main: MetadataEntry | undefined, packet: string | null): Edit[] {
  const old = main ? chunkOf(file, main) : null;
  if (old && old.at < file.end) return [rewritten({ ...old, id: 'XMP ' }, packet)];
  const gone = old ? [rewritten(old, null)] : [];
  if (packet === null) return gone;
  const before = file.chunks.findLast(({ id, at }) => at < file.end && (pictureData.has(id) || id === 'EXIF'));
  if (!before) throw new LabelRefusal('container-damaged', 'VP8');
  const isPadded = (before.end - before.at) % 2 === 0;
  const insert = Buffer.concat([new Uint8Array(isPadded ? 0 : 1), chunkBytes('XMP ', packet)]);
  return [...gone, { at: before.end, remove: 0, insert }];
}

const pictureData = new Set(['VP8 ', 'VP8L', 'ANMF']);
const knownChunks = new Set([...pictureData, 'VP8X', 'ALPH', 'ANIM', 'ICCP', 'EXIF', 'C2PA', 'JUMB']);

/** Labels in EXIF fields are blanked; unknown chunks that are nothing but a label go. */
function otherChunkEdits(
  source: ByteSource,
  file: File,
  entries: readonly MetadataEntry[],
  change: LabelChange,
): Edit[] {
  const inExif = file.chunks
    .filter(({ id }) => id === 'EXIF')
    .flatMap(({ at, length }) => {
      const exif = readWhole(readExif(source, at + 8, length, 'webp.exif'));
      return blankedFields(source, exif, change);
    });
  const labels = standingLabels({ entries: [...entries], findings: [] });
  const unknown = labels.filter(({ entry }) => entry.place.location === 'webp.other');
  const bare = unknown.map(({ entry }): Edit => {
    const chunk = chunkOf(file, entry);
    if (knownChunks.has(chunk.id)) throw new LabelRefusal('container-damaged', entry.place.path);
    const data = source.read(chunk.at + 8, Math.min(chunk.length, maxFieldBytes));
    const rest = blankedText(data, { key: chunk.id, place: entry.place });
    return rewritten(chunk, rest.every((byte) => byte === 0) ? null : rest);
  });
  return [...inExif, ...bare];
}

/** The changes with what the file's header has to say of them. Chunks behind its end do not count. */
function withSize(file: File, edits: readonly Edit[]): Edit[] {
  const inside = edits.filter(({ at, remove }) => at + remove <= file.end && (at < file.end || remove === 0));
  const growth = inside.reduce((sum, { remove, insert }) => sum + insert.length - remove, 0);
  const size = file.end - 8 + growth;
  // RFC 9649 §2.4: at most 2³² − 10.
  if (size > 0xffff_fff6) throw new LabelRefusal('no-room', 'RIFF');
  const field = Buffer.alloc(4);
  field.writeUInt32LE(size);
  return growth === 0 ? [...edits] : [{ at: 4, remove: 4, insert: field }, ...edits];
}

const hasAlpha = 0x10;
const hasExif = 0x08;
const hasXmp = 0x04;

/** The first chunk says what others there are; the simple format has none, and readers look no further. */
function extendedHeader(source: ByteSource, file: File, isThere: boolean): Edit[] {
  const first = file.chunks[0];
  if (first?.id === 'VP8X' && first.length >= 10) {
    const flags = source.read(first.at + 8, 1)[0] ?? 0;
    const wanted = isThere ? flags | hasXmp : flags & ~hasXmp;
    return wanted === flags ? [] : [{ at: first.at + 8, remove: 1, insert: new Uint8Array([wanted]) }];
  }
  const picture = first?.id === 'VP8 ' || first?.id === 'VP8L' ? first : null;
  if (!picture) throw new LabelRefusal('container-damaged', first?.id ?? 'VP8');
  if (!isThere) return [];
  const { width, height, alpha } = canvasOf(source, picture);
  const exif = file.chunks.some(({ id }) => id === 'EXIF') ? hasExif : 0;
  const body = Buffer.alloc(10);
  body.writeUInt8(hasXmp | exif | (alpha ? hasAlpha : 0), 0);
  body.writeUIntLE(width - 1, 4, 3);
  body.writeUIntLE(height - 1, 7, 3);
  return [{ at: picture.at, remove: 0, insert: chunkBytes('VP8X', body) }];
}

/** From the bitstream: RFC 6386 §9.1 for lossy pictures, RFC 9649 §3.4 for lossless ones. */
function canvasOf(source: ByteSource, { id, at }: Chunk): { width: number; height: number; alpha: boolean } {
  const data = source.read(at + 8, 10);
  const bytes = Buffer.from(data);
  if (id === 'VP8L') {
    if (bytes.length < 5 || bytes[0] !== 0x2f) throw new LabelRefusal('container-damaged', 'VP8L');
    const bits = bytes.readUInt32LE(1);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, alpha: ((bits >>> 28) & 1) === 1 };
  }
  const isKeyFrame = ((bytes[0] ?? 1) & 1) === 0;
  if (bytes.length < 10 || !isKeyFrame || !startsWith(data, '\x9d\x01\x2a', 3))
    throw new LabelRefusal('container-damaged', 'VP8');
  const [width, height] = [bytes.readUInt16LE(6) & 0x3fff, bytes.readUInt16LE(8) & 0x3fff];
  if (width === 0 || height === 0) throw new LabelRefusal('container-damaged', 'VP8');
  return { width, height, alpha: false };
}
