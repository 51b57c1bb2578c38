import type { ByteSource } from '../../media/bytes.ts';
import { bufferSource } from '../../media/bytes.ts';
import { elementHeaderAt } from '../containers/ebml.ts';
import { bigEndian, concat } from '../containers/integers.ts';
import { readMatroska } from '../containers/matroska.ts';
import { blankedIn, type Carrier, carriersOf, disjoint } from './carriers.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import {
  crc32Id,
  type Element,
  element,
  elementsIn,
  filled,
  master,
  sizeOf,
  unsigned,
  voidElement,
  voidId,
} from './ebml-elements.ts';
import { movedCues, readSeekHead, type SeekHead, seekHeadBytes } from './matroska-positions.ts';
import { type Moved, movedBy } from './moved.ts';
import { ascii } from './numbers.ts';
import { confirmed } from './old-labels.ts';
import type { Edit } from './pieces.ts';

/**
 * The label as SimpleTag `AIGC` of a Tag about the whole file (practice guide TC260-PG-20257A), for mkv and webm. The container has no
 * place for an IPTC source type.
 *
 * The tags stand before the first cluster: in the place of the old ones or of void elements, else all positions in the file (SeekHead,
 * Cues, clusters) are corrected.
 * Sources: RFC 8794 (EBML), RFC 9559 (Matroska).
 */
export function writeMatroska(source: ByteSource, change: LabelChange): Edit[] {
  const file = open(source);
  const carriers = carriersOf(readMatroska(source));
  const inTags = carriers.filter(({ location }) => location === 'matroska.tags');
  if (inTags.some((carrier) => !file.tags.some((tags) => holds(tags, carrier)))) walkClusters(file);
  const elsewhere = carriers.filter((carrier) => !inTags.includes(carrier));
  const edits = [...blankedElsewhere(file, elsewhere), ...tagEdits(file, inTags, change.aigc)];
  return confirmed(disjoint(edits), source, change, { format: 'mkv', read: readMatroska });
}

interface File {
  source: ByteSource;
  segment: { start: number; sizeAt: number; bodyStart: number; end: number; isSized: boolean };
  /** Elements of the segment before the first cluster, and those that SeekHeads name; in order of the file, clusters left out. */
  known: Element[];
  starts: Set<number>;
  tags: Element[];
  /** Offset of the first cluster; the segment's end where there is none. */
  clustersAt: number;
  /** Set once all clusters were walked. */
  clusterPositions: ClusterPosition[] | null;
}

interface ClusterPosition {
  field: Element;
  position: number;
  hasChecksum: boolean;
}

const ids = {
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  cluster: 0x1f43b675,
  cues: 0x1c53bb6b,
  tags: 0x1254c367,
  tag: 0x7373,
  targets: 0x63c0,
  simpleTag: 0x67c8,
  tagName: 0x45a3,
  tagString: 0x4487,
  timestamp: 0xe7,
  position: 0xa7,
  prevSize: 0xab,
};
const maxElements = 10_000;
/** One or two reads each. */
const maxClusters = 1_000_000;
/** Tags, cues and the like are held in memory. */
const maxElementBytes = 8 * 1024 * 1024;
const maxSeekHeads = 8;
const maxSeekEntries = 10_000;
/** Void elements that are tried. */
const maxVoids = 16;

function open(source: ByteSource): File {
  const segment = segmentOf(source);
  const file: File = {
    source,
    segment,
    known: [],
    starts: new Set(),
    tags: [],
    clustersAt: segment.end,
    clusterPositions: null,
  };
  const first = readElements(file, segment.bodyStart);
  if (first !== null) file.clustersAt = first;
  const [checksum] = file.known;
  // It covers gigabytes.
  if (checksum?.id === crc32Id) throw new LabelRefusal('container-variant', 'Segment/CRC-32');
  const heads = file.known.filter(({ id }) => id === ids.seekHead);
  if (heads.length > maxSeekHeads) throw new LabelRefusal('container-too-large', 'SeekHead');
  for (const head of heads) {
    for (const { position, id } of seekHeadOf(file, head).entries) {
      const at = segment.bodyStart + position;
      if (id !== ids.cluster && at < segment.end) readElements(file, at);
    }
  }
  sortKnown(file);
  return file;
}

function segmentOf(source: ByteSource): File['segment'] {
  for (let at = 0, seen = 0; at < source.size && seen < maxElements; seen += 1) {
    const header = elementHeaderAt(source, at);
    if (!header) break;
    const end = header.size === null ? source.size : header.bodyStart + header.size;
    if (end > source.size) throw new LabelRefusal('container-damaged', 'Segment');
    if (header.id === ids.segment) {
      return { start: at, sizeAt: at + 4, bodyStart: header.bodyStart, end, isSized: header.size !== null };
    }
    at = end;
  }
  throw new LabelRefusal('container-damaged', 'Segment');
}

/** Notes elements from an offset on, up to a cluster, whose offset is returned, or up to one that is known. */
function readElements(file: File, from: number): number | null {
  const { source, segment, known, starts } = file;
  for (let at = from; at < segment.end; ) {
    const header = elementHeaderAt(source, at);
    if (header?.id === ids.cluster || starts.has(at)) return at;
    if (!header || header.size === null || header.bodyStart + header.size > segment.end) {
      throw new LabelRefusal('container-damaged', `Segment, offset ${at}`);
    }
    if (known.length >= maxElements) throw new LabelRefusal('container-too-large', 'Segment');
    starts.add(at);
    known.push({ id: header.id, start: at, bodyStart: header.bodyStart, end: header.bodyStart + header.size });
    at = header.bodyStart + header.size;
  }
  return null;
}

function sortKnown(file: File): void {
  file.known.sort((a, b) => a.start - b.start);
  file.tags = file.known.filter(({ id }) => id === ids.tags);
}

/** Steps from cluster to cluster, noting what stands between them and where they say that they stand. */
function walkClusters(file: File): ClusterPosition[] {
  if (file.clusterPositions) return file.clusterPositions;
  const { source, segment } = file;
  const positions: ClusterPosition[] = [];
  let clusters = 0;
  for (let at = file.clustersAt; at < segment.end; ) {
    const header = elementHeaderAt(source, at);
    if (!header) throw new LabelRefusal('container-damaged', `Segment, offset ${at}`);
    const end = header.size === null ? null : header.bodyStart + header.size;
    if (end !== null && end > segment.end) throw new LabelRefusal('container-damaged', `Segment, offset ${at}`);
    if (header.id !== ids.cluster) {
      if (end === null) throw new LabelRefusal('container-damaged', `Segment, offset ${at}`);
      const element = { id: header.id, start: at, bodyStart: header.bodyStart, end };
      if (!file.starts.has(at)) file.known.push(element);
      file.starts.add(at);
      if (file.known.length > maxElements) throw new LabelRefusal('container-too-large', 'Segment');
      at = end;
      continue;
    }
    let inside = header.bodyStart;
    let hasChecksum = false;
    for (let isHead = true; inside < (end ?? segment.end); ) {
      clusters += 1;
      if (clusters > maxClusters) throw new LabelRefusal('container-too-large', 'Segment');
      const child = elementHeaderAt(source, inside);
      // A live recording's cluster ends where an element begins that cannot be inside one (RFC 8794 6.2).
      if (end === null && child && child.id > 0xffffff) break;
      if (!child || child.size === null) throw new LabelRefusal('container-damaged', `Cluster, offset ${inside}`);
      const childEnd = child.bodyStart + child.size;
      if (childEnd > segment.end) throw new LabelRefusal('container-damaged', `Cluster, offset ${inside}`);
      if (child.id === crc32Id) hasChecksum = true;
      if (child.id === ids.position && child.size <= 8) {
        const field = { id: child.id, start: inside, bodyStart: child.bodyStart, end: childEnd };
        const position = bigEndian(source.read(child.bodyStart, child.size));
        positions.push({ field, position, hasChecksum });
      }
      isHead &&= [ids.timestamp, ids.position, ids.prevSize, crc32Id, voidId].includes(child.id);
      // Behind its head only pictures and sound.
      if (end !== null && !isHead) break;
      inside = childEnd;
    }
    at = end ?? inside;
  }
  sortKnown(file);
  file.clusterPositions = positions;
  return positions;
}

function bytesOf(file: File, { start, end, id }: Element): Uint8Array {
  if (end - start > maxElementBytes) throw new LabelRefusal('container-too-large', names.get(id) ?? 'Segment');
  return file.source.read(start, end - start);
}

/** The same element, its offsets counted from its own beginning. */
function rebased({ id, start, bodyStart, end }: Element): Element {
  return { id, start: 0, bodyStart: bodyStart - start, end: end - start };
}

function seekHeadOf(file: File, head: Element): SeekHead {
  const read = readSeekHead(bytesOf(file, head), rebased(head));
  if (read.entries.length > maxSeekEntries) throw new LabelRefusal('container-too-large', 'SeekHead');
  return read;
}

function holds({ start, end }: Element, { offset }: Pick<Carrier, 'offset'>): boolean {
  return offset >= start && offset < end;
}

/** Labels in names and titles: blanks in their place, and a checksum that fits again. */
function blankedElsewhere(file: File, carriers: readonly Carrier[]): Edit[] {
  const edits: Edit[] = [];
  for (const top of file.known) {
    const blanks = carriers.filter((carrier) => holds(top, carrier)).flatMap((each) => blankedIn(file.source, each));
    edits.push(...blanks);
    const checksum = elementHeaderAt(file.source, top.bodyStart);
    if (blanks.length === 0 || checksum?.id !== crc32Id) continue;
    const bytes = Uint8Array.from(bytesOf(file, top));
    for (const { at, insert } of blanks) bytes.set(insert, at - top.start);
    const covered = bytes.subarray(checksum.bodyStart + 4 - top.start);
    const fresh = master(top.id, covered, true)
      .subarray(-covered.length - 4)
      .subarray(0, 4);
    edits.push({ at: checksum.bodyStart, remove: 4, insert: fresh });
  }
  return edits;
}

function tagEdits(file: File, carriers: readonly Carrier[], aigc: string | null): Edit[] {
  const home = aigc === null ? null : (file.tags[0] ?? null);
  const edits: Edit[] = [];
  let isGone = false;
  for (const tags of file.tags) {
    const ours = carriers.filter((carrier) => holds(tags, carrier));
    if (tags === home || ours.length === 0) continue;
    const left = tagsBytes(file, tags, ours, null);
    isGone ||= left === null;
    const space = tags.end - tags.start;
    const insert = left === null ? voidElement(space) : filled(ids.tags, left, space);
    if (!insert) throw new LabelRefusal('container-damaged', 'Tags');
    edits.push({ at: tags.start, remove: space, insert });
  }
  if (aigc === null) return isGone ? [...edits, ...withoutSeekEntries(file, edits)] : edits;
  const ours = home ? carriers.filter((carrier) => holds(home, carrier)) : [];
  const bytes = home ? tagsBytes(file, home, ours, aigc) : master(ids.tags, labelTag(aigc), false);
  return bytes ? [...edits, ...placedTags(file, home, bytes)] : edits;
}

/** A Tags element without labels, and with one where that is wanted; null where it is empty. */
function tagsBytes(file: File, tags: Element, carriers: readonly Carrier[], aigc: string | null): Uint8Array | null {
  const bytes = bytesOf(file, tags);
  const source = bufferSource(bytes);
  const cuts = new Set(carriers.filter(({ isWhole }) => isWhole).map(({ offset }) => offset - tags.start));
  const blanks = carriers.filter(({ isWhole }) => !isWhole).flatMap((carrier) => blankedIn(file.source, carrier));
  const text = Uint8Array.from(bytes);
  for (const { at, insert } of blanks) text.set(insert, at - tags.start);

  /** The children that stay; null where the last SimpleTag went. */
  const pruned = (parent: Element, depth: number): { kept: Uint8Array; hasChecksum: boolean; isEmptied: boolean } => {
    if (depth > 16) throw new LabelRefusal('container-damaged', 'Tags');
    const parts: Uint8Array[] = [];
    let [cut, left, hasChecksum] = [0, 0, false];
    for (const child of elementsIn(source, parent.bodyStart, parent.end, 'Tags')) {
      const isTag = child.id === ids.tag || child.id === ids.simpleTag;
      const holdsChanges = carriers.some(({ offset }) => holds(child, { offset: offset - tags.start }));
      if (child.id === crc32Id) hasChecksum = true;
      else if (cuts.has(child.start)) cut += 1;
      else if (isTag && holdsChanges) {
        const inner = pruned(child, depth + 1);
        if (inner.isEmptied && child.id === ids.tag) cut += 1;
        else {
          parts.push(master(child.id, inner.kept, inner.hasChecksum));
          left += 1;
        }
      } else {
        parts.push(text.subarray(child.start, child.end));
        if (isTag) left += 1;
      }
    }
    return { kept: concat(parts), hasChecksum, isEmptied: cut > 0 && left === 0 };
  };

  const { kept, hasChecksum, isEmptied } = pruned(rebased(tags), 0);
  if (aigc === null) return isEmptied ? null : master(ids.tags, kept, hasChecksum);
  return master(ids.tags, concat([kept, labelTag(aigc)]), hasChecksum);
}

/** No target: the tag is about everything in the segment (RFC 9559 5.1.8.1.1). */
function labelTag(aigc: string): Uint8Array {
  const simple = concat([
    element(ids.tagName, ascii('AIGC')),
    element(ids.tagString, new Uint8Array(Buffer.from(aigc))),
  ]);
  return element(ids.tag, concat([element(ids.targets, new Uint8Array(0)), element(ids.simpleTag, simple)]));
}

/**
 * Before the first cluster, where also those readers come by that do not look behind gigabytes (CNLB-3: metadata is in the header of
 * a file): in the place of the old tags or of void elements, else between what is there. The old ones, where they are not the
 * same, become void.
 */
function placedTags(file: File, home: Element | null, bytes: Uint8Array): Edit[] {
  if (home && home.start < file.clustersAt) {
    const end = endOfVoids(file, home.end);
    const fitting = filled(ids.tags, bytes, end - home.start);
    if (fitting) return [{ at: home.start, remove: end - home.start, insert: fitting }];
  }
  const old = home
    ? [{ at: home.start, remove: home.end - home.start, insert: voidElement(home.end - home.start) }]
    : [];
  const still = inVoid(file, home, bytes, old);
  if (still) return still;
  try {
    return beforeClusters(file, home, bytes);
  } catch (error) {
    // A file that nothing may be moved in can still have them at its end.
    const isMovable = !(error instanceof LabelRefusal) || error.code === 'container-damaged';
    const atEnd = isMovable ? null : atTheEnd(file, home, bytes, old);
    if (!atEnd) throw error;
    return atEnd;
  }
}

/** Behind the void elements that follow an offset. */
function endOfVoids(file: File, from: number): number {
  let end = from;
  for (const { id, start, end: next } of file.known) if (id === voidId && start === end) end = next;
  return end;
}

/** In a void element before the first cluster: all readers come by there. */
function inVoid(file: File, home: Element | null, bytes: Uint8Array, old: Edit[]): Edit[] | null {
  const isNamed = home !== null && isSought(file, home);
  const fits = ({ id, start, end }: Element) =>
    id === voidId && start < file.clustersAt && filled(ids.tags, bytes, end - start) !== null;
  for (const place of file.known.filter(fits).slice(-maxVoids).toReversed()) {
    const insert = filled(ids.tags, bytes, place.end - place.start);
    if (!insert) continue;
    const edits = [...old, { at: place.start, remove: place.end - place.start, insert }];
    if (!home || !isNamed) return edits;
    const heads = seekHeadEdits(file, edits, home.start, place.start, true);
    if (heads) return [...edits, ...heads];
  }
  return null;
}

/** Behind everything else, where a SeekHead says so: nothing moves. */
function atTheEnd(file: File, home: Element | null, bytes: Uint8Array, old: Edit[]): Edit[] | null {
  const { segment } = file;
  if (!segment.isSized) return null;
  const heads = seekHeadEdits(file, old, home?.start ?? null, segment.end, true);
  if (!heads || heads.length === 0) return null;
  return [...old, ...heads, { at: segment.end, remove: 0, insert: bytes }, ...grownSegment(file, bytes.length)];
}

function isSought(file: File, { start }: Element): boolean {
  return file.known
    .filter(({ id }) => id === ids.seekHead)
    .some((head) => seekHeadOf(file, head).entries.some((entry) => file.segment.bodyStart + entry.position === start));
}

/**
 * SeekHeads that name the tags at another place, without moving anything: with the void elements behind them. Null where there is no
 * room. The first SeekHead gets an entry where none had one.
 */
function seekHeadEdits(
  file: File,
  others: readonly Edit[],
  from: number | null,
  to: number | null,
  mustStay: boolean,
): Edit[] | null {
  const { segment } = file;
  const edits: Edit[] = [];
  const heads = file.known.filter(({ id }) => id === ids.seekHead);
  const isNamed = from !== null && heads.some((head) => namesPosition(file, head, from));
  for (const head of heads) {
    const read = seekHeadOf(file, head);
    const isOld = ({ position }: { position: number }) => from !== null && segment.bodyStart + position === from;
    const kept = read.entries.flatMap((entry) => {
      if (!isOld(entry)) return [entry];
      return to === null ? [] : [{ ...entry, position: to - segment.bodyStart }];
    });
    const isNew = to !== null && !isNamed && head === heads[0];
    if (isNew) kept.push({ id: ids.tags, position: to - segment.bodyStart, width: 1 });
    else if (!read.entries.some(isOld)) continue;
    const bytes = seekHeadBytes({ ...read, entries: kept });
    const edit = [head.end, endOfVoids(file, head.end)]
      .filter((end) => !others.some(({ at, remove }) => at < end && at + remove > head.start))
      .map((end) => filledEdit(head, bytes, end))
      .find((each) => each !== null);
    if (!edit) {
      if (mustStay) return null;
      continue;
    }
    edits.push(edit);
  }
  return edits;
}

function filledEdit({ id, start }: Element, bytes: Uint8Array, end: number): Edit | null {
  const insert = filled(id, bytes, end - start);
  return insert && { at: start, remove: end - start, insert };
}

function namesPosition(file: File, head: Element, at: number): boolean {
  return seekHeadOf(file, head).entries.some(({ position }) => file.segment.bodyStart + position === at);
}

/** SeekHeads without the tags that went; where there is no room for the shorter one, it keeps pointing at the void. */
function withoutSeekEntries(file: File, edits: readonly Edit[]): Edit[] {
  const gone = edits.find(({ insert }) => insert[0] === voidId);
  return gone ? (seekHeadEdits(file, edits, gone.at, null, false) ?? []) : [];
}

function grownSegment({ segment }: File, growth: number): Edit[] {
  if (!segment.isSized) return [];
  // Positions count from behind it, so it may need more bytes than before.
  const width = segment.bodyStart - segment.sizeAt;
  const insert = sizeOf(segment.end - segment.bodyStart + growth, width);
  return [{ at: segment.sizeAt, remove: width, insert }];
}

/**
 * In front of the first cluster, or grown in its place there; what follows moves, and with it all positions: those of SeekHeads, Cues
 * (whose numbers may need more bytes, which moves things again) and clusters.
 */
function beforeClusters(file: File, home: Element | null, bytes: Uint8Array): Edit[] {
  const { source, segment } = file;
  const clusterPositions = walkClusters(file);
  const isAhead = home !== null && home.start < file.clustersAt;
  const at = isAhead ? home.start : file.clustersAt;
  const tags = { at, remove: isAhead ? home.end - home.start : 0, insert: bytes };
  const old =
    home && !isAhead
      ? [{ at: home.start, remove: home.end - home.start, insert: voidElement(home.end - home.start) }]
      : [];
  const movable = file.known.filter(({ id }) => id === ids.seekHead || id === ids.cues);
  const originals = movable.map((each) => bytesOf(file, each));
  let rewritten: Edit[] = [];
  for (let round = 0; round < maxRounds; round += 1) {
    const moved = movedBy([tags, ...old, ...rewritten]);
    const relative: Moved = (position) => {
      const target = segment.bodyStart + position;
      if (target > segment.end) return position;
      // What stood at the old tags stands at the new ones now.
      if (home && target === home.start) return moved(at) - segment.bodyStart - (isAhead ? 0 : bytes.length);
      return moved(target) - segment.bodyStart;
    };
    const next = movable.map((each, index): Edit => {
      const original = originals[index] ?? new Uint8Array(0);
      const insert = rewrittenElement(each, original, relative);
      return { at: each.start, remove: each.end - each.start, insert };
    });
    const isStable = next.every(({ insert }, index) => insert.length === (rewritten[index]?.insert.length ?? -1));
    rewritten = next;
    if (!isStable) continue;
    const moves = clusterPositions.flatMap((each) => clusterPositionEdit(each, relative));
    const edits = [...old, tags, ...rewritten, ...moves];
    const growth = edits.reduce((sum, { remove, insert }) => sum + insert.length - remove, 0);
    return [...edits.filter((edit) => !isSame(source, edit)), ...grownSegment(file, growth)];
  }
  throw new LabelRefusal('container-variant', 'Cues');
}

/** Numbers grow a few times at most. */
const maxRounds = 10;

function rewrittenElement(each: Element, bytes: Uint8Array, relative: Moved): Uint8Array {
  if (each.id === ids.cues) return movedCues(bytes, rebased(each), relative);
  const head = readSeekHead(bytes, rebased(each));
  return seekHeadBytes({
    ...head,
    entries: head.entries.map((entry) => ({ ...entry, position: relative(entry.position) })),
  });
}

/** A cluster's own note of where it stands, which readers do not need (RFC 9559 5.1.3.2): void where it no longer fits. */
function clusterPositionEdit({ field, position, hasChecksum }: ClusterPosition, relative: Moved): Edit[] {
  const target = relative(position);
  // Live recordings say 0 throughout.
  if (target === position || position === 0) return [];
  if (hasChecksum) throw new LabelRefusal('container-variant', 'Cluster/CRC-32');
  const width = field.end - field.bodyStart;
  const value = unsigned(target, width);
  if (value.length === width) return [{ at: field.bodyStart, remove: width, insert: value }];
  return [{ at: field.start, remove: field.end - field.start, insert: voidElement(field.end - field.start) }];
}

function isSame(source: ByteSource, { at, remove, insert }: Edit): boolean {
  return remove === insert.length && Buffer.compare(source.read(at, remove), insert) === 0;
}

const names = new Map([
  [ids.seekHead, 'SeekHead'],
  [ids.cues, 'Cues'],
  [ids.tags, 'Tags'],
]);
