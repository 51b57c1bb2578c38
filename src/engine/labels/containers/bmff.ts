import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { maxDepth } from '../metadata.ts';
import { collectItems, type ItemLocations } from './bmff-items.ts';
import { collectList, itemText, readKeys } from './bmff-lists.ts';
import { type Box, eachBox } from './boxes.ts';
import { type Collector, collect } from './collect.ts';
import { decodeXml, textOrNull, trimNul } from './decode-text.ts';
import { latin1, startsWith, u16be, u32be } from './integers.ts';

/**
 * Metadata of an ISO media file or QuickTime movie: mp4, mov, m4v, m4a.
 *
 * Only box headers and the fields themselves are read; `mdat` is stepped over, so a movie box behind gigabytes of media costs nothing.
 * Sources: ISO/IEC 14496-12, the QuickTime File Format Specification (metadata, user data), 3GPP TS 26.244 8, the XMP specification
 * part 3 (uuid box), GB 45438 practice guide TC260-PG-20257A (`AIGC` under `moov.udta.meta`) and forms seen in the wild.
 */
export function readBmff(source: ByteSource): Metadata {
  return read(source, { xmp: 'bmff.meta', exif: 'bmff.meta', other: 'bmff.meta' });
}

/** Metadata of a HEIF picture or sequence (heic, avif): its items (ISO/IEC 23008-12), and whatever the boxes of a movie may hold. */
export function readHeif(source: ByteSource): Metadata {
  return read(source, { xmp: 'heif.xmp', exif: 'heif.exif', other: 'heif.other' });
}

/** What the walk of one file needs everywhere. */
interface File {
  source: ByteSource;
  collector: Collector;
  /** Locations of what a meta box at file level holds. */
  fileMeta: ItemLocations;
  /** Handler of the track being walked: it says how its sample descriptions are laid out. */
  handler: string;
  fragments: number;
}

interface Level {
  start: number;
  end: number;
  /** `moov/udta`, empty at the top. */
  path: string;
  parents: readonly string[];
}

function read(source: ByteSource, fileMeta: ItemLocations): Metadata {
  const collector = collect();
  const file: File = { source, collector, fileMeta, handler: '', fragments: 0 };
  walk(file, { start: 0, end: source.size, path: '', parents: [] });
  return collector.metadata;
}

function walk(file: File, level: Level): void {
  if (level.parents.length > maxDepth) {
    file.collector.finding('nested-too-deep', shortened(level.path));
    return;
  }
  const seen = new Map<string, number>();
  const tell = (at: number) => tellBadSize(file, level, at);
  for (const box of eachBox(file.source, level.start, level.end, tell)) {
    if (!file.collector.step(level.path || 'file')) return;
    if (level.path === '' && !/^[\x20-\x7e\xa9]{4}$/.test(box.type)) {
      // Bytes behind the last box that are none.
      file.collector.finding('bad-structure', 'file');
      return;
    }
    const number = (seen.get(box.type) ?? 0) + 1;
    seen.set(box.type, number);
    const path = below(level.path, box.type, number);
    if (box.truncated) file.collector.finding('truncated', path);
    visit(file, level, box, path);
  }
}

function visit(file: File, level: Level, box: Box, path: string): void {
  const { type } = box;
  const inner: Level = { start: box.bodyStart, end: box.end, path, parents: [...level.parents, type] };
  if (/^aigc$/i.test(type)) collectText(file, box, path, 'bmff.aigc', type);
  else if (type === 'moof' && ++file.fragments > walkedFragments) return;
  else if (containers.has(type)) walk(file, inner);
  else if (type === 'meta') collectMeta(file, inner, box);
  else if (type === 'uuid') collectUuid(file, level, box, path);
  else if (type === 'XMP_') collectXmp(file, box, path, inTrack(level) ? 'bmff.trak' : 'bmff.uuid.xmp');
  else if (type === 'hdlr' && level.parents.at(-1) === 'mdia') collectHandler(file, box, path);
  else if (type === 'stsd') collectSampleDescriptions(file, inner);
  else if (level.parents.at(-1) === 'udta') collectUserData(file, level, box, path);
  else if (type === 'ilst') {
    collectList(file, { box, path, keys: null, location: inTrack(level) ? 'bmff.trak' : 'bmff.other' });
  } else if (spare.has(type) && box.end - box.bodyStart <= maxSpareBytes) {
    // Unused space where muxers leave their names.
    collectText(file, box, path, 'bmff.other', type, 'only-text');
  }
}

/** The meta box of a track, a movie or a file: either a list of items by key or by four characters, or HEIF items. */
function collectMeta(file: File, level: Level, meta: Box): void {
  const parents = level.parents.slice(0, -1);
  const start = metaStart(file.source, meta);
  const tell = (at: number) => tellBadSize(file, level, at);
  const children: Box[] = [];
  for (const child of eachBox(file.source, start, meta.end, tell)) {
    if (!file.collector.step(level.path)) return;
    if (child.truncated) file.collector.finding('truncated', below(level.path, child.type, 1));
    children.push(child);
  }
  const one = (type: string) => children.find((child) => child.type === type);
  const keysBox = one('keys');
  const keys = keysBox ? readKeys(file, keysBox, `${level.path}/keys`) : null;
  const locations = atFileLevel(parents) ? file.fileMeta : sameEverywhere(metaLocation(parents, keys !== null));

  collectItems(file, { iinf: one('iinf'), iloc: one('iloc'), idat: one('idat') }, level.path, locations);
  const seen = new Map<string, number>();
  for (const child of children) {
    const number = (seen.get(child.type) ?? 0) + 1;
    seen.set(child.type, number);
    const path = below(level.path, child.type, number);
    if (child.type === 'ilst') {
      const location = metaLocation(parents, keys !== null);
      collectList(file, { box: child, path, keys, location, keylessLocation: keylessLocation(parents) });
    } else if (child.type === 'xml ') {
      collectXml(file, child, path, locations);
    } else if (!ownBoxes.has(child.type)) {
      visit(file, level, child, path);
    }
  }
}

function sameEverywhere(location: string): ItemLocations {
  return { xmp: location, exif: location, other: location };
}

function atFileLevel(parents: readonly string[]): boolean {
  return parents.length === 0;
}

function metaLocation(parents: readonly string[], byKeys: boolean): string {
  if (parents.includes('trak')) return 'bmff.trak';
  switch (parents.join('/')) {
    case '':
      return 'bmff.meta';
    case 'moov':
      return 'bmff.moov.meta';
    case 'moov/udta':
      return byKeys ? 'bmff.moov.udta.meta.mdta' : 'bmff.moov.udta.meta.mdir';
    default:
      return 'bmff.other';
  }
}

function keylessLocation(parents: readonly string[]): string {
  return parents.join('/') === 'moov/udta' ? 'bmff.moov.udta.meta.keyless' : metaLocation(parents, false);
}

/** ISO gives a meta box a version and flags, QuickTime does not: the first child's type tells which it is. */
export function metaStart(source: ByteSource, meta: Box): number {
  const head = source.read(meta.bodyStart, 12);
  const plain = latin1(head, 4, 8);
  const versioned = latin1(head, 8, 12);
  const isChild = (type: string) => /^[a-zA-Z0-9 ]{4}$/.test(type);
  return isChild(plain) && !isChild(versioned) ? meta.bodyStart : meta.bodyStart + 4;
}

function collectUuid(file: File, level: Level, box: Box, path: string): void {
  if (box.uuid === xmpUuid) {
    collectXmp(file, box, path, 'bmff.uuid.xmp');
    return;
  }
  // The manifest store is the provenance reader's.
  if (box.uuid === null || box.uuid === c2paUuid) return;
  const location = inTrack(level) ? 'bmff.trak' : 'bmff.other';
  if (box.end - box.bodyStart <= maxUnknownBytes) {
    collectText(file, box, path, location, `uuid:${box.uuid}`, 'only-text');
  }
}

function collectXmp(file: File, box: Box, path: string, location: string): void {
  const bytes = file.collector.read(file.source, box.bodyStart, box.end - box.bodyStart, path);
  file.collector.xmp(trimNul(decodeXml(bytes)), { location, path, ...span(box) });
}

/** An XML document that is the metadata (ISO 14496-12 8.11.2): XMP, or somebody's own. */
function collectXml(file: File, box: Box, path: string, locations: ItemLocations): void {
  const bytes = file.collector.read(file.source, box.bodyStart + 4, box.end - box.bodyStart - 4, path);
  const text = trimNul(decodeXml(bytes));
  if (text.includes('<rdf:RDF')) file.collector.xmp(text, { location: locations.xmp, path, ...span(box) });
  else if (text !== '') file.collector.text('xml', text, { location: locations.other, path, ...span(box) });
}

/** The kind of a track, and its handler's name, which often names the muxer: `Core Media Video`, `ISO Media file produced by …`. */
function collectHandler(file: File, box: Box, path: string): void {
  const body = file.source.read(box.bodyStart, Math.min(box.end - box.bodyStart, 24 + 256));
  file.handler = latin1(body, 8, 12);
  let name = body.subarray(24);
  // QuickTime counts its characters in a first byte, ISO ends them with a zero.
  if (name.length > 1 && name[0] === name.length - 1) name = name.subarray(1);
  const text = textOrNull(name);
  if (text !== null) file.collector.text('hdlr', text, { location: 'bmff.other', path, ...span(box) });
}

/** The encoder's name in the description of a picture track (ISO 14496-12 12.1.3: compressorname, counted in its first byte). */
function collectSampleDescriptions(file: File, level: Level): void {
  if (file.handler !== 'vide') return;
  let number = 0;
  for (const entry of eachBox(file.source, level.start + 8, level.end)) {
    if (!file.collector.step(level.path)) return;
    const path = below(level.path, entry.type, ++number);
    const field = file.source.read(entry.bodyStart + 42, Math.min(32, Math.max(0, entry.end - entry.bodyStart - 42)));
    const text = textOrNull(field.subarray(1, 1 + Math.min(31, field[0] ?? 0)));
    if (text !== null) file.collector.text('compressorname', text, { location: 'bmff.other', path, ...span(entry) });
  }
}

/** Children of a user data box: QuickTime international text, 3GPP strings, and plain text under names of all sorts. */
function collectUserData(file: File, level: Level, box: Box, path: string): void {
  const length = box.end - box.bodyStart;
  const text = box.type.startsWith('\xa9');
  const location = inTrack(level) ? 'bmff.trak' : text ? textLocation(level) : 'bmff.other';
  if (!text && length > maxUnknownBytes) return;
  if (!text && !gppStrings.has(box.type)) {
    collectText(file, box, path, location, box.type, 'only-text');
    return;
  }
  const body = file.collector.read(file.source, box.bodyStart, length, path);
  const found = text ? internationalTexts(body) : gppTexts(body);
  if (found.length === 0) {
    collectText(file, box, path, location, box.type, 'only-text');
    return;
  }
  for (const value of found) file.collector.text(box.type, value, { location, path, ...span(box) });
}

function textLocation(level: Level): string {
  return level.parents.join('/') === 'moov/udta' ? 'bmff.moov.udta.text' : 'bmff.other';
}

/** QuickTime: any number of (length, language, text); empty when the bytes are not that. */
function internationalTexts(body: Uint8Array): string[] {
  const texts: string[] = [];
  for (let at = 0; at + 4 < body.length; ) {
    const length = u16be(body, at);
    const language = u16be(body, at + 2);
    if (length === 0) break;
    if (at + 4 + length > body.length) return [];
    const bytes = body.subarray(at + 4, at + 4 + length);
    // Language codes below 0x400 are Macintosh scripts; in the wild their text is UTF-8 all the same.
    const text = textOrNull(bytes) ?? (language < 0x400 ? new TextDecoder('macintosh').decode(bytes) : latin1(bytes));
    texts.push(trimNul(text));
    at += 4 + length;
  }
  return texts;
}

/** 3GPP TS 26.244 8: version, flags, packed language, then UTF-8 or marked UTF-16 up to a zero. */
function gppTexts(body: Uint8Array): string[] {
  if (u32be(body, 0) !== 0 || body.length < 7) return [];
  const text = textOrNull(body.subarray(6));
  return text === null ? [] : [text];
}

/**
 * A box that is text, perhaps behind a version and flags, perhaps wrapped in a `data` box as in an item list.
 * Boxes that nobody promised to be text (`only-text`) leave no entry when they are not.
 */
function collectText(file: File, box: Box, path: string, location: string, key: string, only?: 'only-text'): void {
  const place = { location, path, ...span(box) };
  const wrapped = itemText(file, box, path);
  if (wrapped !== null) {
    file.collector.text(key, wrapped, place);
    return;
  }
  const bytes = file.collector.read(file.source, box.bodyStart, box.end - box.bodyStart, path);
  const behindFlags = startsWith(bytes, '\0\0\0') ? textOrNull(bytes.subarray(4)) : null;
  const text = textOrNull(bytes) ?? behindFlags;
  if (text !== null) file.collector.text(key, text, place);
  else if (only === undefined && bytes.length > 0) file.collector.binary(key, place);
}

function tellBadSize(file: File, level: Level, at: number): void {
  // A QuickTime user data list may end with a zero length; zeros are padding wherever they stand.
  const rest = file.source.read(at, Math.min(8, level.end - at));
  if (rest.some((byte) => byte !== 0)) file.collector.finding('bad-structure', shortened(level.path) || 'file');
}

function inTrack(level: Level): boolean {
  return level.parents.includes('trak');
}

function span(box: Box): { offset: number; length: number } {
  return { offset: box.start, length: box.end - box.start };
}

/** `moov/trak[2]`; types come from the file, so what is not printable is shown as a dot. */
function below(path: string, type: string, number: number): string {
  const name = type.replaceAll(/[^\x20-\x7e\xa9]/g, '.');
  const step = number > 1 ? `${name}[${number}]` : name;
  return path === '' ? step : `${path}/${step}`;
}

function shortened(path: string): string {
  return path.length > 60 ? `${path.slice(0, 57)}...` : path;
}

const xmpUuid = 'be7acfcb97a942e89c71999491e3afac';
const c2paUuid = 'd8fec3d61b0e483c92975828877ec481';
const containers = new Set('moov trak udta mdia minf stbl moof traf mvex edts dinf tref meco strk'.split(' '));
/** Children of a meta box that are read with it. */
const ownBoxes = new Set(['hdlr', 'keys', 'ilst', 'iinf', 'iloc', 'idat', 'xml ']);
const spare = new Set(['free', 'skip', 'wide']);
const gppStrings = new Set(['titl', 'dscp', 'cprt', 'perf', 'auth', 'gnre', 'albm', 'coll']);
/** Beyond this, spare space and boxes nobody knows are data, not words. */
const maxSpareBytes = 4 * 1024;
const maxUnknownBytes = 64 * 1024;
/** Fragments repeat themselves for hours; what is said about the file stands in the first. */
const walkedFragments = 64;
