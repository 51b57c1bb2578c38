import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { maxDepth } from '../metadata.ts';
import { type Collector, collect } from './collect.ts';
import { decodeText, textOrNull, trimNul } from './decode-text.ts';
import { elementHeaderAt } from './ebml.ts';
import { bigEndian } from './integers.ts';

/**
 * Metadata of a Matroska or WebM file: tags, the muxer's and writer's names, track names, attachment names.
 *
 * Clusters are not walked when the SeekHead says where the rest lies, so tags behind gigabytes of media cost a few reads.
 * Sources: RFC 8794 (EBML), RFC 9559 (Matroska).
 */
export function readMatroska(source: ByteSource): Metadata {
  const collector = collect();
  const file: File = { source, collector, hops: 0 };
  let number = 0;
  for (const element of eachElement(file, 0, source.size, 'file')) {
    if (element.id === ids.segment) readSegment(file, element, step('', 'Segment', ++number));
  }
  return collector.metadata;
}

interface File {
  source: ByteSource;
  collector: Collector;
  /** Clusters and blocks stepped over. */
  hops: number;
}

interface Element {
  id: number;
  start: number;
  bodyStart: number;
  /** Cut to the parent; the parent's end where the size is unknown. */
  end: number;
  sized: boolean;
}

/**
 * The elements of a segment: in order up to the first cluster, then wherever SeekHeads point and in order from there.
 * From cluster to cluster only where no SeekHead names anything behind the first one.
 */
function readSegment(file: File, segment: Element, path: string): void {
  const walk: Walk = { segment, path, visited: new Set(), counts: new Map(), targets: [] };
  const firstCluster = readElements(file, walk, segment.bodyStart);
  for (let from = walk.targets.shift(); from !== undefined; from = walk.targets.shift()) readElements(file, walk, from);
  const last = Math.max(...walk.visited, 0);
  for (let at = last === firstCluster?.start ? firstCluster : null; at; ) {
    const next = endOfCluster(file, at, segment.end, path);
    at = next === null ? null : readElements(file, walk, next);
  }
}

interface Walk {
  segment: Element;
  path: string;
  visited: Set<number>;
  counts: Map<string, number>;
  /** Offsets that SeekHeads named. */
  targets: number[];
}

/** Elements from an offset up to a cluster, which is returned, or to one that was read before. */
function readElements(file: File, walk: Walk, from: number): Element | null {
  for (const element of eachElement(file, from, walk.segment.end, walk.path)) {
    if (walk.visited.has(element.start)) return null;
    walk.visited.add(element.start);
    if (element.id === ids.cluster) return element;
    if (element.id === ids.seekHead) walk.targets.push(...seekTargets(file, element, walk.segment, walk.path));
    else readTopElement(file, element, walk.path, walk.counts);
  }
  return null;
}

/** Where the element behind a cluster starts; null where that would take too long to find out. */
function endOfCluster(file: File, cluster: Element, end: number, path: string): number | null {
  if (++file.hops > maxHops) {
    file.collector.finding('too-many-entries', path);
    return null;
  }
  if (cluster.sized) return cluster.end < end ? cluster.end : null;
  // A live recording's cluster ends where an element begins that cannot be inside one (RFC 8794 6.2).
  for (const child of eachElement(file, cluster.bodyStart, end, path)) {
    if (child.id === ids.cluster || topElements.has(child.id) || otherTopElements.has(child.id)) return child.start;
    if (!child.sized) return null;
    if (++file.hops > maxHops) {
      file.collector.finding('too-many-entries', path);
      return null;
    }
  }
  return null;
}

function readTopElement(file: File, element: Element, path: string, counts: Map<string, number>): void {
  const reader = topElements.get(element.id);
  if (!reader) return;
  const number = (counts.get(reader.name) ?? 0) + 1;
  counts.set(reader.name, number);
  reader.read(file, element, step(path, reader.name, number));
}

/** Offsets in the file of what a SeekHead names, clusters left out: they hold no metadata. */
function seekTargets(file: File, head: Element, segment: Element, path: string): number[] {
  const targets: number[] = [];
  for (const seek of eachElement(file, head.bodyStart, head.end, `${path}/SeekHead`)) {
    if (seek.id !== ids.seek || targets.length >= maxTargets) continue;
    let wanted = 0;
    let position: number | null = null;
    for (const field of eachElement(file, seek.bodyStart, seek.end, `${path}/SeekHead`)) {
      if (field.id === ids.seekId) wanted = unsigned(file, field);
      if (field.id === ids.seekPosition) position = unsigned(file, field);
    }
    if (position === null || wanted === ids.cluster) continue;
    const at = segment.bodyStart + position;
    if (at < segment.end) targets.push(at);
    else file.collector.finding('truncated', `${path}/SeekHead`);
  }
  return targets;
}

function readInfo(file: File, info: Element, path: string): void {
  for (const field of eachElement(file, info.bodyStart, info.end, path)) {
    const name = infoFields.get(field.id);
    if (name) addText(file, field, name, `${path}/${name}`, 'matroska.info');
  }
}

function readTracks(file: File, tracks: Element, path: string): void {
  let number = 0;
  for (const track of eachElement(file, tracks.bodyStart, tracks.end, path)) {
    if (track.id !== ids.trackEntry) continue;
    const trackPath = step(path, 'TrackEntry', ++number);
    for (const field of eachElement(file, track.bodyStart, track.end, trackPath)) {
      const name = trackFields.get(field.id);
      if (name) addText(file, field, name, `${trackPath}/${name}`, 'matroska.info');
    }
  }
}

/** Names only: attachments are fonts, pictures and documents of any size. */
function readAttachments(file: File, attachments: Element, path: string): void {
  let number = 0;
  for (const attached of eachElement(file, attachments.bodyStart, attachments.end, path)) {
    if (attached.id !== ids.attachedFile) continue;
    const filePath = step(path, 'AttachedFile', ++number);
    for (const field of eachElement(file, attached.bodyStart, attached.end, filePath)) {
      const name = attachmentFields.get(field.id);
      if (name) addText(file, field, name, `${filePath}/${name}`, 'matroska.attachment');
    }
  }
}

function readTags(file: File, tags: Element, path: string): void {
  let number = 0;
  for (const tag of eachElement(file, tags.bodyStart, tags.end, path)) {
    if (tag.id === ids.tag) readSimpleTags(file, tag, step(path, 'Tag', ++number), 0);
  }
}

/** SimpleTags of a Tag or of another SimpleTag, which may nest without end. */
function readSimpleTags(file: File, parent: Element, path: string, depth: number): void {
  if (depth > maxDepth) {
    file.collector.finding('nested-too-deep', path.slice(0, 60));
    return;
  }
  let number = 0;
  for (const tag of eachElement(file, parent.bodyStart, parent.end, path)) {
    if (tag.id !== ids.simpleTag) continue;
    const tagPath = step(path, 'SimpleTag', ++number);
    readSimpleTag(file, tag, tagPath);
    readSimpleTags(file, tag, tagPath, depth + 1);
  }
}

function readSimpleTag(file: File, tag: Element, path: string): void {
  let key = '';
  const values: Element[] = [];
  for (const field of eachElement(file, tag.bodyStart, tag.end, path)) {
    if (field.id === ids.tagName) key = fieldText(file, field, path);
    if (field.id === ids.tagString || field.id === ids.tagBinary) values.push(field);
  }
  const place = { location: 'matroska.tags', path, offset: tag.start, length: tag.end - tag.start };
  for (const value of values) {
    const bytes = file.collector.read(file.source, value.bodyStart, value.end - value.bodyStart, path);
    // A label written as TagBinary is text all the same.
    const text = value.id === ids.tagString ? trimNul(decodeText(bytes)) : textOrNull(bytes);
    if (text === null) file.collector.binary(key, place);
    else file.collector.text(key, text, place);
  }
}

function addText(file: File, field: Element, key: string, path: string, location: string): void {
  const value = fieldText(file, field, path);
  const place = { location, path, offset: field.start, length: field.end - field.start };
  if (value !== '') file.collector.text(key, value, place);
}

function fieldText(file: File, field: Element, path: string): string {
  return trimNul(decodeText(file.collector.read(file.source, field.bodyStart, field.end - field.bodyStart, path)));
}

/** Elements of one level. Ends at bytes that are no element; always moves forward. */
function* eachElement(file: File, start: number, end: number, path: string): Generator<Element> {
  for (let at = start; at < end; ) {
    if (!file.collector.step(path)) return;
    const element = elementAt(file.source, at, end);
    if (!element) {
      file.collector.finding(at + 12 > file.source.size ? 'truncated' : 'bad-structure', path);
      return;
    }
    if (element.cut) file.collector.finding('truncated', path);
    yield element;
    at = element.end;
  }
}

function elementAt(source: ByteSource, at: number, parentEnd: number): (Element & { cut: boolean }) | null {
  const header = elementHeaderAt(source, at);
  if (!header || header.bodyStart > parentEnd) return null;
  const { id, bodyStart, size } = header;
  const cut = size !== null && bodyStart + size > parentEnd;
  const end = size === null || cut ? parentEnd : bodyStart + size;
  return { id, start: at, bodyStart, end, sized: size !== null, cut };
}

/** An unsigned integer of at most eight bytes. */
function unsigned(file: File, field: Element): number {
  return bigEndian(file.source.read(field.bodyStart, Math.min(8, field.end - field.bodyStart)));
}

function step(path: string, name: string, number: number): string {
  const last = number > 1 || name === 'Tag' || name === 'SimpleTag' ? `${name}[${number}]` : name;
  return path === '' ? last : `${path}/${last}`;
}

const maxTargets = 64;
/** Each may cost a read: of a live recording without an index only the beginning is searched. */
const maxHops = 20_000;
const ids = {
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  cluster: 0x1f43b675,
  trackEntry: 0xae,
  attachedFile: 0x61a7,
  tag: 0x7373,
  simpleTag: 0x67c8,
  tagName: 0x45a3,
  tagString: 0x4487,
  tagBinary: 0x4485,
};
const topElements = new Map([
  [0x1549a966, { name: 'Info', read: readInfo }],
  [0x1654ae6b, { name: 'Tracks', read: readTracks }],
  [0x1941a469, { name: 'Attachments', read: readAttachments }],
  [0x1254c367, { name: 'Tags', read: readTags }],
]);
/** SeekHead, Cues, Chapters. */
const otherTopElements = new Set([0x114d9b74, 0x1c53bb6b, 0x1043a770]);
const infoFields = new Map([
  [0x7ba9, 'Title'],
  [0x4d80, 'MuxingApp'],
  [0x5741, 'WritingApp'],
  [0x7384, 'SegmentFilename'],
]);
const trackFields = new Map([
  [0x536e, 'TrackName'],
  [0x258688, 'CodecName'],
]);
const attachmentFields = new Map([
  [0x466e, 'FileName'],
  [0x467e, 'FileDescription'],
]);
