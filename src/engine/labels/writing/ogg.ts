import type { ByteSource } from '../../media/bytes.ts';
import { concat, findBytes, latin1, u16be, u16le } from '../containers/integers.ts';
import { commentSkip, readOgg } from '../containers/ogg.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import {
  begins,
  buildPage,
  continues,
  ends,
  isIntact,
  maxSegments,
  type OggPage,
  oggPageAt,
  renumbered,
} from './ogg-page.ts';
import { confirmed } from './old-labels.ts';
import type { Edit } from './pieces.ts';
import { editVorbisComment } from './vorbis-comment.ts';

/**
 * Writes the label as field `AIGC` of the comment header of the first stream that has one (Vorbis, Opus, FLAC, Theora, Speex, VP8), and
 * takes the labels out of all other streams, those of later links of a chain too. Header pages are made anew; where their number
 * changes the stream's later pages get new numbers (RFC 3533 6).
 */
export function writeOgg(source: ByteSource, change: LabelChange): Edit[] {
  const walk = walkPages(source);
  const [labelled] = walk.streams.filter(({ link, comment }) => link === 1 && comment !== null);
  if (!labelled && change.aigc !== null) throw new LabelRefusal('container-variant', 'file');
  const edits = walk.streams.flatMap((stream) => {
    return editStream(source, stream, stream === labelled ? change.aigc : null, walk.isWhole);
  });
  const growth = edits.reduce((sum, { remove, insert }) => sum + insert.length - remove, 0);
  // Skeleton 4 keeps offsets of bytes for seeking.
  const index = walk.streams.find(({ skeletonVersion }) => skeletonVersion >= 4);
  if (growth !== 0 && index) throw new LabelRefusal('container-variant', index.path);
  return confirmed(edits, source, change, { format: 'ogg', read: readOgg });
}

interface Stream {
  path: string;
  /** Links of a chain are counted from 1. */
  link: number;
  /** Signature of the first packet. */
  codec: string | null;
  skeletonVersion: number;
  packets: number;
  /** The comment header while it is put together, and the pages that hold a part of it. */
  parts: Uint8Array[];
  partBytes: number;
  pages: OggPage[];
  /** Segments of the first of these pages that come before it. */
  segmentsBefore: number;
  comment: { packet: Uint8Array; skip: number; segmentsAfter: number } | null;
  /** Offset and length of each page behind these. */
  later: { at: number; length: number }[];
}

/** More pages are not walked: numbers of their streams can then not be changed. */
const maxPages = 200_000;
const maxCommentBytes = 32 * 1024 * 1024;

function walkPages(source: ByteSource): { streams: Stream[]; isWhole: boolean } {
  const streams: Stream[] = [];
  let current = new Map<number, Stream>();
  let link = 0;
  let hasMedia = true;
  let at = 0;
  for (let pages = 0; at < source.size; pages += 1) {
    const isReady = link > 1 || streams.every(isSettled);
    if (pages >= maxPages) {
      if (!isReady) throw new LabelRefusal('container-too-large', 'file');
      return { streams, isWhole: false };
    }
    const page = oggPageAt(source, at);
    if (!page) {
      if (!isReady || streams.length === 0) throw new LabelRefusal('container-damaged', 'file');
      at = nextCapture(source, at + 1);
      continue;
    }
    at = page.end;
    if ((page.flags & begins) !== 0) {
      if (hasMedia) {
        link += 1;
        current = new Map();
        hasMedia = false;
      }
      const stream = newStream(streams.length + 1, link);
      streams.push(stream);
      current.set(page.serial, stream);
    } else hasMedia = true;
    const stream = current.get(page.serial);
    if (stream) takePage(source, stream, page);
  }
  const [first] = streams;
  if (!first || !streams.every((stream) => stream.link > 1 || isSettled(stream)))
    throw new LabelRefusal('container-damaged', streams.find((stream) => !isSettled(stream))?.path ?? 'file');
  return { streams, isWhole: true };
}

/** Nothing of the stream's headers is still to come that could hold a label. */
function isSettled({ packets }: Stream): boolean {
  return packets >= 2;
}

function newStream(number: number, link: number): Stream {
  return {
    path: `stream[${number}]`,
    link,
    codec: null,
    skeletonVersion: 0,
    packets: 0,
    parts: [],
    partBytes: 0,
    pages: [],
    segmentsBefore: 0,
    comment: null,
    later: [],
  };
}

/** Behind a hole: every byte is looked at once. */
function nextCapture(source: ByteSource, from: number): number {
  for (let at = from; at < source.size; at += captureStep) {
    const found = findBytes(source.read(at, captureStep + 3), 'OggS');
    if (found >= 0) return at + found;
  }
  return source.size;
}

const captureStep = 1024 * 1024;

function takePage(source: ByteSource, stream: Stream, page: OggPage): void {
  if (isSettled(stream)) {
    stream.later.push({ at: page.at, length: page.end - page.at });
    return;
  }
  if (page.end > source.size || !isIntact(source, page)) {
    if (stream.link === 1) throw new LabelRefusal('container-damaged', stream.path);
    stream.packets = 2;
    return;
  }
  if (stream.packets === 1) stream.pages.push(page);
  let at = page.bodyAt;
  for (const [index, length] of page.lacing.entries()) {
    takeSegment(source, stream, at, length);
    at += length;
    if (length === maxSegments) continue;
    finishPacket(stream, page, index + 1);
    if (isSettled(stream)) return;
  }
}

function takeSegment(source: ByteSource, stream: Stream, at: number, length: number): void {
  if (stream.partBytes + length > maxCommentBytes) throw new LabelRefusal('container-too-large', stream.path);
  const last = stream.parts.at(-1);
  const bytes = source.read(at, length);
  stream.partBytes += length;
  if (last || length > 0) stream.parts.push(bytes);
}

function finishPacket(stream: Stream, page: OggPage, segments: number): void {
  const packet = concat(stream.parts);
  stream.packets += 1;
  stream.parts = [];
  stream.partBytes = 0;
  if (stream.packets === 1) {
    stream.codec = latin1(packet, 0, 8);
    if (stream.codec === 'fishead\0') stream.skeletonVersion = u16le(packet, 8);
    if (!hasComment(stream.codec)) stream.packets = 2;
    else if (segments < page.lacing.length) {
      stream.pages.push(page);
      stream.segmentsBefore = segments;
    }
    return;
  }
  const skip = commentSkip(stream.codec ?? '', packet);
  if (skip !== null) stream.comment = { packet, skip, segmentsAfter: page.lacing.length - segments };
}

function hasComment(codec: string): boolean {
  return /^(\x01vorbis|OpusHead|\x80theora|\x7fFLAC|Speex {3}|OVP80)/.test(codec);
}

function editStream(source: ByteSource, stream: Stream, aigc: string | null, isWhole: boolean): Edit[] {
  const packet = editedPacket(stream, aigc);
  const { comment, pages, segmentsBefore } = stream;
  const [first] = pages;
  const last = pages.at(-1);
  if (!packet || !comment || !first || !last) return [];
  const before = first.lacing.subarray(0, segmentsBefore);
  const after = last.lacing.subarray(last.lacing.length - comment.segmentsAfter);
  const body = concat([source.read(first.bodyAt, sum(before)), packet, source.read(last.end - sum(after), sum(after))]);
  const made = repaged(first, last, pages.length, concat([before, lacingOf(packet.length), after]), body);
  const edits = pages.map((page, index) => ({
    at: page.at,
    remove: page.end - page.at,
    // All pages that are too many for the old places follow the last of them.
    insert: concat(made.slice(index, index === pages.length - 1 ? undefined : index + 1)),
  }));
  const shift = made.length - pages.length;
  if (shift === 0) return edits;
  if (!isWhole) throw new LabelRefusal('container-too-large', stream.path);
  return [
    ...edits,
    ...stream.later.map(({ at, length }) => ({
      at: at + 18,
      remove: 8,
      insert: renumbered(source, at, length, shift),
    })),
  ];
}

/** The comment header with its new comment, null when nothing changes. */
function editedPacket({ comment, codec, path }: Stream, aigc: string | null): Uint8Array | null {
  if (!comment) return null;
  const { packet, skip } = comment;
  const where = `${path}/comment`;
  const isFlac = codec?.startsWith('\x7fFLAC') === true;
  if (isFlac && (((packet[1] ?? 0) << 16) | u16be(packet, 2)) !== packet.length - skip)
    throw new LabelRefusal('container-damaged', where);
  const before = packet.subarray(skip);
  const after = editVorbisComment(before, aigc, { location: 'ogg.vorbis-comment', where });
  if (after === before) return null;
  const head = packet.slice(0, skip);
  if (isFlac) {
    // A FLAC metadata block tells its own length, in 24 bits.
    if (after.length >= 2 ** 24) throw new LabelRefusal('no-room', where);
    head.set([after.length >> 16, (after.length >> 8) & 0xff, after.length & 0xff], 1);
  }
  return concat([head, after]);
}

/** Segments of a packet: a last one shorter than 255 ends it, be it empty. */
function lacingOf(length: number): Uint8Array {
  const lacing = new Uint8Array(Math.floor(length / maxSegments) + 1).fill(maxSegments);
  lacing[lacing.length - 1] = length % maxSegments;
  return lacing;
}

/** As many pages as before where that is possible, so that no later page needs another number. */
function repaged(first: OggPage, last: OggPage, wanted: number, lacing: Uint8Array, body: Uint8Array): Uint8Array[] {
  const count = Math.max(Math.ceil(lacing.length / maxSegments), Math.min(wanted, lacing.length));
  const pages: Uint8Array[] = [];
  let segment = 0;
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const take = Math.min(maxSegments, lacing.length - segment - (count - 1 - index));
    const own = lacing.subarray(segment, segment + take);
    const isLast = index === count - 1;
    const goesOn = index === 0 ? first.flags & continues : lacing[segment - 1] === maxSegments ? continues : 0;
    const flags = goesOn | (index === 0 ? first.flags & begins : 0) | (isLast ? last.flags & ends : 0);
    const length = sum(own);
    const header = { serial: first.serial, sequence: (first.sequence + index) >>> 0, flags, lacing: own };
    const granule = own.every((each) => each === maxSegments) ? noPosition : isLast ? last.granule : atStart;
    pages.push(buildPage({ ...header, granule }, body.subarray(at, at + length)));
    segment += take;
    at += length;
  }
  return pages;
}

/** A page on which no packet ends has no position, one that ends headers has zero (RFC 3533 6, RFC 7845 3). */
const noPosition = new Uint8Array(8).fill(0xff);
const atStart = new Uint8Array(8);

function sum(lacing: Uint8Array): number {
  return lacing.reduce((total, length) => total + length, 0);
}
