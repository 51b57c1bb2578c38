import type { ByteSource } from '../../media/bytes.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readFlv } from '../containers/flv.ts';
import { concat, startsWith, u16be, u32be } from '../containers/integers.ts';
import { type AmfProperty, type AmfSpan, amfValues, maxValues } from './amf-spans.ts';
import { disjoint } from './carriers.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { type Moved, movedBy } from './moved.ts';
import { ascii, be } from './numbers.ts';
import { confirmed, withoutLabels } from './old-labels.ts';
import { bytesOf, type Edit, piecesOf } from './pieces.ts';
import { changePacket } from './xmp-packet.ts';

/**
 * The label as string `AIGC` of the script tag `onMetaData` (practice guide TC260-PG-20257A). What the metadata say about places in
 * the file is corrected. The source type goes into the XMP packet of `onXMPData` where there is one: a new script tag would be a new
 * stream to many programs.
 * Sources: Adobe Flash Video File Format Specification 10.1 annex E, AMF0 specification.
 */
export function writeFlv(source: ByteSource, change: LabelChange): Edit[] {
  const { first, scripts } = open(source);
  const plan = scripts.map((script) => changedScript(script));
  const inserted: Edit[] = addTo(plan, change).map((insert) => ({ at: first, remove: 0, insert }));
  changePackets(plan, change);

  const layout = [...plan.flatMap((script) => scriptEdits(script)), ...inserted];
  const growth = layout.reduce((sum, { remove, insert }) => sum + insert.length - remove, 0);
  const moved = movedBy(layout);
  for (const script of plan) {
    script.edits.push(...script.numbers.flatMap((number) => numberEdit(number, moved, source.size, growth)));
  }
  const edits = [...plan.flatMap((script) => scriptEdits(script)), ...inserted];
  return confirmed(disjoint(edits), source, change, { format: 'flv', read: readFlv });
}

interface Script {
  /** Of the tag's header. */
  start: number;
  header: Uint8Array;
  body: Uint8Array;
  /** Of the whole tag and the size behind it; less where the file ends before that. */
  length: number;
  name: string;
  values: AmfSpan[];
}

interface PlannedScript extends Script {
  /** Changes of the body. */
  edits: Edit[];
  /** What stays of the tag's value when it is an object. */
  kept: AmfProperty[];
  isGone: boolean;
  /** Numbers that say where something stands in the file, or how long it is. */
  numbers: { span: AmfSpan; says: 'place' | 'size' }[];
}

const scriptTag = 18;
const headerBytes = 11;
/** The same number of tags that the reader looks at. */
const maxTags = 1_000;
const maxBodyBytes = 2 ** 24 - 1;
/** All scripts of a file together: they are held in memory. */
const maxScriptBytes = 64 * 1024 * 1024;
const none = new Uint8Array(0);

function open(source: ByteSource): { first: number; scripts: Script[] } {
  const header = source.read(0, 9);
  const first = Math.max(9, u32be(header, 5)) + 4;
  if (header.length < 9 || !startsWith(header, 'FLV') || first > source.size) {
    throw new LabelRefusal('container-damaged', 'header');
  }
  const scripts: Script[] = [];
  const budget = { values: maxValues, bytes: maxScriptBytes };
  for (let at = first, tags = 0; at + headerBytes <= source.size && tags < maxTags; tags += 1) {
    const head = source.read(at, headerBytes);
    const length = ((head[1] ?? 0) << 16) | u16be(head, 2);
    const [type = 0] = head;
    if ((type & 0x1f) === scriptTag)
      scripts.push(scriptAt(source, { at, head, length, where: `script[${scripts.length + 1}]` }, budget));
    at += headerBytes + length + 4;
  }
  return { first, scripts };
}

function scriptAt(
  source: ByteSource,
  { at: start, head: header, length, where }: { at: number; head: Uint8Array; length: number; where: string },
  budget: { values: number; bytes: number },
): Script {
  // Annex E.4.1: a filter, which is encryption, has been at it.
  if (((header[0] ?? 0) & 0x20) !== 0) throw new LabelRefusal('container-encrypted', where);
  budget.bytes -= length;
  if (budget.bytes < 0) throw new LabelRefusal('container-too-large', where);
  const body = source.read(start + headerBytes, length);
  if (body.length < length) throw new LabelRefusal('container-damaged', where);
  const values = amfValues(body, where, budget);
  const name = values[0]?.value;
  if (typeof name !== 'string') throw new LabelRefusal('container-damaged', where);
  return {
    start,
    header,
    body,
    length: Math.min(headerBytes + length + 4, source.size - start),
    name,
    values,
  };
}

/** A script tag without labels. */
function changedScript(script: Script): PlannedScript {
  const planned: PlannedScript = { ...script, edits: [], kept: [], isGone: false, numbers: [] };
  const value = script.values[1];
  if (!value) return planned;
  if (typeof value.value === 'string') {
    const rest = withoutLabels({ key: script.name, value: value.value, location });
    if (rest === null) planned.isGone = true;
    else if (rest !== value.value) planned.edits.push(replaced(value, rest));
    return planned;
  }
  for (const property of value.properties ?? []) {
    const text = textOf(property.value);
    const isPacket = script.name === 'onXMPData' && typeof property.value.value === 'string';
    const rest = text === null || isPacket ? text : withoutLabels({ key: property.key, value: text, location });
    if (rest === null && text !== null) {
      planned.edits.push({ at: property.start, remove: property.value.end - property.start, insert: none });
      continue;
    }
    planned.kept.push(property);
    if (rest === null || rest === text) continue;
    // A label somewhere in an object that says more.
    if (typeof property.value.value !== 'string') throw new LabelRefusal('container-variant', property.key);
    planned.edits.push(replaced(property.value, rest));
  }
  if (planned.kept.length < (value.properties?.length ?? 0)) planned.edits.push(...counted(planned, value, 0));
  if (script.name === 'onMetaData') planned.numbers.push(...places(planned.kept));
  return planned;
}

const location = 'flv.onmetadata';

/** What the reader makes of a property: a string, or an object as the JSON it stands for; null where it holds no text. */
function textOf(span: AmfSpan): string | null {
  if (typeof span.value === 'string') return span.value;
  if (!span.properties && !span.items) return null;
  if (span.items?.every(({ type }) => type === 0)) return null;
  return JSON.stringify(plain(span));
}

function plain({ value, properties, items }: AmfSpan): unknown {
  if (properties) return Object.fromEntries(properties.map((property) => [property.key, plain(property.value)]));
  return items ? items.map(plain) : value;
}

function replaced({ start, end }: AmfSpan, text: string): Edit {
  return { at: start, remove: end - start, insert: amfString(text) };
}

function amfString(text: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(text));
  const isLong = bytes.length > 0xffff;
  return concat([Uint8Array.of(isLong ? 12 : 2), be(bytes.length, isLong ? 4 : 2), bytes]);
}

/** An array with names counts them, if only approximately. */
function counted({ kept }: PlannedScript, { type, start }: AmfSpan, added: number): Edit[] {
  return type === 8 ? [{ at: start + 1, remove: 4, insert: be(kept.length + added, 4) }] : [];
}

/** The label goes into the first `onMetaData`; where there is none, into a new tag, which is returned. */
function addTo(plan: readonly PlannedScript[], { aigc }: LabelChange): Uint8Array[] {
  if (aigc === null) return [];
  const property = concat([be(4, 2), ascii('AIGC'), amfString(aigc)]);
  const home = plan.find(({ name, isGone }) => name === 'onMetaData' && !isGone);
  if (!home) return [newScript('onMetaData', property)];
  const value = home.values[1];
  if (!value?.properties) throw new LabelRefusal('container-damaged', 'onMetaData');
  // The new count takes the place of the one that a removal made.
  if (value.type === 8) home.edits = home.edits.filter(({ at }) => at !== value.start + 1);
  home.edits.push(...counted(home, value, 1), { at: value.propertiesEnd, remove: 0, insert: property });
  return [];
}

/** Packets without labels; the first of them keeps the source type. */
function changePackets(plan: readonly PlannedScript[], { digitalSourceType }: LabelChange): void {
  let isFirst = true;
  for (const script of plan) {
    if (script.name !== 'onXMPData') continue;
    for (const { key, value } of script.kept) {
      if (typeof value.value !== 'string') continue;
      const wanted = digitalSourceType === undefined || isFirst ? digitalSourceType : null;
      isFirst = false;
      const before = new Uint8Array(Buffer.from(value.value));
      const after = changePacket(before, { aigc: null, digitalSourceType: wanted }, `onXMPData/${key}`);
      if (after !== before) script.edits.push(replaced(value, Buffer.from(after ?? none).toString()));
    }
  }
}

/** A script tag with one property. */
function newScript(name: string, property: Uint8Array): Uint8Array {
  const end = Uint8Array.of(0, 0, 9);
  const body = concat([amfString(name), Uint8Array.of(8), be(1, 4), property, end]);
  return tagBytes(concat([Uint8Array.of(scriptTag), new Uint8Array(10)]), body);
}

function tagBytes(header: Uint8Array, body: Uint8Array): Uint8Array {
  if (body.length > maxBodyBytes) throw new LabelRefusal('no-room', 'script');
  return concat([
    header.subarray(0, 1),
    be(body.length, 3),
    header.subarray(4),
    body,
    be(headerBytes + body.length, 4),
  ]);
}

function scriptEdits({ start, length, header, body, edits, isGone }: PlannedScript): Edit[] {
  if (isGone) return [{ at: start, remove: length, insert: none }];
  if (edits.length === 0) return [];
  const source = bufferSource(body);
  const insert = tagBytes(header, bytesOf(source, piecesOf(source.size, disjoint(edits))));
  return [{ at: start, remove: length, insert }];
}

/** `keyframes.filepositions` and the like: what programs that index FLV files write beside the standard's own properties. */
function places(properties: readonly AmfProperty[]): PlannedScript['numbers'] {
  return properties.flatMap(({ key, value }): PlannedScript['numbers'] => {
    if (key === 'filesize') return [{ span: value, says: 'size' }];
    if (key === 'lastkeyframelocation') return [{ span: value, says: 'place' }];
    if (key !== 'keyframes') return [];
    const positions = value.properties?.find((property) => property.key === 'filepositions')?.value.items ?? [];
    return positions.map((span) => ({ span, says: 'place' }));
  });
}

function numberEdit(
  { span, says }: PlannedScript['numbers'][number],
  moved: Moved,
  size: number,
  growth: number,
): Edit[] {
  const { value, type, start } = span;
  if (type !== 0 || typeof value !== 'number' || !(value > 0 && value <= size)) return [];
  // A wrong size is not made right.
  if (says === 'size' && value !== size) return [];
  const target = says === 'size' ? size + growth : moved(value);
  if (target === value) return [];
  const insert = new Uint8Array(8);
  new DataView(insert.buffer).setFloat64(0, target);
  return [{ at: start + 1, remove: 8, insert }];
}
