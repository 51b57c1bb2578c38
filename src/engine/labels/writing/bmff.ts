import type { MediaFormat } from '../../../contract/screening.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { metaStart, readBmff } from '../containers/bmff.ts';
import { readKeys } from '../containers/bmff-lists.ts';
import { type Box, boxAt, eachBox } from '../containers/boxes.ts';
import { collect } from '../containers/collect.ts';
import { latin1, u32be } from '../containers/integers.ts';
import { type Metadata, type MetadataEntry, maxDepth } from '../metadata.ts';
import type { BoxChange } from './bmff-change.ts';
import { box, editsOf } from './bmff-changes.ts';
import { blankedIn, carriersOf, disjoint } from './carriers.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { ascii, be } from './numbers.ts';
import { confirmed } from './old-labels.ts';
import type { Edit } from './pieces.ts';
import { changePacket, paddedPacket } from './xmp-packet.ts';

/**
 * The label under key `AIGC` of the metadata list in `moov.udta.meta` (practice guide TC260-PG-20257A), the source type in an XMP
 * packet in a `uuid` box of the file (XMP specification part 3, 1.1.7). For mp4, mov, m4v and m4a, fragmented or not.
 *
 * Media is never looked at. Where it has to move, all offsets that point at it move too.
 * Sources: ISO/IEC 14496-12, QuickTime File Format Specification (metadata), XMP specification part 3.
 */
export function writeBmff(source: ByteSource, change: LabelChange): Edit[] {
  const file = boxesOf(source);
  const metadata = readBmff(source);
  const changes = [...labelChanges(file, metadata, change.aigc), ...packetChanges(file, metadata, change)];
  const edits = disjoint(editsOf(source, file, changes));
  return confirmed(edits, source, change, { format: 'mp4' satisfies MediaFormat, read: readBmff });
}

interface File {
  source: ByteSource;
  top: Box[];
  moov: Box;
  /** Offset of the first fragment: behind it sizes of fragments count, and nothing may change its own. */
  fragmentsAt: number;
}

/** Boxes of the file and of every box that is opened on the way to a label. */
const maxTopBoxes = 500_000;
const maxChildren = 100_000;
const none = new Uint8Array(0);

function boxesOf(source: ByteSource): File {
  const top: Box[] = [];
  for (const each of eachBox(source, 0, source.size)) {
    // Bytes behind the last box that are none, as the reader sees it.
    if (!/^[\x20-\x7e\xa9]{4}$/.test(each.type)) break;
    if (each.truncated) throw new LabelRefusal('container-damaged', each.type);
    if (top.length >= maxTopBoxes) throw new LabelRefusal('container-too-large', 'file');
    top.push(each);
  }
  const moov = top.find(({ type }) => type === 'moov');
  if (!moov) throw new LabelRefusal(top.length === 0 ? 'container-damaged' : 'container-variant', 'moov');
  const first = boxAt(source, moov.bodyStart, moov.end);
  if (first?.type === 'cmov') throw new LabelRefusal('container-variant', 'moov/cmov');
  const fragmentsAt = top.find(({ type }) => type === 'moof')?.start ?? source.size;
  return { source, top, moov, fragmentsAt };
}

function labelChanges(file: File, metadata: Metadata, aigc: string | null): BoxChange[] {
  const changes: BoxChange[] = [];
  const lists = new Map<number, { list: List; cut: Set<number> }>();
  for (const carrier of carriersOf(metadata)) {
    const chain = chainTo(file, carrier.offset);
    const last = chain?.at(-1);
    const list = chain && last && carrier.isWhole ? listAround(file.source, chain) : null;
    if (list && last) {
      const known = lists.get(list.meta.start) ?? { list, cut: new Set() };
      lists.set(list.meta.start, known);
      known.cut.add(last.start);
    } else if (chain && carrier.isWhole && isLabelBox(chain)) changes.push(...withoutBox(file, chain));
    else changes.push(...blankedIn(file.source, carrier).map((edit) => ({ ...edit, within: [] })));
  }

  const home = homeOf(file);
  if (home.list && !lists.has(home.list.meta.start))
    lists.set(home.list.meta.start, { list: home.list, cut: new Set() });
  const emptied: List[] = [];
  for (const { list, cut } of lists.values()) {
    const value = list.meta.start === home.list?.meta.start ? aigc : null;
    const edited = changedList(file.source, list, cut, value);
    if (edited) changes.push(...edited);
    else emptied.push(list);
  }
  const added = aigc !== null && !home.list ? newList(home.udta, file.moov, file.source, aigc) : [];
  return [...changes, ...emptied.flatMap((list) => withoutList(file, list, emptied, added)), ...added];
}

/** The boxes from the file down to the one that starts at an offset; null where none does. */
function chainTo({ source, top }: File, offset: number): Box[] | null {
  const chain: Box[] = [];
  let level: Iterable<Box> = top;
  while (chain.length <= maxDepth) {
    const inner = around(level, offset);
    if (!inner) return null;
    chain.push(inner);
    if (inner.start === offset) return chain;
    if (!opened.has(inner.type)) return null;
    level = childrenOf(source, inner);
  }
  return null;
}

/** Boxes that the reader opens, too; items of an `ilst` are found as such. */
const opened = new Set(
  'moov trak udta mdia minf stbl moof traf mvex edts dinf tref meco strk meta ilst stsd'.split(' '),
);

function around(level: Iterable<Box>, offset: number): Box | null {
  for (const each of level) if (offset >= each.start && offset < each.end) return each;
  return null;
}

/** Children of a box that is known to have some; a damaged one is never written to. */
function* childrenOf(source: ByteSource, parent: Box): Generator<Box> {
  const start =
    parent.type === 'meta' ? metaStart(source, parent) : parent.bodyStart + (parent.type === 'stsd' ? 8 : 0);
  let number = 0;
  for (const child of eachBox(source, start, parent.end)) {
    number += 1;
    if (number > maxChildren) throw new LabelRefusal('container-too-large', parent.type);
    if (child.truncated) throw new LabelRefusal('container-damaged', `${parent.type}/${shown(child.type)}`);
    yield child;
  }
}

/** Boxes that may go when they are labels: nobody else needs them. */
function isLabelBox(chain: readonly Box[]): boolean {
  const last = chain.at(-1);
  return last !== undefined && (/^aigc$/i.test(last.type) || last.type === 'uuid' || chain.at(-2)?.type === 'udta');
}

/** Cut where that changes nothing but the movie; among fragments turned into free space of the same size. */
function withoutBox({ source, fragmentsAt }: File, chain: readonly Box[]): BoxChange[] {
  const [outer] = chain;
  const last = chain.at(-1);
  if (!outer || !last) return [];
  const size = last.end - last.start;
  if (last.start < fragmentsAt && (outer.type === 'moov' || chain.length === 1)) {
    return [{ within: chain.slice(0, -1), at: last.start, remove: size, insert: none }];
  }
  if (size > maxBlankBytes) throw new LabelRefusal('container-too-large', shown(last.type));
  const header = source.read(last.start, 4);
  const insert = new Uint8Array(size);
  insert.set(header, 0);
  insert.set(ascii('free'), 4);
  // A size of 64 bits stands behind the type.
  if (u32be(header, 0) === 1) insert.set(source.read(last.start + 8, 8), 8);
  return [{ within: [], at: last.start, remove: size, insert }];
}

const maxBlankBytes = 4 * 1024 * 1024;

/** A meta box with a list of items, whether named by keys or by four characters. */
interface List {
  meta: Box;
  /** From the file down to the meta box. */
  chain: readonly Box[];
  handler: string;
  keys: Box | null;
  ilst: Box | null;
  /** Whether other things stand in the meta box. */
  hasMore: boolean;
}

function listAround(source: ByteSource, chain: readonly Box[]): List | null {
  const [meta, ilst] = chain.slice(-3);
  return meta?.type === 'meta' && ilst?.type === 'ilst' ? listIn(source, chain.slice(0, -2)) : null;
}

function listIn(source: ByteSource, chain: readonly Box[]): List | null {
  const meta = chain.at(-1);
  if (!meta) return null;
  const children = [...childrenOf(source, meta)];
  const one = (type: string) => children.find((child) => child.type === type) ?? null;
  const hdlr = one('hdlr');
  return {
    meta,
    chain,
    handler: hdlr ? latin1(source.read(hdlr.bodyStart + 8, 4)) : '',
    keys: one('keys'),
    ilst: one('ilst'),
    hasMore: children.some(({ type }) => !['hdlr', 'keys', 'ilst', 'free'].includes(type)),
  };
}

/** Where the practice guide wants the label: the user data of the movie, and the list by keys in it, if there are such already. */
function homeOf({ source, moov }: File): { udta: Box | null; list: List | null } {
  let first: Box | null = null;
  for (const udta of childrenOf(source, moov)) {
    if (udta.type !== 'udta') continue;
    first ??= udta;
    for (const meta of childrenOf(source, udta)) {
      const list = meta.type === 'meta' ? listIn(source, [moov, udta, meta]) : null;
      if (list?.keys && list.handler === 'mdta') return { udta, list };
    }
  }
  return { udta: first, list: null };
}

/** A list without some items and with a label. Null where it has nothing to say any more. */
function changedList(
  source: ByteSource,
  list: List,
  cut: ReadonlySet<number>,
  aigc: string | null,
): BoxChange[] | null {
  const items = list.ilst ? [...childrenOf(source, list.ilst)] : [];
  const kept = items.filter(({ start }) => !cut.has(start));
  if (kept.length === 0 && cut.size > 0 && aigc === null && !list.hasMore) return null;
  if (cut.size === 0 && aigc === null) return [];
  const inList = list.ilst ? [...list.chain, list.ilst] : list.chain;
  const cuts = items
    .filter(({ start }) => cut.has(start))
    .map((item) => ({ within: inList, at: item.start, remove: item.end - item.start, insert: none }));
  if (!list.keys) return cuts;

  const keys = keyEntries(source, list.keys);
  const codesOf = (some: readonly Box[]) => new Set(some.map(({ code }) => code));
  const keptCodes = codesOf(kept);
  const cutCodes = codesOf(items.filter(({ start }) => cut.has(start)));
  const dropped = keys.filter(({ code }) => cutCodes.has(code) && !keptCodes.has(code));
  const inKeys = [...list.chain, list.keys];
  const cutKeys = dropped.map(({ start, size }) => ({ within: inKeys, at: start, remove: size, insert: none }));
  // Items say the number of their key. At most as many keys go as there are labels.
  const renumbered = kept.flatMap((item) => {
    const before = dropped.filter(({ code }) => code < item.code).length;
    const isOurs = before > 0 && item.code <= keys.length;
    return isOurs ? [{ within: [], at: item.start + 4, remove: 4, insert: be(item.code - before, 4) }] : [];
  });
  const count = keys.length - dropped.length + (aigc === null ? 0 : 1);
  const counted = { within: [], at: list.keys.bodyStart + 4, remove: 4, insert: be(count, 4) };
  const changes: BoxChange[] = [...cuts, ...cutKeys, ...renumbered, counted];
  if (aigc === null) return changes;

  const keysEnd = keys.at(-1);
  const keyAt = keysEnd ? keysEnd.start + keysEnd.size : list.keys.bodyStart + 8;
  changes.push({ within: inKeys, at: keyAt, remove: 0, insert: key() });
  const item = { at: items.at(-1)?.end ?? list.ilst?.bodyStart ?? list.keys.end, remove: 0 };
  if (list.ilst) changes.push({ ...item, within: inList, insert: labelItem(count, aigc) });
  else changes.push({ ...item, within: list.chain, insert: box('ilst', labelItem(count, aigc)) });
  return changes;
}

interface KeyEntry {
  /** Number by which items call it, from 1. */
  code: number;
  start: number;
  size: number;
}

function keyEntries(source: ByteSource, keys: Box): KeyEntry[] {
  // What the reader makes of them: the numbers have to agree.
  const collector = collect();
  const names = readKeys({ source, collector }, keys, 'keys');
  const declared = u32be(source.read(keys.bodyStart + 4, 4), 0);
  if (names.length !== declared || collector.metadata.findings.length > 0) {
    throw new LabelRefusal('container-damaged', 'moov/udta/meta/keys');
  }
  const entries: KeyEntry[] = [];
  let start = keys.bodyStart + 8;
  for (let code = 1; code <= names.length; code += 1) {
    const size = u32be(source.read(start, 4), 0);
    entries.push({ code, start, size });
    start += size;
  }
  return entries;
}

/** The meta box goes with its last item, and the user data with its last box. */
function withoutList(file: File, list: List, emptied: readonly List[], added: readonly BoxChange[]): BoxChange[] {
  const udta = list.chain.at(-2);
  const isFilled = added.some(({ within }) => within.at(-1)?.start === udta?.start);
  if (udta?.type === 'udta' && !isFilled) {
    const isGone = ({ start }: Box) => emptied.some(({ meta }) => meta.start === start);
    const children = [...childrenOf(file.source, udta)];
    if (children.every(isGone)) {
      // Once for all of them.
      return children[0]?.start === list.meta.start ? withoutBox(file, list.chain.slice(0, -1)) : [];
    }
  }
  return withoutBox(file, list.chain);
}

/** A list of its own, beside the one that iTunes programs keep: theirs names items by four characters. */
function newList(udta: Box | null, moov: Box, source: ByteSource, aigc: string): BoxChange[] {
  const meta = box(
    'meta',
    be(0, 4),
    box('hdlr', be(0, 8), ascii('mdta'), be(0, 12), be(0, 1)),
    box('keys', be(0, 4), be(1, 4), key()),
    box('ilst', labelItem(1, aigc)),
  );
  if (udta) return [{ within: [moov, udta], at: endOfChildren(source, udta), remove: 0, insert: meta }];
  return [{ within: [moov], at: endOfChildren(source, moov), remove: 0, insert: box('udta', meta) }];
}

function key(): Uint8Array {
  return box('mdta', ascii('AIGC'));
}

/** UTF-8, no locale (QuickTime File Format Specification, value atom). */
function labelItem(code: number, aigc: string): Uint8Array {
  const data = box('data', be(1, 4), be(0, 4), new Uint8Array(Buffer.from(aigc)));
  return new Uint8Array(Buffer.concat([be(8 + data.length, 4), be(code, 4), data]));
}

/** Behind the last child; QuickTime closes a list with zeros. */
function endOfChildren(source: ByteSource, parent: Box): number {
  const end = [...childrenOf(source, parent)].at(-1)?.end ?? parent.bodyStart;
  const rest = source.read(end, Math.min(parent.end - end, 64));
  if (parent.end - end > 64 || rest.some((byte) => byte !== 0))
    throw new LabelRefusal('container-damaged', parent.type);
  return end;
}

/** A film has one, perhaps one more for every track. */
const maxPackets = 64;
const xmpUuid = 'be7acfcb97a942e89c71999491e3afac';

/** XMP packets without labels; the source type stands in one of them. */
function packetChanges(file: File, metadata: Metadata, { digitalSourceType }: LabelChange): BoxChange[] {
  const packets = metadata.entries.filter(({ kind }) => kind === 'xmp');
  if (packets.length > maxPackets) throw new LabelRefusal('container-too-large', packets.at(-1)?.place.path ?? 'xmp');
  const placed = packets.map((packet) => ({ packet, chain: chainTo(file, packet.place.offset ?? -1) }));
  const home = placed.find(({ chain }) => chain && isFilePacket(file, chain));
  const changes: BoxChange[] = [];
  for (const { packet, chain } of placed) {
    const isHome = packet === home?.packet;
    const wanted = digitalSourceType === undefined || isHome ? digitalSourceType : null;
    changes.push(...changedPacket(file, packet, chain, { aigc: null, digitalSourceType: wanted }));
  }
  if (home || typeof digitalSourceType !== 'string') return changes;
  const packet = changePacket(null, { aigc: null, digitalSourceType }, 'uuid') ?? none;
  const isOpen = u32be(file.source.read(file.moov.start, 4), 0) === 0;
  const at = isOpen ? file.moov.start : file.moov.end;
  return [...changes, { within: [], at, remove: 0, insert: box('uuid', Buffer.from(xmpUuid, 'hex'), packet) }];
}

/** A packet about the whole file that may change its size. */
function isFilePacket({ fragmentsAt }: File, chain: readonly Box[]): boolean {
  const last = chain.at(-1);
  if (!last || last.start >= fragmentsAt) return false;
  const isQuickTime = chain.length === 3 && last.type === 'XMP_' && !chain.some(({ type }) => type === 'trak');
  return isQuickTime || (chain.length === 1 && last.uuid === xmpUuid);
}

function changedPacket(
  file: File,
  { place }: MetadataEntry,
  chain: readonly Box[] | null,
  change: LabelChange,
): BoxChange[] {
  const { source, fragmentsAt } = file;
  const last = chain?.at(-1);
  const { offset = 0, length = 0, path } = place;
  // An `xml ` box has a version and flags; an item of a meta box is no box at all.
  const start = last ? last.bodyStart + (last.type === 'xml ' ? 4 : 0) : offset;
  const end = last ? last.end : offset + length;
  if (end - start > maxBlankBytes) throw new LabelRefusal('container-too-large', path);
  const before = source.read(start, end - start);
  const after = changePacket(before, change, path);
  if (after === before) return [];
  const isLoose = chain && last && last.start < fragmentsAt && (chain.length === 1 || chain[0]?.type === 'moov');
  if (isLoose && after === null && last.type !== 'xml ') return withoutBox(file, chain);
  if (isLoose && after) return [{ within: chain, at: start, remove: before.length, insert: after }];
  // Others know where it stands and how long it is.
  const insert = paddedPacket(after ?? none, before.length);
  if (insert.length > before.length) throw new LabelRefusal('no-room', path);
  return [{ within: [], at: start, remove: before.length, insert }];
}

function shown(type: string): string {
  return type.replaceAll(/[^\x20-\x7e]/g, '.');
}
