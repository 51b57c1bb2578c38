import type { ByteSource } from '../../media/bytes.ts';
import type { FoundLabel } from '../aigc/find.ts';
import { maxFieldBytes } from '../containers/collect.ts';
import { readGif } from '../containers/gif.ts';
import { concat, latin1 } from '../containers/integers.ts';
import { type MetadataEntry, maxNodes } from '../metadata.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { blankedText, confirmedInXmp, readWhole, standingLabels } from './picture-labels.ts';
import { labelledPacket, strippedPacket } from './picture-packets.ts';
import type { Edit } from './pieces.ts';
import { trailerEdits } from './trailing-labels.ts';

/**
 * The label as `TC260:AIGC` in the XMP packet of the application extension `XMP Data` (practice guide TC260-PG-20259A), in front of the
 * first picture. A file of 1987 becomes one of 1989: extensions came then. Frames and their times stay.
 * Sources: GIF89a §14–26; XMP specification part 3, 1.1.2.
 */
export function writeGif(source: ByteSource, change: LabelChange): Edit[] {
  const file = fileOf(source);
  const metadata = readWhole(readGif(source));
  const packets = metadata.entries.filter(({ kind }) => kind === 'xmp');
  const [main] = packets;
  const packetEdits = packets.flatMap((entry): Edit[] => {
    const edit = entry === main ? labelledPacket : strippedPacket;
    const packet = edit(entry.value, change, entry.place.path);
    return packet === entry.value ? [] : [rewritten(extensionOf(file, entry), packetExtension(packet))];
  });
  if (!main) {
    const insert = packetExtension(labelledPacket(null, change, 'application'));
    if (insert.length > 0) packetEdits.push({ at: file.behindSettings, remove: 0, insert });
  }
  const isExtended = packetEdits.some(({ insert }) => insert.length > 0);
  const version = isExtended && file.version === '87a' ? [{ at: 3, remove: 3, insert: Buffer.from('89a') }] : [];
  const edits = [
    ...version,
    ...packetEdits,
    ...standingLabels(metadata).flatMap((label) => extensionEdits(source, file, label)),
    ...trailerEdits(source, metadata),
  ];
  return confirmedInXmp(edits, source, change, { format: 'gif', read: readGif });
}

interface Extension {
  label: number;
  /** Of the introducer 0x21. */
  at: number;
  /** Behind the block terminator. */
  end: number;
}

interface File {
  version: string;
  extensions: Extension[];
  /** Behind the extensions that say how the whole file is played: some players expect those first. */
  behindSettings: number;
}

/** As many sub-blocks as the reader follows. */
const maxSubBlocks = 2_000_000;

function fileOf(source: ByteSource): File {
  const header = source.read(0, 13);
  if (!/^GIF8[79]a$/.test(latin1(header, 0, 6)) || header.length < 13)
    throw new LabelRefusal('container-damaged', 'header');
  const walk: Walk = { source, window: new Uint8Array(0), base: 0, subBlocks: 0 };
  const extensions: Extension[] = [];
  let behindSettings: number | null = null;
  let at = 13 + colourTableBytes(header[10] ?? 0);
  for (let blocks = 0; blocks < maxNodes; blocks += 1) {
    const introducer = byteAt(walk, at);
    if (introducer === 0x3b) return { version: latin1(header, 3, 6), extensions, behindSettings: behindSettings ?? at };
    if (introducer === 0x21) {
      const label = byteAt(walk, at + 1);
      const end = behindSubBlocks(walk, at + 2);
      // Comments and settings; a graphic control belongs to the picture behind it.
      if (label !== 0xff && label !== 0xfe) behindSettings ??= at;
      if (label === 0xff || label === 0xfe || label === 0x01) extensions.push({ label, at, end });
      at = end;
    } else if (introducer === 0x2c) {
      behindSettings ??= at;
      at = behindSubBlocks(walk, at + 10 + colourTableBytes(byteAt(walk, at + 9)) + 1);
    } else if (introducer === 0) {
      behindSettings ??= at;
      at += 1;
    } else throw new LabelRefusal('container-damaged', `offset ${at}`);
  }
  throw new LabelRefusal('container-too-large', 'blocks');
}

interface Walk {
  source: ByteSource;
  window: Uint8Array;
  base: number;
  subBlocks: number;
}

function byteAt(walk: Walk, at: number): number {
  if (at < walk.base || at >= walk.base + walk.window.length) {
    walk.window = walk.source.read(at, 65_536);
    walk.base = at;
  }
  const byte = walk.window[at - walk.base];
  if (byte === undefined) throw new LabelRefusal('container-damaged', `offset ${at}`);
  return byte;
}

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function behindSubBlocks(walk: Walk, from: number): number {
  let at = from;
  for (let size = byteAt(walk, at); ; size = byteAt(walk, at)) {
    walk.subBlocks += 1;
    if (walk.subBlocks > maxSubBlocks) throw new LabelRefusal('container-too-large', 'sub-blocks');
    at += size + 1;
    if (size === 0) return at;
  }
}

function extensionOf(file: File, { place }: MetadataEntry): Extension {
  const offset = place.offset ?? 0;
  const extension = file.extensions.find(({ at, end }) => offset > at && offset < end);
  if (!extension) throw new LabelRefusal('container-damaged', place.path);
  return extension;
}

function rewritten({ at, end }: Extension, insert: Uint8Array): Edit {
  return { at, remove: end - at, insert };
}

/**
 * The packet stands raw where sub-blocks should be. Whoever takes its characters for lengths lands in the trailer, whose bytes lead
 * to its end one and all: 0x01, 0xFF down to 0x00, and the terminator.
 */
function packetExtension(packet: string | null): Uint8Array {
  if (packet === null) return new Uint8Array(0);
  // A zero would end the extension in the middle of the packet.
  if (packet.includes('\0')) throw new LabelRefusal('container-damaged', 'XMP');
  const trailer = Uint8Array.from({ length: 258 }, (_, index) => (index === 0 ? 1 : Math.max(0, 256 - index)));
  return new Uint8Array(
    Buffer.concat([Buffer.from('\x21\xff\x0bXMP DataXMP', 'latin1'), Buffer.from(packet), trailer]),
  );
}

/** Comments and applications' blocks that are nothing but a label go; others keep their length. */
function extensionEdits(source: ByteSource, file: File, { entry }: FoundLabel): Edit[] {
  const { location, path } = entry.place;
  if (location !== 'gif.comment' && location !== 'gif.other') return [];
  const extension = extensionOf(file, entry);
  // The name of an application and the grid of a plain text are sub-blocks of their own, which say nothing.
  const first = source.read(extension.at + 2, 1)[0] ?? 0;
  const from = extension.at + 2 + (first === firstBlock[extension.label] ? first + 1 : 0);
  const blocks = source.read(from, Math.min(extension.end - from, maxFieldBytes));
  if (from + blocks.length < extension.end) throw new LabelRefusal('container-too-large', path);
  const text = joined(blocks);
  const rest = blankedText(text, { key: location === 'gif.other' ? path : entry.key, place: entry.place });
  // A graphic control in front of a plain text would take hold of the next picture.
  if (rest.every((byte) => byte === 0) && extension.label !== 0x01) return [rewritten(extension, new Uint8Array(0))];
  return [{ at: from, remove: blocks.length, insert: spread(blocks, rest) }];
}

/** Bytes of the first sub-block by the extension's label. */
const firstBlock: Record<number, number> = { 255: 11, 1: 12 };

/** The contents of sub-blocks without their length bytes. */
function joined(blocks: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0, size = blocks[0] ?? 0; size > 0; at += size + 1, size = blocks[at] ?? 0)
    parts.push(blocks.subarray(at + 1, at + 1 + size));
  return concat(parts);
}

/** Other contents, as long, in the same sub-blocks. */
function spread(blocks: Uint8Array, contents: Uint8Array): Uint8Array {
  const out = Uint8Array.from(blocks);
  let next = 0;
  for (let at = 0, size = out[0] ?? 0; size > 0; at += size + 1, size = out[at] ?? 0) {
    out.set(contents.subarray(next, next + size), at + 1);
    next += size;
  }
  return out;
}
