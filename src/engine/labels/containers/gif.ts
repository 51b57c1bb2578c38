import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import type { Collector } from './collect.ts';
import { collect, maxFieldBytes } from './collect.ts';
import { decodeText, decodeXml, nulParts } from './decode-text.ts';
import { concat, latin1, startsWith } from './integers.ts';
import { bareText, collectTrailer } from './trailer.ts';

/**
 * Reads XMP (application extension `XMP DataXMP`, raw with its magic trailer or in sub-blocks), comments, and bare text of
 * application extensions that nobody knows (`gif.other`) or behind the end (`gif.trailer`). Never throws.
 * Sources: GIF89a §20–26; XMP specification part 3, 1.1.2.
 */
export function readGif(source: ByteSource): Metadata {
  const collector = collect(source.size);
  const header = source.read(0, 13);
  if (!/^GIF8[79]a$/.test(latin1(header, 0, 6)) || header.length < 13) {
    collector.finding('bad-structure', 'header');
    return collector.metadata;
  }
  const walk: Walk = { collector, source, window: new Uint8Array(0), base: 0, blocks: 0 };
  const end = walkBlocks(walk, 13 + colourTableBytes(header[10] ?? 0));
  if (end === null) collector.finding('truncated', 'blocks');
  else collectTrailer(collector, source, end, { location: 'gif.trailer' });
  return collector.metadata;
}

interface Walk {
  collector: Collector;
  source: ByteSource;
  /** Bytes around the place being walked: sub-blocks are small and many. */
  window: Uint8Array;
  base: number;
  /** Sub-blocks passed over. */
  blocks: number;
}

/** A picture of 512 MB has this many sub-blocks; sub-blocks of one byte would else make a large file endless. */
const maxSubBlocks = 2_000_000;

function byteAt(walk: Walk, at: number): number | undefined {
  if (at < walk.base || at >= walk.base + walk.window.length) {
    walk.window = walk.source.read(at, 65_536);
    walk.base = at;
  }
  return walk.window[at - walk.base];
}

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Returns where the file ends by its own account, or null where the bytes ran out. */
function walkBlocks(walk: Walk, from: number): number | null {
  const { collector } = walk;
  const seen = { comment: 0, application: 0 };
  let at: number | null = from;
  while (at !== null) {
    const introducer = byteAt(walk, at);
    if (introducer === 0x3b) return at + 1;
    if (introducer === undefined || !collector.step('blocks')) return null;
    if (introducer === 0x2c) {
      // Image descriptor of ten bytes, its colour table, the code size, then sub-blocks.
      at = skipSubBlocks(walk, at + 10 + colourTableBytes(byteAt(walk, at + 9) ?? 0) + 1);
    } else if (introducer === 0x21) {
      at = walkExtension(walk, at, seen);
    } else if (introducer === 0) {
      // A stray terminator: common, harmless.
      at += 1;
    } else {
      collector.finding('bad-structure', `offset ${at}`);
      return at;
    }
  }
  return null;
}

function walkExtension(walk: Walk, at: number, seen: { comment: number; application: number }): number | null {
  const { collector, source } = walk;
  const label = byteAt(walk, at + 1);
  const dataAt = at + 2;
  const end = skipSubBlocks(walk, dataAt);
  // Cut off or not, what is there is read: up to the end of the file.
  const length = (end ?? source.size) - dataAt;
  if (label === 0xfe || label === 0x01) {
    const path = label === 0xfe ? `comment[${seen.comment}]` : 'plain-text';
    seen.comment += label === 0xfe ? 1 : 0;
    const bytes = joined(collector.read(source, dataAt, length, path));
    const place = { location: 'gif.comment', path, offset: dataAt, length };
    const text = decodeText(label === 0x01 ? bytes.subarray(12) : bytes);
    for (const part of nulParts(text)) collector.text(label === 0xfe ? 'Comment' : 'PlainText', part, place);
  } else if (label === 0xff) {
    const path = `application[${seen.application}]`;
    seen.application += 1;
    const header = source.read(dataAt, 12);
    const name = latin1(header, 1, 12);
    const place = { location: 'gif.xmp', path, offset: dataAt + 12, length: Math.max(0, length - 12) };
    if (header[0] === 11 && name.startsWith('XMP Data')) {
      collector.xmp(xmpOf(collector.read(source, place.offset, place.length, path)), place);
    } else if (!knownApplications.has(name) && length <= maxFieldBytes) {
      const bytes = joined(collector.read(source, dataAt, length, path));
      const found = bareText(bytes.subarray(header[0] === 11 ? 11 : 0)) ?? bareText(bytes);
      if (found) collector.text(found.key ?? name, found.text, { ...place, location: 'gif.other' });
    }
  }
  return end;
}

const knownApplications = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012', 'MGK8BIM0000', 'C2PA_GIF\x01\0\0']);

/** Offset behind the terminating empty sub-block, or null where the file ends before it. */
function skipSubBlocks(walk: Walk, from: number): number | null {
  let at = from;
  for (let size = byteAt(walk, at); size !== undefined; size = byteAt(walk, at)) {
    walk.blocks += 1;
    if (walk.blocks > maxSubBlocks) {
      walk.collector.finding('too-many-entries', 'sub-blocks');
      return null;
    }
    at += size + 1;
    if (size === 0) return at;
  }
  return null;
}

/** The contents of sub-blocks without their length bytes. */
function joined(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes[at] ?? 0;
    if (size === 0) break;
    parts.push(bytes.subarray(at + 1, at + 1 + size));
    at += size + 1;
  }
  return concat(parts);
}

/**
 * XMP stands raw in the extension; a trailer of 258 descending bytes leads every reader of sub-blocks to the end.
 * Some writers use sub-blocks all the same: then the first byte is a length and not the `<` or byte order mark of a packet.
 */
function xmpOf(bytes: Uint8Array): string {
  const first = bytes[0] ?? 0;
  const isRaw = first === 0x3c || startsWith(bytes, '\xef\xbb\xbf') || startsWith(bytes, '\xfe\xff') || first === 0x20;
  if (!isRaw) return decodeXml(joined(bytes));
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  // Behind the zeros the trailer rises: 01, 02 … FF, and 01 before it.
  for (let expected = 1; end > 0 && bytes[end - 1] === expected && expected <= 0xff; expected += 1) end -= 1;
  if (bytes[end - 1] === 0x01) end -= 1;
  return decodeXml(bytes.subarray(0, end));
}
