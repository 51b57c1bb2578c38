import type { ByteSource } from '../../media/bytes.ts';
import { latin1, u32be, u32le, u64le } from '../containers/integers.ts';
import { readWav } from '../containers/riff.ts';
import type { Metadata } from '../metadata.ts';
import { blankedIn, type Carrier, carriersOf, disjoint } from './carriers.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { le } from './numbers.ts';
import { confirmed } from './old-labels.ts';
import type { Edit } from './pieces.ts';
import {
  type ByteOrder,
  type Chunk,
  childrenOf,
  chunk,
  chunksIn,
  maxChunkBytes,
  u32,
  withoutId3Labels,
} from './riff-chunks.ts';
import { isWave64, wave64Edits } from './wave64.ts';
import { changePacket } from './xmp-packet.ts';

/**
 * The label as chunk `AIGC` behind all others (practice guide TC260-PG-202510A), the source type in an XMP packet in chunk `_PMX` (XMP
 * specification part 3, 2.3.3). For RIFF, RIFX, RF64 and BW64 (EBU Tech 3306) and Sony Wave64, which has no place for XMP.
 * Where the header does not say how long the file is, as programs leave it that could not seek, both stand before the samples.
 */
export function writeWav(source: ByteSource, change: LabelChange): Edit[] {
  const metadata = readWav(source);
  const edits = isWave64(source) ? wave64Edits(source, metadata, change.aigc) : riffEdits(source, metadata, change);
  return confirmed(disjoint(edits), source, change, { format: 'wav', read: readWav });
}

interface File {
  source: ByteSource;
  order: ByteOrder;
  /** Behind the body of the RIFF chunk; where that is not known, the offset of the samples. */
  end: number;
  isOpen: boolean;
  /** Where the size of the RIFF chunk stands with 64 bits. */
  longSizeAt: number | null;
  chunks: Chunk[];
}

interface Change extends Edit {
  /** Chunks whose size changes, the RIFF chunk itself left out. */
  within: Chunk[];
  /** Behind the end of the RIFF chunk, where its size does not count. */
  isOutside?: boolean;
}

const none = new Uint8Array(0);

function riffEdits(source: ByteSource, metadata: Metadata, change: LabelChange): Edit[] {
  const file = open(source);
  const changes = [
    ...carriersOf(metadata)
      .filter(({ location }) => location !== 'wav.id3')
      .flatMap((carrier, _index, all) => withoutCarrier(file, carrier, all)),
    ...file.chunks.filter(({ id }) => /^id3 $/i.test(id)).flatMap((id3) => withoutLabelsInId3(file, id3)),
    ...packetChanges(file, change),
  ];
  const added = [
    ...newPacket(file, change),
    ...(change.aigc === null ? [] : [chunk('AIGC', new Uint8Array(Buffer.from(change.aigc)), file.order)]),
  ];
  const appended = added.map((insert, index) => ({ ...placeAtEnd(file, index === 0, insert), within: [] }));
  return withSizes(file, [...changes, ...appended]);
}

function open(source: ByteSource): File {
  const head = source.read(0, 12);
  const id = latin1(head, 0, 4);
  const order: ByteOrder = id === 'RIFX' ? 'big' : 'little';
  const isLong = id === 'RF64' || id === 'BW64';
  if ((!isLong && id !== 'RIFF' && id !== 'RIFX') || latin1(head, 8, 12) !== 'WAVE') {
    throw new LabelRefusal('container-damaged', 'RIFF');
  }
  const declared = order === 'big' ? u32be(head, 4) : u32le(head, 4);
  const long = isLong ? longSizesOf(source) : null;
  const size = long && declared === 0xffffffff ? long.riff : declared;
  if (!long && (size === 0 || size === 0xffffffff)) return openEnded(source, order);
  const end = 8 + size;
  if (end > source.size || end < 12) throw new LabelRefusal('container-damaged', 'RIFF');
  const level = { start: 12, end, where: 'RIFF', order, longSizes: long?.sizes ?? new Map() };
  return { source, order, end, isOpen: false, longSizeAt: long?.at ?? null, chunks: chunksIn(source, level) };
}

/** A stream that was never told its length. */
function openEnded(source: ByteSource, order: ByteOrder): File {
  const chunks = chunksIn(source, { start: 12, end: source.size, where: 'RIFF', order, before: 'data' });
  const end = chunks.at(-1)?.next ?? 12;
  if (latin1(source.read(end, 4)) !== 'data') throw new LabelRefusal('container-variant', 'RIFF');
  return { source, order, end, isOpen: true, longSizeAt: null, chunks };
}

/** EBU Tech 3306: `ds64` comes first, with the sizes of the file, of the samples, and of other chunks that are too long. */
function longSizesOf(source: ByteSource): { at: number; riff: number; sizes: Map<string, number> } {
  const head = source.read(12, 8 + 28 + 12 * maxLongSizes);
  if (latin1(head, 0, 4) !== 'ds64' || u32le(head, 4) < 28) throw new LabelRefusal('container-damaged', 'ds64');
  const sizes = new Map([['data', u64le(head, 16)]]);
  const count = u32le(head, 32);
  if (count > maxLongSizes || 28 + 12 * count > u32le(head, 4)) throw new LabelRefusal('container-damaged', 'ds64');
  for (let at = 36; at < 36 + 12 * count; at += 12) sizes.set(latin1(head, at, at + 4), u64le(head, at + 4));
  return { at: 20, riff: u64le(head, 8), sizes };
}

const maxLongSizes = 64;

function withoutCarrier(file: File, carrier: Carrier, all: readonly Carrier[]): Change[] {
  const { source, chunks, order } = file;
  const top = chunks.find(({ start, next }) => carrier.offset >= start && carrier.offset < next);
  const cut = ({ start, next }: Chunk, within: Chunk[]): Change => ({
    within,
    at: start,
    remove: next - start,
    insert: none,
  });
  if (!top) {
    // Behind the RIFF chunk: nobody counts these bytes.
    const edits = carrier.isWhole
      ? [{ at: carrier.offset, remove: carrier.length, insert: none }]
      : blankedIn(source, carrier);
    return edits.map((edit) => ({ ...edit, within: [], isOutside: true }));
  }
  if (carrier.isWhole && top.start === carrier.offset) return [cut(top, [])];
  if (carrier.isWhole && top.id === 'LIST') {
    const children = childrenOf(source, top, order);
    const isCut = (child: Chunk) => all.some(({ offset, isWhole }) => isWhole && offset === child.start);
    const child = children.find(({ start }) => start === carrier.offset);
    // The list goes with the last of them, once.
    if (child && children.every(isCut)) return child === children[0] ? [cut(top, [])] : [];
    if (child) return [cut(child, [top])];
  }
  return blankedIn(source, carrier).map((edit) => ({ ...edit, within: [] }));
}

function withoutLabelsInId3(file: File, id3: Chunk): Change[] {
  const body = withoutId3Labels(file.source, id3);
  return body
    ? [{ within: [], at: id3.start, remove: id3.next - id3.start, insert: chunk(id3.id, body, file.order) }]
    : [];
}

function isPacket({ id }: Chunk): boolean {
  return id === '_PMX' || id === 'XMP ';
}

/** Packets without labels; the first of them keeps the source type. */
function packetChanges(file: File, { digitalSourceType }: LabelChange): Change[] {
  return file.chunks.filter(isPacket).flatMap((each, index): Change[] => {
    if (each.end - each.bodyStart > maxChunkBytes) throw new LabelRefusal('container-too-large', each.id);
    const before = file.source.read(each.bodyStart, each.end - each.bodyStart);
    const wanted = digitalSourceType === undefined || index === 0 ? digitalSourceType : null;
    const after = changePacket(before, { aigc: null, digitalSourceType: wanted }, each.id);
    if (after === before) return [];
    const insert = after === null ? none : chunk(each.id, after, file.order);
    return [{ within: [], at: each.start, remove: each.next - each.start, insert }];
  });
}

function newPacket(file: File, { digitalSourceType }: LabelChange): Uint8Array[] {
  if (file.chunks.some(isPacket) || typeof digitalSourceType !== 'string') return [];
  const packet = changePacket(null, { aigc: null, digitalSourceType }, '_PMX');
  return packet ? [chunk('_PMX', packet, file.order)] : [];
}

/** Behind the last chunk; one of odd length may lack its pad byte, or not count it. */
function placeAtEnd({ source, end, chunks, isOpen }: File, isFirst: boolean, insert: Uint8Array): Edit {
  const last = chunks.at(-1);
  if (isOpen || !isFirst || !last || last.next !== end || (end - last.start) % 2 === 0)
    return { at: end, remove: 0, insert };
  // A pad byte that the size left out is taken in.
  const isThere = source.size > end && source.read(end, 1)[0] === 0;
  return { at: end, remove: isThere ? 1 : 0, insert: Buffer.concat([new Uint8Array(1), insert]) };
}

function withSizes(file: File, changes: readonly Change[]): Edit[] {
  const { source, end, order, longSizeAt } = file;
  const growths = new Map<Chunk, number>();
  let growth = 0;
  for (const { within, remove, insert, at, isOutside } of changes) {
    for (const each of within) growths.set(each, (growths.get(each) ?? 0) + insert.length - remove);
    // The pad byte that was not counted before is now.
    if (!isOutside) growth += insert.length - (at === end ? 0 : remove);
  }
  const edits = changes.map(({ at, remove, insert }) => ({ at, remove, insert }));
  for (const [each, more] of growths) {
    edits.push({ at: each.start + 4, remove: 4, insert: u32(each.end - each.bodyStart + more, order) });
  }
  if (growth === 0 || file.isOpen) return edits;
  const size = end - 8 + growth;
  const isShort = longSizeAt === null || u32le(source.read(4, 4), 0) !== 0xffffffff;
  if (isShort && size >= 0xffffffff) throw new LabelRefusal('no-room', 'RIFF');
  if (isShort) edits.push({ at: 4, remove: 4, insert: u32(size, order) });
  if (longSizeAt !== null) edits.push({ at: longSizeAt, remove: 8, insert: le(size, 8) });
  return edits;
}
