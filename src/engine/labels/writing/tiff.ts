import type { ByteSource } from '../../media/bytes.ts';
import { maxFieldBytes } from '../containers/collect.ts';
import { decodeXml, trimNul } from '../containers/decode-text.ts';
import { concat } from '../containers/integers.ts';
import { readTiff } from '../containers/tiff.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { blankedFields, confirmedInXmp, readWhole } from './picture-labels.ts';
import { emptyPacket, labelledPacket, paddedPacket, strippedPacket } from './picture-packets.ts';
import type { Edit } from './pieces.ts';
import {
  directoryBytes,
  entryBytes,
  type TiffDirectory,
  type TiffEntry,
  type TiffFile,
  tiffFile,
} from './tiff-directory.ts';

/**
 * The label as `TC260:AIGC` in the XMP packet of tag 700 in the first directory (practice guide TC260-PG-20259A), in the place of the
 * old packet where it fits, else at the end of the file. Pictures, other pages and their directories stay where they are; labels in
 * their text tags are blanked. Sources: TIFF 6.0 §2; BigTIFF proposal of libtiff; XMP specification part 3, 1.1.4.
 */
export function writeTiff(source: ByteSource, change: LabelChange): Edit[] {
  const file = tiffFile(source);
  const metadata = readWhole(readTiff(source));
  const packets = packetsOf(source, file);
  const main = packets.find(({ directory }) => directory === file.first) ?? null;
  const others = packets.filter((packet) => packet !== main);
  const inOthers = metadata.entries.filter(({ kind, place }) => kind !== 'xmp' || place.location !== 'tiff.xmp');
  const edits = [
    ...mainPacketEdits(source, file, { main, others }, change),
    ...others.flatMap((packet) => otherPacketEdits(source, file, packet, change)),
    ...blankedFields(source, { entries: inOthers, findings: [] }, change),
  ];
  return confirmedInXmp(edits, source, change, { format: 'tiff', read: readTiff });
}

const xmpTag = 700;

interface Packet {
  directory: TiffDirectory;
  entry: TiffEntry;
  text: string;
  where: string;
}

/** Each of them is compared with all tags of the file. */
const maxPackets = 1000;

function packetsOf(source: ByteSource, file: TiffFile): Packet[] {
  const described = file.directories.filter(({ entries }) => entries.some(({ tag }) => tag === xmpTag));
  if (described.length > maxPackets) throw new LabelRefusal('container-too-large', 'IFD0');
  return described.flatMap((directory) => {
    const where = `${directory.name}/XMP`;
    const found = directory.entries.filter(({ tag, bytes }) => tag === xmpTag && bytes > 0);
    if (found.length > 1) throw new LabelRefusal('container-damaged', where);
    return found.map((entry) => {
      if (entry.bytes > maxFieldBytes) throw new LabelRefusal('container-too-large', where);
      const bytes = source.read(entry.at, entry.bytes);
      if (bytes.length < entry.bytes) throw new LabelRefusal('container-damaged', where);
      return { directory, entry, where, text: trimNul(decodeXml(bytes)) };
    });
  });
}

function mainPacketEdits(
  source: ByteSource,
  file: TiffFile,
  { main, others }: { main: Packet | null; others: readonly Packet[] },
  change: LabelChange,
): Edit[] {
  const text = labelledPacket(main?.text ?? null, change, 'IFD0/XMP');
  if (text === (main?.text ?? null)) return [];
  if (!main) return text === null ? [] : added(source, file, text);
  refuseOverlaps(file, main.entry);
  const isShared = others.some(({ entry }) => entry.at === main.entry.at && entry.bytes === main.entry.bytes);
  if (text === null) return removed(source, file, main, isShared);
  return changed(source, file, main, { text, isShared });
}

/** Values of other tags in the packet's bytes would be overwritten with it. Other tags' packets are dealt with on their own. */
function refuseOverlaps(file: TiffFile, packet: TiffEntry): void {
  for (const directory of file.directories) {
    const meets = directory.entries.some(
      (entry) =>
        entry.tag !== xmpTag &&
        !entry.isInline &&
        entry.at < packet.at + packet.bytes &&
        entry.at + entry.bytes > packet.at,
    );
    const isInside = directory.at < packet.at + packet.bytes && directory.end > packet.at && !packet.isInline;
    if (meets || isInside) throw new LabelRefusal('container-damaged', directory.name);
  }
}

function changed(
  source: ByteSource,
  { shape }: TiffFile,
  { entry }: Packet,
  { text, isShared }: { text: string; isShared: boolean },
): Edit[] {
  const bytes = Buffer.from(text);
  const atEnd = !entry.isInline && entry.at + entry.bytes === source.size;
  const padded = paddedPacket(text, entry.bytes);
  if (!isShared && !atEnd && !entry.isInline && padded) return [{ at: entry.at, remove: entry.bytes, insert: padded }];
  const at = atEnd && !isShared ? entry.at : aligned(source.size, shape.width);
  const type = entry.type === 7 ? 7 : 1;
  const fresh = entryBytes(shape, { tag: xmpTag, type, count: bytes.length, at: within(file32(shape.big), at) });
  const entryEdit = { at: entry.entryAt, remove: entry.raw.length, insert: fresh };
  if (atEnd && !isShared) return [entryEdit, { at, remove: entry.bytes, insert: bytes }];
  const append = { at: source.size, remove: 0, insert: concat([new Uint8Array(at - source.size), bytes]) };
  return isShared || entry.isInline ? [entryEdit, append] : [entryEdit, zeroed(entry), append];
}

/** The directory with the new tag at the end of the file, and the packet behind it, where the next one can replace it. */
function added(source: ByteSource, { shape, first, pointerAt }: TiffFile, text: string): Edit[] {
  const bytes = Buffer.from(text);
  const atEnd = first.end === source.size;
  const at = atEnd ? first.at : aligned(source.size, shape.width);
  const length = first.end - first.at + 4 + 2 * shape.width;
  const packetAt = within(file32(shape.big), aligned(at + length, shape.width));
  if (first.entries.length >= 65_535) throw new LabelRefusal('no-room', 'IFD0');
  const entry = entryBytes(shape, { tag: xmpTag, type: 1, count: bytes.length, at: packetAt });
  const directory = directoryBytes(
    shape,
    [...first.entries.filter(({ tag }) => tag !== xmpTag).map(({ raw }) => raw), entry],
    first.next,
  );
  const tail = concat([directory, new Uint8Array(packetAt - at - directory.length), bytes]);
  if (atEnd) return [{ at, remove: source.size - at, insert: tail }];
  return [
    { at: pointerAt, remove: shape.width, insert: shape.longBytes(at) },
    { at: source.size, remove: 0, insert: concat([new Uint8Array(at - source.size), tail]) },
  ];
}

/** The directory loses the tag in its place. What stood at the very end goes, so that writing again finds the same room. */
function removed(source: ByteSource, { shape }: TiffFile, { directory, entry }: Packet, isShared: boolean): Edit[] {
  const kept = directory.entries.filter((other) => other !== entry).map(({ raw }) => raw);
  // No directory may be empty.
  if (kept.length === 0) throw new LabelRefusal('container-variant', directory.name);
  const bytes = directoryBytes(shape, kept, directory.next);
  const atEnd = !entry.isInline && !isShared && entry.at + entry.bytes === source.size;
  if (atEnd && aligned(directory.end, shape.width) === entry.at)
    return [{ at: directory.at, remove: source.size - directory.at, insert: bytes }];
  const cut = shortened(directory, bytes);
  if (atEnd) return [cut, { at: entry.at, remove: entry.bytes, insert: new Uint8Array(0) }];
  return isShared || entry.isInline ? [cut] : [cut, zeroed(entry)];
}

/** Fewer entries in the place of more. */
function shortened({ at, end }: TiffDirectory, bytes: Uint8Array): Edit {
  return { at, remove: end - at, insert: concat([bytes, new Uint8Array(end - at - bytes.length)]) };
}

/** Packets of other pages and previews lose labels where they stand; those that held nothing else lose their tag. */
function otherPacketEdits(source: ByteSource, file: TiffFile, packet: Packet, change: LabelChange): Edit[] {
  const { directory, entry, text, where } = packet;
  const stripped = strippedPacket(text, change, where);
  if (stripped === text) return [];
  refuseOverlaps(file, entry);
  const kept = directory.entries.filter((other) => other !== entry).map(({ raw }) => raw);
  if (stripped === null && kept.length > 0 && !entry.isInline)
    return [shortened(directory, directoryBytes(file.shape, kept, directory.next)), zeroed(entry)];
  const insert = stripped === null ? emptyPacket(entry.bytes) : paddedPacket(stripped, entry.bytes);
  if (!insert || entry.at + entry.bytes > source.size) throw new LabelRefusal('container-damaged', where);
  return [{ at: entry.at, remove: entry.bytes, insert }];
}

function zeroed(entry: TiffEntry): Edit {
  return { at: entry.at, remove: entry.bytes, insert: new Uint8Array(entry.bytes) };
}

function aligned(offset: number, to: number): number {
  return Math.ceil(offset / to) * to;
}

/** Offsets of a plain TIFF have 32 bits. */
function file32(big: boolean): number {
  return big ? Number.MAX_SAFE_INTEGER : 0xffff_ffff;
}

function within(limit: number, offset: number): number {
  if (offset > limit) throw new LabelRefusal('no-room', 'IFD0/XMP');
  return offset;
}
