import type { ByteSource } from '../../media/bytes.ts';
import { decodeXml } from '../containers/decode-text.ts';
import { startsWith, u16be } from '../containers/integers.ts';
import { readJpeg } from '../containers/jpeg.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { blanked, labelsOutsideXmp } from './labelled-places.ts';
import type { Edit } from './pieces.ts';
import { editXmp, trimPadding } from './xmp-edit.ts';

/**
 * The label as `TC260:AIGC` in the XMP packet of an APP1 segment (practice guide TC260-PG-20259A), the source type beside it. The
 * packet stands behind JFIF and EXIF, where readers look for it. Picture data is not looked at.
 * Sources: ITU-T T.81 annex B; XMP specification part 3, 1.1.3.
 */
export function writeJpeg(source: ByteSource, change: LabelChange): Edit[] {
  const segments = headerSegments(source);
  return [...packetEdits(segments, change), ...oldLabelEdits(source, segments)];
}

interface Segment {
  marker: number;
  /** Of the 0xFF. */
  start: number;
  end: number;
  data: Uint8Array;
}

const xmpHeader = 'http://ns.adobe.com/xap/1.0/\0';
/** Two bytes of the segment's 65,535 count its length. */
const maxPacketBytes = 65_533 - xmpHeader.length;
const maxSegments = 5_000;

/** Segments from SOI to the first scan. */
function headerSegments(source: ByteSource): Segment[] {
  const segments: Segment[] = [];
  let at = 2;
  for (;;) {
    const start = at;
    let head = source.read(at, 4);
    // Any number of 0xFF may fill the space before a marker (T.81 B.1.1.2).
    while (head[0] === 0xff && head[1] === 0xff && at - start < 65_536) {
      at += 1;
      head = source.read(at, 4);
    }
    const marker = head[1] ?? 0;
    const length = u16be(head, 2);
    if (head.length < 4 || head[0] !== 0xff || marker === 0)
      throw new LabelRefusal('container-damaged', `offset ${at}`);
    if (marker === 0xda || marker === 0xd9) return segments;
    if (length < 2 || at + 2 + length > source.size) throw new LabelRefusal('container-damaged', `offset ${at}`);
    if (segments.length >= maxSegments) throw new LabelRefusal('container-damaged', 'segments');
    const end = at + 2 + length;
    const isText = (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
    segments.push({ marker, start: at, end, data: isText ? source.read(at + 4, length - 2) : new Uint8Array(0) });
    at = end;
  }
}

function packetEdits(segments: readonly Segment[], change: LabelChange): Edit[] {
  const packets = segments.filter(({ marker, data }) => marker === 0xe1 && startsWith(data, xmpHeader));
  const edits = packets.map((segment, index): Edit => {
    const old = decodeXml(segment.data.subarray(xmpHeader.length));
    // Only one packet is meant to be there; labels in others go, what else they say stays.
    const packet = editXmp(old, index === 0 ? change : { ...change, aigc: null, digitalSourceType: undefined });
    if (packet === old) return { at: segment.start, remove: 0, insert: new Uint8Array(0) };
    return { at: segment.start, remove: segment.end - segment.start, insert: packetSegment(packet) };
  });
  if (packets.length > 0) return edits;
  return [{ at: placeForPacket(segments), remove: 0, insert: packetSegment(editXmp(null, change)) }];
}

/** Behind JFIF, its extension and EXIF, which their readers want first. */
function placeForPacket(segments: readonly Segment[]): number {
  let at = 2;
  for (const { marker, data, end } of segments) {
    const isFirst = marker === 0xe0 || (marker === 0xe1 && startsWith(data, 'Exif\0'));
    if (!isFirst) break;
    at = end;
  }
  return at;
}

function packetSegment(packet: string | null): Uint8Array {
  if (packet === null) return new Uint8Array(0);
  const body = Buffer.from(xmpHeader + trimPadding(packet, maxPacketBytes), 'utf8');
  if (body.length > xmpHeader.length + maxPacketBytes) throw new LabelRefusal('no-room', 'APP1');
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return new Uint8Array(Buffer.concat([head, body]));
}

/** Labels in EXIF fields are blanked, those that are a segment of their own go with it. */
function oldLabelEdits(source: ByteSource, segments: readonly Segment[]): Edit[] {
  const edits = labelsOutsideXmp(readJpeg(source)).flatMap((label): Edit[] => {
    const { offset } = label.entry.place;
    const segment = segments.find(({ start, end }) => offset !== undefined && offset >= start && offset < end);
    if (!segment) return [];
    if (label.entry.place.location.endsWith('.exif') || segment.marker === 0xed) {
      const edit = blanked(label);
      return edit ? [edit] : [];
    }
    return [{ at: segment.start, remove: segment.end - segment.start, insert: new Uint8Array(0) }];
  });
  // Two labels in one segment are one cut.
  return edits.filter(({ at }, index) => edits.findIndex((other) => other.at === at) === index);
}
