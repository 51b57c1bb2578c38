import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { type Collector, collect, maxFieldBytes } from './collect.ts';
import { collectVorbisComment } from './flac.ts';
import { concat, latin1, u32le } from './integers.ts';

/**
 * Metadata of an Ogg file: the comment header of every logical stream (Vorbis, Opus, FLAC, Theora, Speex, VP8),
 * put together across pages. Only the first pages are read, where comment headers must stand (RFC 3533, RFC 7845, Vorbis I A.2).
 */
export function readOgg(source: ByteSource): Metadata {
  const collector = collect();
  const streams = new Map<number, Stream>();
  let at = 0;
  for (let pages = 0; pages < maxPages && at < source.size; pages++) {
    if (!collector.step('file')) break;
    const page = pageAt(source, at);
    if (!page) {
      collector.finding(source.size - at < 27 ? 'truncated' : 'bad-structure', 'file');
      break;
    }
    if (page.end > source.size) collector.finding('truncated', 'file');
    if (page.first && streams.size < maxStreams && !streams.has(page.serial)) {
      streams.set(page.serial, {
        number: streams.size + 1,
        codec: null,
        packet: [],
        packetBytes: 0,
        packets: 0,
        from: 0,
      });
    }
    const stream = streams.get(page.serial);
    if (stream && stream.packets < 2) takePage(collector, source, stream, page);
    // Streams begin together: once all have said their comments, nothing but media follows.
    if (!page.first && [...streams.values()].every(({ packets }) => packets >= 2)) break;
    at = page.end;
  }
  return collector.metadata;
}

interface Stream {
  number: number;
  /** Signature of the first packet. */
  codec: string | null;
  packet: Uint8Array[];
  packetBytes: number;
  /** Whole packets so far; the second is the comment. */
  packets: number;
  /** Where the packet begins in the file. */
  from: number;
}

interface Page {
  serial: number;
  /** Beginning of a stream. */
  first: boolean;
  /** Lengths of the segments: 255 goes on, less ends a packet. */
  lacing: Uint8Array;
  bodyStart: number;
  end: number;
}

function pageAt(source: ByteSource, at: number): Page | null {
  const head = source.read(at, 27 + 255);
  if (latin1(head, 0, 4) !== 'OggS' || head.length < 27 || head[4] !== 0) return null;
  const segments = head[26] ?? 0;
  const lacing = head.slice(27, 27 + segments);
  const bodyStart = at + 27 + segments;
  const body = lacing.reduce((sum, length) => sum + length, 0);
  return { serial: u32le(head, 14), first: ((head[5] ?? 0) & 2) !== 0, lacing, bodyStart, end: bodyStart + body };
}

function takePage(collector: Collector, source: ByteSource, stream: Stream, page: Page): void {
  const path = `stream[${stream.number}]`;
  let at = page.bodyStart;
  let length = 0;
  for (const segment of page.lacing) {
    length += segment;
    if (segment === 255) continue;
    takePiece(collector, source, stream, at, length, path);
    finishPacket(collector, stream, path);
    if (stream.packets >= 2) return;
    at += length;
    length = 0;
  }
  if (length > 0) takePiece(collector, source, stream, at, length, path);
}

function takePiece(
  collector: Collector,
  source: ByteSource,
  stream: Stream,
  at: number,
  length: number,
  path: string,
): void {
  if (stream.packetBytes === 0) stream.from = at;
  if (stream.packetBytes + length > maxFieldBytes) {
    collector.finding('value-too-long', path);
    return;
  }
  const piece = collector.read(source, at, length, path);
  stream.packet.push(piece);
  stream.packetBytes += piece.length;
}

function finishPacket(collector: Collector, stream: Stream, path: string): void {
  const packet = concat(stream.packet);
  const place = { location: 'ogg.vorbis-comment', path: `${path}/comment`, offset: stream.from, length: packet.length };
  stream.packets++;
  stream.packet = [];
  stream.packetBytes = 0;
  if (stream.packets === 1) {
    stream.codec = latin1(packet, 0, 8);
    // A skeleton describes the other streams and has no comment.
    if (stream.codec.startsWith('fishead')) stream.packets = 2;
    return;
  }
  const skip = commentSkip(stream.codec ?? '', packet);
  if (skip !== null) collectVorbisComment(collector, packet.subarray(skip), place);
}

/** Bytes in front of the Vorbis comment in the second packet of each codec; null where there is none. */
export function commentSkip(codec: string, packet: Uint8Array): number | null {
  const starts = (mark: string) => latin1(packet, 0, mark.length) === mark;
  if (codec.startsWith('\x01vorbis')) return starts('\x03vorbis') ? 7 : null;
  if (codec.startsWith('OpusHead')) return starts('OpusTags') ? 8 : null;
  if (codec.startsWith('\x80theora')) return starts('\x81theora') ? 7 : null;
  if (codec.startsWith('\x7fFLAC')) return ((packet[0] ?? 0) & 0x7f) === 4 ? 4 : null;
  if (codec.startsWith('Speex   ')) return 0;
  if (codec.startsWith('OVP80')) return starts('OVP80\x02 ') ? 7 : null;
  return null;
}

const maxStreams = 32;
/** Large covers may stretch a comment over many pages; a page holds at most 64 KiB. */
const maxPages = 512;
