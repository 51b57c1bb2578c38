import type { ByteSource } from '../../media/bytes.ts';
import { concat, latin1, u32le } from '../containers/integers.ts';
import { readAvi } from '../containers/riff.ts';
import { blankedIn, type Carrier, carriersOf, disjoint } from './carriers.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { ascii, le } from './numbers.ts';
import { confirmed } from './old-labels.ts';
import type { Edit } from './pieces.ts';
import { type Chunk, childrenOf, chunk, chunksIn, maxChunkBytes, withoutId3Labels } from './riff-chunks.ts';
import { changePacket, paddedPacket } from './xmp-packet.ts';

/**
 * The label as chunk `AIGC` of a `LIST INFO` (practice guide TC260-PG-20257A), the source type in an XMP packet in chunk `_PMX` (XMP
 * specification part 3, 2.3.2).
 *
 * Pictures and sound never move, so neither `idx1` nor the absolute offsets of OpenDML indexes need a change: what is new takes
 * the place of `JUNK` before the pictures, else it stands behind everything else in the last RIFF chunk.
 * Sources: RIFF (Microsoft, 1991), OpenDML AVI File Format Extensions 1.02.
 */
export function writeAvi(source: ByteSource, change: LabelChange): Edit[] {
  const file = open(source);
  const metadata = readAvi(source);
  const carriers = carriersOf(metadata);
  editInfo(file, carriers, change.aigc);
  for (const carrier of carriers) if (!file.done.has(carrier)) editCarrier(file, carrier);
  for (const id3 of [...file.chunks, ...file.tail].filter(({ id }) => /^id3 $/i.test(id))) editId3(file, id3);
  editPackets(file, change);
  return confirmed(disjoint([...file.edits, ...junkEdits(file), ...appendedEdits(file)]), source, change, {
    format: 'avi',
    read: readAvi,
  });
}

/** Filling between chunks, from which others take. */
interface Junk {
  chunk: Chunk;
  /** Bytes that are left for the `JUNK` chunk itself; it is gone at 0. */
  left: number;
  taken: Uint8Array[];
}

interface File {
  source: ByteSource;
  /** All RIFF chunks: the first is the film, others continue it (OpenDML). */
  riffs: Chunk[];
  /** Chunks of the first one. */
  chunks: Chunk[];
  /** Chunks that some programs append without counting them. */
  tail: Chunk[];
  junks: Junk[];
  edits: Edit[];
  appended: Uint8Array[];
  /** Bytes that go at the end of the last RIFF chunk. */
  cutAtEnd: number;
  done: Set<Carrier>;
}

function open(source: ByteSource): File {
  const head = source.read(0, 12);
  if (latin1(head, 0, 4) !== 'RIFF' || latin1(head, 8, 12) !== 'AVI ')
    throw new LabelRefusal('container-damaged', 'RIFF');
  const declared = u32le(head, 4);
  // Recorders that could not seek back leave these.
  if (declared === 0 || declared === 0xffffffff) throw new LabelRefusal('container-variant', 'RIFF');
  if (declared < 4 || 8 + declared > source.size) throw new LabelRefusal('container-damaged', 'RIFF');
  const riffs = riffsOf(source);
  const [first] = riffs;
  if (!first) throw new LabelRefusal('container-damaged', 'RIFF');
  const chunks = childrenOf(source, first, 'little');
  const movie = chunks.find(({ id, type }) => id === 'LIST' && type === 'movi');
  if (!movie) throw new LabelRefusal('container-damaged', 'movi');
  const junks = chunks
    .filter(({ id }) => id === 'JUNK')
    .map((each) => ({ chunk: each, left: each.next - each.start, taken: [] }));
  return {
    source,
    riffs,
    chunks,
    tail: tailOf(source, riffs),
    junks,
    edits: [],
    appended: [],
    cutAtEnd: 0,
    done: new Set(),
  };
}

function riffsOf(source: ByteSource): Chunk[] {
  const riffs: Chunk[] = [];
  for (let at = 0; latin1(source.read(at, 4)) === 'RIFF'; at = riffs.at(-1)?.next ?? source.size) {
    const end = at + 8 + u32le(source.read(at + 4, 4), 0);
    if (end > source.size) throw new LabelRefusal('container-damaged', 'RIFF');
    if (riffs.length >= maxRiffs) throw new LabelRefusal('container-too-large', 'RIFF');
    riffs.push(...chunksIn(source, { start: at, end, where: 'RIFF', order: 'little' }).slice(0, 1));
  }
  return riffs;
}

function tailOf(source: ByteSource, riffs: readonly Chunk[]): Chunk[] {
  const start = riffs.at(-1)?.next ?? source.size;
  try {
    return chunksIn(source, { start, end: source.size, where: 'file', order: 'little' });
  } catch (error) {
    // Anything may stand behind the end of a file.
    if (error instanceof LabelRefusal) return [];
    throw error;
  }
}

/** One every gigabyte or two. */
const maxRiffs = 10_000;

/** The first list of the film's descriptions loses its labels and gets the new one. */
function editInfo(file: File, carriers: readonly Carrier[], aigc: string | null): void {
  const movie = file.chunks.findIndex(({ type }) => type === 'movi');
  const info = file.chunks.slice(0, movie).find(({ id, type }) => id === 'LIST' && type === 'INFO');
  const label = aigc === null ? null : chunk('AIGC', ascii(aigc));
  if (!info) {
    if (label) place(file, infoList([label]));
    return;
  }
  if (info.end - info.start > maxChunkBytes) throw new LabelRefusal('container-too-large', 'INFO');
  const children = childrenOf(file.source, info, 'little');
  const ours = carriers.filter(({ offset, isWhole }) => isWhole && children.some(({ start }) => start === offset));
  for (const carrier of ours) file.done.add(carrier);
  const kept = children
    .filter(({ start }) => !ours.some(({ offset }) => offset === start))
    .map((child) => even(file.source.read(child.start, child.end - child.start)));
  const isEmptied = kept.length === 0 && ours.length > 0;
  if (label && resize(file, info, infoList([...kept, label]))) return;
  if (ours.length > 0 && !resize(file, info, isEmptied ? null : infoList(kept))) {
    throw new LabelRefusal('no-room', 'INFO');
  }
  if (label) place(file, infoList([label]));
}

function infoList(children: readonly Uint8Array[]): Uint8Array {
  return chunk('LIST', concat([ascii('INFO'), ...children]));
}

function even(bytes: Uint8Array): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : concat([bytes, new Uint8Array(1)]);
}

/** Other bytes in the place of a chunk, with more or less junk behind it, so that nothing moves; false where that cannot be done. */
function resize(file: File, each: Chunk, bytes: Uint8Array | null): boolean {
  const span = each.next - each.start;
  const insert = bytes ?? new Uint8Array(0);
  const growth = insert.length - span;
  const junk = file.junks.find(({ chunk }) => chunk.start === each.next);
  if (junk && isPossible(junk.left - growth)) {
    junk.left -= growth;
    file.edits.push({ at: each.start, remove: span, insert });
    return true;
  }
  if (!isPossible(-growth)) return false;
  file.edits.push({ at: each.start, remove: span, insert: concat([insert, junkChunk(-growth)]) });
  return true;
}

/** Lengths that junk can have. */
function isPossible(length: number): boolean {
  return length === 0 || length >= 8;
}

function junkChunk(length: number): Uint8Array {
  return length === 0 ? new Uint8Array(0) : chunk('JUNK', new Uint8Array(length - 8));
}

/** A new chunk, in the first junk that it fits into: that is before the pictures if it can. */
function place(file: File, bytes: Uint8Array): void {
  const junk = file.junks.find(({ left }) => isPossible(left - bytes.length));
  if (!junk) {
    // Descriptions stay last, where a later change can take them away again.
    file.appended.unshift(bytes);
    return;
  }
  junk.left -= bytes.length;
  junk.taken.push(bytes);
}

function junkEdits(file: File): Edit[] {
  return file.junks.flatMap(({ chunk: { start, next }, left, taken }) => {
    if (left === next - start) return [];
    return [{ at: start, remove: next - start, insert: concat([...taken, junkChunk(left)]) }];
  });
}

/** At the end of the last RIFF chunk: behind it is nothing that an offset could point at. */
function appendedEdits({ source, riffs, appended, cutAtEnd }: File): Edit[] {
  const last = riffs.at(-1);
  if (!last || (appended.length === 0 && cutAtEnd === 0)) return [];
  const isOdd = (last.end - cutAtEnd - last.start) % 2 === 1;
  const insert = concat([new Uint8Array(isOdd && appended.length > 0 ? 1 : 0), ...appended]);
  const size = last.end - last.bodyStart - cutAtEnd + insert.length;
  if (size >= 0xffffffff || last.end > source.size) throw new LabelRefusal('no-room', 'RIFF');
  return [
    { at: last.start + 4, remove: 4, insert: le(size, 4) },
    { at: last.end - cutAtEnd, remove: cutAtEnd, insert },
  ];
}

/** A label anywhere else becomes junk; a label inside of something else becomes blanks. */
function editCarrier(file: File, carrier: Carrier): void {
  const { source } = file;
  if (carrier.location === 'avi.id3') return;
  // Fields of a `bext` chunk are no chunks.
  if (!carrier.isWhole || carrier.location === 'avi.bext') {
    file.edits.push(...blankedIn(source, carrier));
    return;
  }
  const list = ownList(file, carrier);
  const last = file.riffs.at(-1);
  if (list && list.next === last?.end) {
    file.cutAtEnd = list.next - list.start;
    return;
  }
  if (list && resize(file, list, null)) return;
  if (carrier.length < 8 || carrier.length > maxChunkBytes)
    throw new LabelRefusal('container-too-large', carrier.where);
  const size = source.read(carrier.offset + 4, 4);
  const insert = concat([ascii('JUNK'), size, new Uint8Array(carrier.length - 8)]);
  file.edits.push({ at: carrier.offset, remove: carrier.length, insert });
}

/** The list that an earlier change put somewhere, when nothing but the label is in it. */
function ownList(file: File, { offset }: Carrier): Chunk | null {
  const last = file.riffs.at(-1);
  const inLast = last && last !== file.riffs[0] ? childrenOf(file.source, last, 'little') : [];
  const list = [...file.chunks, ...inLast].find(({ start, end }) => offset > start && offset < end);
  if (list?.type !== 'INFO') return null;
  const children = childrenOf(file.source, list, 'little');
  return children.length === 1 && children[0]?.start === offset ? list : null;
}

function editId3(file: File, id3: Chunk): void {
  const body = withoutId3Labels(file.source, id3);
  if (!body) return;
  const length = id3.end - id3.bodyStart;
  if (body.length > length) throw new LabelRefusal('no-room', 'id3');
  // Zeros behind a tag are nothing.
  file.edits.push({ at: id3.bodyStart, remove: length, insert: concat([body, new Uint8Array(length - body.length)]) });
}

/** Packets without labels; the first of them keeps the source type, in another place if it has to. */
function editPackets(file: File, { digitalSourceType }: LabelChange): void {
  const isPacket = ({ id }: Chunk) => id === '_PMX' || id === 'XMP ';
  const home = file.chunks.find(isPacket);
  for (const each of [...file.chunks, ...file.tail].filter(isPacket)) {
    if (each.end - each.bodyStart > maxChunkBytes) throw new LabelRefusal('container-too-large', each.id);
    const before = file.source.read(each.bodyStart, each.end - each.bodyStart);
    const wanted = digitalSourceType === undefined || each === home ? digitalSourceType : null;
    const after = changePacket(before, { aigc: null, digitalSourceType: wanted }, each.id);
    if (after === before) continue;
    const fitting = after ? chunk(each.id, paddedPacket(after, before.length)) : null;
    if (resize(file, each, fitting)) continue;
    if (!after || !resize(file, each, null)) throw new LabelRefusal('no-room', each.id);
    place(file, chunk(each.id, after));
  }
  if (home || typeof digitalSourceType !== 'string') return;
  const packet = changePacket(null, { aigc: null, digitalSourceType }, '_PMX');
  if (packet) place(file, chunk('_PMX', packet));
}
