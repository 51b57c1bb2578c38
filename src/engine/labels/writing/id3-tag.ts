import { crc32 } from 'node:zlib';
import { id3v2Bytes } from '../../media/audio-frames.ts';
import { type ByteSource, bufferSource } from '../../media/bytes.ts';
import { frameId, frameSize, syncsafe } from '../containers/id3.ts';
import { concat, u16be, u32be } from '../containers/integers.ts';
import { maxNodes } from '../metadata.ts';
import { LabelRefusal } from './change.ts';
import { type Edit, pieceSource, piecesOf } from './pieces.ts';

/** One ID3v2 tag, its frames as they stand. Offsets of frames and padding count in `body`. */
export interface Id3Tag {
  /** Offset of the header in the file, and behind body or footer. */
  start: number;
  end: number;
  version: 2 | 3 | 4;
  flags: number;
  path: string;
  /** The file itself; a copy with unsynchronisation undone where the whole tag was changed (before 2.4). */
  body: ByteSource;
  /** Offset in the file of an offset in `body`. */
  toFile(at: number): number;
  framesStart: number;
  frames: Id3Frame[];
  /** Behind the last frame: here padding begins. */
  framesEnd: number;
  bodyEnd: number;
  extended: { at: number; bytes: Uint8Array } | null;
}

export interface Id3Frame {
  /** By its name since 2.3. */
  id: string;
  flags: number;
  start: number;
  bodyStart: number;
  end: number;
  path: string;
}

/** Throws a LabelRefusal for a tag whose frames cannot be told apart, or of a kind that nobody writes. */
export function parseTag(source: ByteSource, start: number, limit: number, path: string): Id3Tag {
  const header = source.read(start, 10);
  const end = start + id3v2Bytes(header, 0);
  const version = header[3];
  const flags = header[5] ?? 0;
  if (end === start || end > limit || (version !== 2 && version !== 3 && version !== 4))
    throw new LabelRefusal('container-damaged', path);
  // ID3v2.2 knows a compression bit but no compression: such a tag is to be ignored.
  if (version === 2 && (flags & 0x40) !== 0) throw new LabelRefusal('container-variant', path);
  const bodyStart = start + 10;
  const size = syncsafe(header, 6);
  const isWholeUnsynchronised = version < 4 && (flags & 0x80) !== 0;
  const view = isWholeUnsynchronised ? resynchronised(source, bodyStart, size, path) : plain(source, bodyStart + size);
  const extended = version > 2 && (flags & 0x40) !== 0 ? extendedHeader(view, version, path) : null;
  // Its numbers may hold what must be changed back and forth: nobody writes both.
  if (extended && isWholeUnsynchronised) throw new LabelRefusal('container-variant', `${path}/extended header`);
  const framesStart = isWholeUnsynchronised ? 0 : bodyStart + (extended?.bytes.length ?? 0);
  const { frames, framesEnd } = listFrames(view.body, version, framesStart, view.bodyEnd, path);
  return { start, end, version, flags, path, ...view, framesStart, frames, framesEnd, extended };

  function extendedHeader(bodyView: View, tagVersion: number, tagPath: string): { at: number; bytes: Uint8Array } {
    const head = bodyView.body.read(bodyStart, 4);
    const length = tagVersion === 4 ? Math.max(6, syncsafe(head, 0)) : 4 + u32be(head, 0);
    if (length > maxExtendedBytes || bodyStart + length > bodyView.bodyEnd)
      throw new LabelRefusal('container-damaged', `${tagPath}/extended header`);
    return { at: bodyStart, bytes: bodyView.body.read(bodyStart, length) };
  }
}

const maxExtendedBytes = 64;
/** Such a tag must be held in memory; 2.4 no longer has them. */
const maxUnsynchronisedBytes = 32 * 1024 * 1024;

interface View {
  body: ByteSource;
  bodyEnd: number;
  toFile(at: number): number;
}

function plain(source: ByteSource, bodyEnd: number): View {
  return { body: source, bodyEnd, toFile: (at) => at };
}

/** Undoes unsynchronisation of the whole tag and remembers behind which bytes a zero was left out. */
function resynchronised(source: ByteSource, at: number, size: number, path: string): View {
  if (size > maxUnsynchronisedBytes) throw new LabelRefusal('container-too-large', path);
  const raw = source.read(at, size);
  const out = new Uint8Array(raw.length);
  const stuffed = new Uint32Array(countStuffed(raw));
  let length = 0;
  let count = 0;
  for (let from = 0; from < raw.length; from += 1) {
    const byte = raw[from] ?? 0;
    out[length] = byte;
    length += 1;
    if (byte === 0xff && raw[from + 1] === 0) {
      from += 1;
      stuffed[count] = length;
      count += 1;
    }
  }
  /** A zero belongs to the byte before it, so it counts for every offset from there on. */
  function toFile(offset: number): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((stuffed[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return at + offset + low;
  }
  return { body: bufferSource(out.subarray(0, length)), bodyEnd: length, toFile };
}

function countStuffed(raw: Uint8Array): number {
  let count = 0;
  for (let at = raw.indexOf(0xff); at >= 0; at = raw.indexOf(0xff, at + 1)) if (raw[at + 1] === 0) count += 1;
  return count;
}

function listFrames(
  body: ByteSource,
  version: 2 | 3 | 4,
  framesStart: number,
  bodyEnd: number,
  path: string,
): { frames: Id3Frame[]; framesEnd: number } {
  const headerBytes = version === 2 ? 6 : 10;
  const frames: Id3Frame[] = [];
  const seen = new Map<string, number>();
  let at = framesStart;
  while (at + headerBytes <= bodyEnd) {
    const head = body.read(at, headerBytes);
    if (head[0] === 0) break;
    const id = frameId(head, version);
    if (id === null) throw new LabelRefusal('container-damaged', path);
    const end = at + headerBytes + frameSize({ source: body, version }, head, at, bodyEnd);
    const number = (seen.get(id) ?? 0) + 1;
    seen.set(id, number);
    const framePath = `${path}/${id}${number > 1 ? `[${number}]` : ''}`;
    if (end > bodyEnd) throw new LabelRefusal('container-damaged', framePath);
    if (frames.length >= maxNodes) throw new LabelRefusal('container-too-large', path);
    const flags = version === 2 ? 0 : u16be(head, 8);
    frames.push({ id, flags, start: at, bodyStart: at + headerBytes, end, path: framePath });
    at = end;
  }
  return { frames, framesEnd: at };
}

/** A whole frame without flags. `id` by its name since 2.3. */
export function frameBytes(version: 2 | 3 | 4, id: string, body: Uint8Array): Uint8Array {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(version === 4 ? toSyncsafe(body.length, id) : body.length);
  if (version === 2) return concat([Buffer.from(id === 'TXXX' ? 'TXX' : id), size.subarray(1), body]);
  return concat([Buffer.from(id), size, new Uint8Array(2), body]);
}

/** A new tag of version 2.3, which every player reads, with room for later changes. */
export function newTag(frames: Uint8Array): Uint8Array {
  const header = Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1');
  header.writeUInt32BE(toSyncsafe(frames.length + spareBytes, 'ID3v2'), 6);
  return concat([header, frames, new Uint8Array(spareBytes)]);
}

const spareBytes = 1024;

/**
 * Edits that put `added` before the frames of a tag and give frames of `changed` their new bytes (null takes them out). Padding takes
 * up the difference where it can, so that the sound stays in its place; a tag left without any frame goes as a whole.
 */
export function rewriteTag(
  source: ByteSource,
  tag: Id3Tag,
  changed: ReadonlyMap<Id3Frame, Uint8Array | null>,
  added: Uint8Array,
): Edit[] {
  if (changed.size === 0 && added.length === 0) return [];
  const isEmptied = added.length === 0 && tag.frames.every((frame) => changed.get(frame) === null);
  if (isEmptied) return [{ at: tag.start, remove: tag.end - tag.start, insert: new Uint8Array(0) }];

  const edits: Edit[] = [{ at: tag.toFile(tag.framesStart), remove: 0, insert: added }];
  let growth = added.length;
  for (const [frame, bytes] of changed) {
    const at = tag.toFile(frame.start);
    const remove = tag.toFile(frame.end) - at;
    edits.push({ at, remove, insert: bytes ?? new Uint8Array(0) });
    growth += (bytes?.length ?? 0) - remove;
  }
  const padding = paddingEdit(source, tag, growth);
  edits.push(...padding.edits, ...sizeEdits(source, tag, growth + padding.growth));
  if (tag.extended) edits.push(...extendedEdits(source, tag, tag.extended, edits, padding.growth));
  return edits;
}

/** Zeros taken from the beginning of the padding, or put there. A tag with a footer has none (ID3v2.4.0 structure 3.3). */
function paddingEdit(source: ByteSource, tag: Id3Tag, growth: number): { edits: Edit[]; growth: number } {
  const none = new Uint8Array(0);
  if (growth === 0 || hasFooter(tag)) return { edits: [], growth: 0 };
  const at = tag.toFile(tag.framesEnd);
  if (growth < 0) return { edits: [{ at, remove: 0, insert: new Uint8Array(-growth) }], growth: -growth };
  const bytes = source.read(at, Math.min(tag.end - at, Math.max(growth, spareBytes)));
  const firstOther = bytes.findIndex((byte) => byte !== 0);
  const zeros = firstOther < 0 ? bytes.length : firstOther;
  if (zeros >= growth) return { edits: [{ at, remove: growth, insert: none }], growth: -growth };
  const spare = Math.max(0, spareBytes - zeros);
  return { edits: [{ at, remove: 0, insert: new Uint8Array(spare) }], growth: spare };
}

function hasFooter(tag: Id3Tag): boolean {
  return tag.version === 4 && (tag.flags & 0x10) !== 0;
}

/** The footer repeats the size of the header. */
function sizeEdits(source: ByteSource, tag: Id3Tag, growth: number): Edit[] {
  if (growth === 0) return [];
  const size = Buffer.alloc(4);
  size.writeUInt32BE(toSyncsafe(syncsafe(source.read(tag.start + 6, 4), 0) + growth, tag.path));
  const header = { at: tag.start + 6, remove: 4, insert: size };
  return hasFooter(tag) ? [header, { at: tag.end - 4, remove: 4, insert: size }] : [header];
}

/** Size of the padding and checksum, where the extended header has them (ID3v2.3.0 3.2, ID3v2.4.0 structure 3.2). */
function extendedEdits(
  source: ByteSource,
  tag: Id3Tag,
  extended: { at: number; bytes: Uint8Array },
  edits: readonly Edit[],
  paddingGrowth: number,
): Edit[] {
  const after = pieceSource(source, piecesOf(source.size, edits));
  const bodyEnd = tag.start + 10 + syncsafe(after.read(tag.start + 6, 4), 0);
  const padding = Math.max(0, tag.bodyEnd - tag.framesEnd + paddingGrowth);
  const { at, bytes } = extended;
  const checksum = Buffer.alloc(5);
  if (tag.version === 3) {
    checksum.writeUInt32BE(padding, 0);
    const sizes = { at: at + 6, remove: 4, insert: checksum.subarray(0, 4) };
    if ((u16be(bytes, 4) & 0x8000) === 0 || bytes.length < 14) return [sizes];
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(checksumOf(after, tag.framesStart, bodyEnd - padding));
    return [sizes, { at: at + 10, remove: 4, insert: sum }];
  }
  const flags = bytes[5] ?? 0;
  if ((flags & 0x20) === 0) return [];
  // Each flag brings its data with a length in front; the update flag comes first and has none.
  const dataAt = (flags & 0x40) === 0 ? 7 : 8;
  if (bytes[dataAt - 1] !== 5 || bytes.length < dataAt + 5)
    throw new LabelRefusal('container-damaged', `${tag.path}/extended header`);
  const sum = checksumOf(after, tag.framesStart, bodyEnd);
  for (let index = 4, rest = sum; index >= 0; index -= 1) {
    checksum[index] = rest % 128;
    rest = Math.floor(rest / 128);
  }
  return [{ at: at + dataAt, remove: 5, insert: checksum }];
}

function checksumOf(source: ByteSource, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += checksumStep) sum = crc32(source.read(at, Math.min(checksumStep, to - at)), sum);
  return sum;
}

const checksumStep = 1024 * 1024;

function toSyncsafe(value: number, where: string): number {
  if (value >= 2 ** 28) throw new LabelRefusal('no-room', where);
  return ((value & 0xfe00000) << 3) | ((value & 0x1fc000) << 2) | ((value & 0x3f80) << 1) | (value & 0x7f);
}
