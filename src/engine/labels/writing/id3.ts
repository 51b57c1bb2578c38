import { id3v2Bytes } from '../../media/audio-frames.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { type Collector, collect } from '../containers/collect.ts';
import { collectId3, readMp3, syncsafe } from '../containers/id3.ts';
import { concat, latin1, startsWith, u32le } from '../containers/integers.ts';
import type { MetadataEntry } from '../metadata.ts';
import { blankedBytes, editApe, editId3v1 } from './ape.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { frameBytes, type Id3Frame, type Id3Tag, newTag, parseTag, rewriteTag } from './id3-tag.ts';
import { confirmed, isLabelledXmp, withoutLabels } from './old-labels.ts';
import { type Edit, pieceSource } from './pieces.ts';
import { editXmp } from './xmp-edit.ts';

/**
 * Writes the label of an MP3 file as frame `TXXX` with the description `AIGC` into the ID3v2 tag it begins with (TC260-PG-202510A), of
 * whichever version, or into a new one; the source type as XMP in a `PRIV` frame (XMP specification part 3, 2.3.4), which ID3v2.2 has
 * no place for. Labels elsewhere, in further ID3 tags and APE tags, go.
 */
export function writeMp3(source: ByteSource, change: LabelChange): Edit[] {
  return confirmed(editTags(source, change), source, change, { format: 'mp3', read: readMp3 });
}

/** Edits that take the labels out of the tags of other programs around a file that has a place of its own for them. */
export function editSurroundingTags(source: ByteSource): Edit[] {
  return editTags(source, { aigc: null });
}

function editTags(source: ByteSource, change: LabelChange): Edit[] {
  const { tags, end } = leadingTags(source);
  const trailing = trailingTags(source, end);
  const xmp: XmpEditing = { next: change.digitalSourceType, isDone: false };
  const all = [...tags, ...trailing.id3];
  const changes = all.map((tag) => ({ tag, changed: changedFrames(tag, xmp) }));
  const version = tags[0]?.version ?? 3;
  const added = concat([...labelFrame(change, version), ...xmpFrame(change, version, xmp)]);
  const edits = changes.flatMap(({ tag, changed }) =>
    rewriteTag(source, tag, changed, tag === tags[0] ? added : new Uint8Array(0)),
  );
  if (tags.length === 0 && added.length > 0) edits.push({ at: 0, remove: 0, insert: newTag(added) });
  if (trailing.ape.length === 0 && trailing.id3v1.length === 0) return edits;

  const { entries } = readMp3(source);
  edits.push(...trailing.ape.flatMap((at) => editApe(source, at, entries)));
  edits.push(...trailing.id3v1.flatMap((at) => editId3v1(at, entries)));
  return edits;
}

function labelFrame({ aigc }: LabelChange, version: 2 | 3 | 4): Uint8Array[] {
  return aigc === null ? [] : [frameBytes(version, 'TXXX', Buffer.from(`\0AIGC\0${aigc}`, 'latin1'))];
}

/** What the packets of the file get to know: the first the new source type, all others that there is none. */
interface XmpEditing {
  next: string | null | undefined;
  isDone: boolean;
}

function xmpFrame(change: LabelChange, version: 2 | 3 | 4, xmp: XmpEditing): Uint8Array[] {
  if (xmp.isDone || version === 2) return [];
  const packet = editXmp(null, { aigc: null, digitalSourceType: change.digitalSourceType });
  return packet === null ? [] : [frameBytes(version, 'PRIV', Buffer.from(`XMP\0${packet}`))];
}

/** The same number of tags that the reader looks at: more of them are no music file. */
const maxTags = 16;

/** The ID3v2 tags a file begins with, and the offset behind them. */
function leadingTags(source: ByteSource): { tags: Id3Tag[]; end: number } {
  const tags: Id3Tag[] = [];
  let end = 0;
  while (tags.length < maxTags && id3v2Bytes(source.read(end, 10), 0) > 0) {
    const tag = parseTag(source, end, source.size, tags.length > 0 ? `ID3v2[${tags.length + 1}]` : 'ID3v2');
    tags.push(tag);
    end = tag.end;
  }
  return { tags, end };
}

/** Offset behind the ID3v2 tags a file begins with. */
export function behindLeadingTags(source: ByteSource): number {
  let at = 0;
  for (let number = 0; number < maxTags; number += 1) at += id3v2Bytes(source.read(at, 10), 0);
  return at;
}

/** The tags a file ends with, found from its end as the reader does: appended ID3v2, footers of APE tags, ID3v1. */
function trailingTags(source: ByteSource, from: number): { id3: Id3Tag[]; ape: number[]; id3v1: number[] } {
  const found: { id3: Id3Tag[]; ape: number[]; id3v1: number[] } = { id3: [], ape: [], id3v1: [] };
  let end = source.size;
  for (let number = 0; number < maxTags && end - from >= 32; number += 1) {
    const tail = source.read(end - 32, 32);
    const lyrics = latin1(tail, 17);
    let start: number;
    if (end - from >= 128 && startsWith(source.read(end - 128, 3), 'TAG')) {
      start = end - 128;
      found.id3v1.push(start);
    } else if (/^\d{6}LYRICS200$/.test(lyrics)) {
      start = end - 15 - Number(lyrics.slice(0, 6));
    } else if (startsWith(tail, 'APETAGEX')) {
      const size = u32le(tail, 12);
      start = end - size - (u32le(tail, 20) >= 0x8000_0000 ? 32 : 0);
      if (size < 32 || start < from) break;
      found.ape.push(end - 32);
    } else if (startsWith(tail, '3DI', 22)) {
      start = end - 20 - syncsafe(tail, 28);
      if (start < from || id3v2Bytes(source.read(start, 10), 0) === 0) break;
      found.id3.push(parseTag(source, start, end, 'ID3v2 (appended)'));
    } else break;
    if (start >= end || start < from) break;
    end = start;
  }
  return found;
}

/** Frames that get other bytes, or null for those that go. */
function changedFrames(tag: Id3Tag, xmp: XmpEditing): Map<Id3Frame, Uint8Array | null> {
  const changed = new Map<Id3Frame, Uint8Array | null>();
  for (const frame of tag.frames) {
    if (!/^(T|W|COMM|USLT|PRIV|UFID|GEOB|IPLS)/.test(frame.id)) continue;
    const entries = entriesOf(tag, frame);
    const packet = entries.find(({ kind }) => kind === 'xmp');
    const bytes = packet ? editedPacket(tag, frame, packet, xmp) : withoutLabel(tag, frame, entries);
    if (bytes !== undefined) changed.set(frame, bytes);
  }
  return changed;
}

/** What the reader sees in a frame that stands alone in its tag. */
function entriesOf(tag: Id3Tag, frame: Id3Frame, bytes?: Uint8Array): MetadataEntry[] {
  const length = frame.end - frame.start;
  const header = Buffer.from(`ID3${String.fromCharCode(tag.version)}\0\0\0\0\0\0`, 'latin1');
  // From 2.4 on the flag says something about each frame; before, it is undone already.
  header[5] = tag.version === 4 ? tag.flags & 0x80 : 0;
  for (let index = 0; index < 4; index += 1) header[9 - index] = (length >> (7 * index)) & 0x7f;
  const piece = bytes ? { bytes } : { from: frame.start, length };
  const collector: Collector = collect();
  const alone = pieceSource(tag.body, [{ bytes: header }, piece]);
  collectId3(collector, alone, { start: 0, end: alone.size, path: tag.path });
  return collector.metadata.entries;
}

/** New bytes of a frame, null to take it out, undefined to leave it. */
function withoutLabel(tag: Id3Tag, frame: Id3Frame, entries: readonly MetadataEntry[]): Uint8Array | null | undefined {
  const rests = entries.map(({ key, kind, value, place }) =>
    withoutLabels({ key, kind, value, location: place.location }),
  );
  if (rests.every((rest, index) => rest === entries[index]?.value)) return undefined;
  // Only in bytes that are as they seem can a label be blanked among other words.
  const isPlain = (frame.flags & 0xff) === 0 && (tag.flags & 0x80) === 0;
  if (rests.every((rest) => rest === null) || !isPlain) return null;
  const bytes = tag.body.read(frame.start, frame.end - frame.start);
  const blank = concat([
    bytes.subarray(0, frame.bodyStart - frame.start),
    blankedBytes(bytes.subarray(frame.bodyStart - frame.start)),
  ]);
  const left = entriesOf(tag, frame, blank);
  const isClean = left.every(
    ({ key, kind, value, place }) => withoutLabels({ key, kind, value, location: place.location }) === value,
  );
  return isClean ? blank : null;
}

function editedPacket(
  tag: Id3Tag,
  frame: Id3Frame,
  { value, cut }: MetadataEntry,
  xmp: XmpEditing,
): Uint8Array | null | undefined {
  const isFirst = !xmp.isDone;
  xmp.isDone = true;
  const digitalSourceType = isFirst || xmp.next === undefined ? xmp.next : null;
  if (digitalSourceType === undefined && !isLabelledXmp(value)) return undefined;
  if (cut) throw new LabelRefusal('container-too-large', frame.path);
  const packet = editXmp(value, { aigc: null, digitalSourceType });
  if (packet === value) return undefined;
  return packet === null ? null : frameBytes(tag.version, 'PRIV', Buffer.from(`XMP\0${packet}`));
}
