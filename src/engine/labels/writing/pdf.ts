import { createHash } from 'node:crypto';
import type { ByteSource } from '../../media/bytes.ts';
import { collect, maxFieldBytes } from '../containers/collect.ts';
import { decodeXml } from '../containers/decode-text.ts';
import { concat, findBytes, findLastBytes, startsWith } from '../containers/integers.ts';
import { decodePdfString, entryOf, readPdf } from '../containers/pdf.ts';
import { PdfFile, type PdfObject, type Revision } from '../containers/pdf-file.ts';
import { asDictionary, asReference, type PdfReference, PdfSyntax, type PdfValue } from '../containers/pdf-objects.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { confirmed, isLabelledXmp, withoutLabels } from './old-labels.ts';
import { entry, incrementalUpdate, type NewObject, text, type WrittenEntry, writtenEntries } from './pdf-write.ts';
import type { Edit } from './pieces.ts';
import { editXmp } from './xmp-edit.ts';

/**
 * Writes the label of a PDF as `AIGC` into its document information, and the source type into the XMP of the catalog, by one
 * incremental update at its end: what was there before stays byte by byte, older labels as parts of earlier revisions. Encrypted
 * documents are refused, and signed ones: readers would say that they were changed after signing.
 */
export function writePdf(source: ByteSource, change: LabelChange): Edit[] {
  const document = openDocument(source);
  const objects = new Objects(document);
  const info = editInfo(document, change.aigc, objects);
  const metadata = editMetadata(document, change, objects);
  const strays = labelsOf(document.root.entries);
  if (strays.length > 0 || metadata !== 'as-it-is') {
    const others = document.root.entries.filter(({ key }) => key !== 'Metadata' || metadata === 'as-it-is');
    const kept = others.filter((each) => !strays.includes(each));
    const added = typeof metadata === 'object' ? [entry('Metadata', metadata)] : [];
    objects.put({ ...document.root.reference, entries: [...kept, ...added] });
  }
  if (objects.list.length === 0 && !document.hasStrayTrailer) return [];
  return confirmed([append(source, document, objects, info)], source, change, { format: 'pdf', read: readPdf });
}

interface Document {
  file: PdfFile;
  revisions: Revision[];
  /** Offset that the last `startxref` names. */
  startAt: number;
  /** First number that no object has. */
  size: number;
  root: { reference: PdfReference; entries: WrittenEntry[] };
  /** Whether the newest trailer itself holds a label. */
  hasStrayTrailer: boolean;
}

/** Numbers and collects the objects of the update. */
class Objects {
  readonly list: NewObject[] = [];
  next: number;

  constructor({ size }: Document) {
    this.next = size;
  }

  put(object: Omit<NewObject, 'number'> & { number: number }): void {
    this.list.push({
      number: object.number,
      generation: object.generation,
      entries: object.entries,
      ...(object.stream ? { stream: object.stream } : {}),
    });
  }

  reference(): PdfReference {
    this.next += 1;
    return { type: 'reference', number: this.next - 1, generation: 0 };
  }
}

const tailBytes = 65_536;
/** No reader takes more (ISO 32000-1 annex C). */
const maxObjects = 8_388_607;

function openDocument(source: ByteSource): Document {
  if (!startsWith(source.read(0, 5), '%PDF-')) throw new LabelRefusal('container-variant', 'header');
  const collector = collect(source.size);
  const file = new PdfFile(source, collector);
  const revisions = file.revisions();
  const [newest] = revisions;
  const damage = collector.metadata.findings.find(({ code }) => code === 'bad-structure' || code === 'truncated');
  if (!newest || damage) throw new LabelRefusal('container-damaged', 'cross-reference');
  if (collector.metadata.findings.length > 0) throw new LabelRefusal('container-too-large', 'cross-reference');
  const encryption = entryOf(revisions, 'Encrypt');
  if (encryption !== undefined && encryption !== null) throw new LabelRefusal('container-encrypted', 'document');
  if (isSigned(source)) throw new LabelRefusal('container-variant', 'signature');

  const reference = asReference(entryOf(revisions, 'Root'));
  const root = reference && file.object(reference.number, revisions);
  if (!reference || !root?.written || !asDictionary(root.value)) throw new LabelRefusal('container-damaged', 'Root');
  return {
    file,
    revisions,
    startAt: startOf(source),
    size: sizeOf(revisions),
    root: { reference, entries: writtenEntries(root.written, 'Root') },
    hasStrayTrailer: [...newest.trailer.entries.keys()].some(isLabelKey),
  };
}

function startOf(source: ByteSource): number {
  const tail = source.read(Math.max(0, source.size - tailBytes), tailBytes);
  const start = new PdfSyntax(tail, findLastBytes(tail, 'startxref') + 9).value();
  if (typeof start !== 'number') throw new LabelRefusal('container-damaged', 'startxref');
  return start;
}

/** Beyond every number in use, whatever the trailer says. */
function sizeOf(revisions: readonly Revision[]): number {
  let size = 1;
  for (const { trailer, sections } of revisions) {
    const declared = trailer.entries.get('Size');
    if (typeof declared === 'number') size = Math.max(size, declared);
    for (const section of sections) {
      if (section.kind === 'scan') continue;
      for (const { first, count } of section.ranges) size = Math.max(size, first + count);
    }
  }
  if (!Number.isInteger(size) || size > maxObjects) throw new LabelRefusal('container-damaged', 'cross-reference');
  return size;
}

/** A signature tells the bytes it covers by their offsets, so this name stands in the file as it is (§12.8.1). */
function isSigned(source: ByteSource): boolean {
  const mark = '/ByteRange';
  for (let at = 0; at < source.size; at += scanStep) {
    if (findBytes(source.read(at, scanStep + mark.length), mark) >= 0) return true;
  }
  return false;
}

const scanStep = 4 * 1024 * 1024;

function isLabelKey(key: string): boolean {
  return key.toUpperCase() === 'AIGC';
}

function labelsOf(entries: readonly WrittenEntry[]): WrittenEntry[] {
  return entries.filter(({ key }) => isLabelKey(key));
}

/** Puts the new information among the objects where it changes; returns what the trailer shall say about it. */
function editInfo(document: Document, aigc: string | null, objects: Objects): PdfValue {
  const { file, revisions } = document;
  const value = entryOf(revisions, 'Info') ?? null;
  const reference = asReference(value);
  const object = reference ? file.object(reference.number, revisions) : null;
  if (reference && !asDictionary(object?.value)) throw new LabelRefusal('container-damaged', 'Info');
  const entries = infoEntries(value, object);
  const kept = entries.flatMap((each) => withoutLabel(document, each));
  const isSame = kept.length === entries.length && kept.every((each, index) => each === entries[index]);
  if (isSame && aigc === null) return value;
  const [only, ...others] = labelsOf(entries);
  const isThere = only?.key === 'AIGC' && others.length === 0 && textOf(document, only.value) === aigc;
  const rest = entries.filter((each) => each !== only);
  if (isThere && rest.every((each) => kept.includes(each))) return value;

  const target = reference ?? objects.reference();
  objects.put({ ...target, entries: aigc === null ? kept : [...kept, entry('AIGC', text(aigc))] });
  return target;
}

function infoEntries(value: PdfValue, object: PdfObject | null): WrittenEntry[] {
  if (object?.written) return writtenEntries(object.written, 'Info');
  // Against the standard it may stand in the trailer itself.
  return [...(asDictionary(value)?.entries ?? [])].map(([key, inner]) => entry(key, inner));
}

function withoutLabel(document: Document, each: WrittenEntry): WrittenEntry[] {
  if (isLabelKey(each.key)) return [];
  const value = textOf(document, each.value);
  if (value === null) return [each];
  const rest = withoutLabels({ key: each.key, value, location: 'pdf.info' });
  if (rest === value) return [each];
  if (rest === null) return [];
  const isAscii = /^[\x20-\x7e]*$/.test(rest);
  const bytes = isAscii ? Buffer.from(rest) : Buffer.from(`\ufeff${rest}`, 'utf16le').swap16();
  return [entry(each.key, { type: 'string', bytes, at: 0 })];
}

function textOf({ file, revisions }: Document, value: PdfValue): string | null {
  const resolved = file.resolve(value, revisions);
  if (resolved === null || typeof resolved !== 'object' || resolved.type !== 'string') return null;
  return decodePdfString(resolved.bytes);
}

/** What the catalog shall say about its metadata: the reference to a new stream, nothing, or what it says already. */
function editMetadata(document: Document, change: LabelChange, objects: Objects): PdfReference | 'none' | 'as-it-is' {
  const { file, revisions, root } = document;
  const wanted = { aigc: null, digitalSourceType: change.digitalSourceType };
  const where = 'Root/Metadata';
  const value = root.entries.find(({ key }) => key === 'Metadata')?.value ?? null;
  const reference = asReference(value);
  const object = reference && file.object(reference.number, revisions);
  if (!reference || !object) {
    const packet = editXmp(null, wanted);
    if (packet === null) return 'as-it-is';
    const target = objects.reference();
    objects.put({ ...target, entries: metadataType, stream: Buffer.from(packet) });
    return target;
  }
  const bytes = file.streamBytes(object, revisions, maxFieldBytes, where);
  const packet = bytes && decodeXml(bytes);
  if (packet === null || packet === '') {
    if (typeof change.digitalSourceType === 'string') throw new LabelRefusal('container-variant', where);
    return 'as-it-is';
  }
  if (wanted.digitalSourceType === undefined && !isLabelledXmp(packet)) return 'as-it-is';
  const edited = editXmp(packet, wanted);
  if (edited === packet) return 'as-it-is';
  if (edited === null) return 'none';
  if (!object.written) throw new LabelRefusal('container-damaged', where);
  const kept = writtenEntries(object.written, where).filter(({ key }) => !streamKeys.has(key));
  objects.put({ ...reference, entries: kept, stream: Buffer.from(edited) });
  return 'as-it-is';
}

const metadataType = [
  entry('Type', { type: 'name', name: 'Metadata' }),
  entry('Subtype', { type: 'name', name: 'XML' }),
];
/** How the bytes of a stream are packed; ours are not, so that programs find the packet without knowing PDF (§14.3.2). */
const streamKeys = new Set(['Length', 'Filter', 'DecodeParms', 'DL', 'F', 'FFilter', 'FDecodeParms']);

/** Entries that belong to one cross-reference section alone. */
const sectionKeys = new Set(['Size', 'Prev', 'XRefStm', 'Type', 'W', 'Index', 'ID', 'Root', 'Info', ...streamKeys]);

function append(source: ByteSource, document: Document, objects: Objects, info: PdfValue): Edit {
  const { revisions, root, startAt } = document;
  const [newest] = revisions;
  const kind = newest?.sections[0]?.kind === 'stream' ? 'stream' : 'table';
  const lastByte = source.read(source.size - 1, 1)[0];
  const lead = Buffer.from(lastByte === 0x0a || lastByte === 0x0d ? '' : '\n');
  const id = asDictionary(newest?.trailer)?.entries.get('ID') ?? entryOf(revisions, 'ID');
  const others = [...(newest?.trailer.entries ?? [])].filter(([key]) => !sectionKeys.has(key) && !isLabelKey(key));
  const trailer = [
    entry('Root', root.reference),
    ...(info === null ? [] : [entry('Info', info)]),
    ...newId(id ?? null, objects),
    ...others.map(([key, value]) => entry(key, value)),
  ];
  const update = incrementalUpdate({
    at: source.size + lead.length,
    objects: objects.list,
    kind,
    size: objects.next,
    previousAt: startAt,
    trailer,
  });
  return { at: source.size, remove: 0, insert: concat([lead, update]) };
}

/** The first half tells the document apart and stays, the second its version (§14.4). */
function newId(id: PdfValue, objects: Objects): WrittenEntry[] {
  const [first, second] = id !== null && typeof id === 'object' && id.type === 'array' ? id.items : [];
  if (!isString(first) || !isString(second)) return [];
  const hash = createHash('sha256').update(second.bytes);
  for (const { entries, stream } of objects.list) {
    for (const { bytes } of entries) hash.update(bytes);
    if (stream) hash.update(stream);
  }
  const version: PdfValue = { type: 'string', bytes: hash.digest().subarray(0, 16), at: 0 };
  return [entry('ID', { type: 'array', items: [first, version] })];
}

function isString(value: PdfValue | undefined): value is Extract<PdfValue, { type: 'string' }> {
  return value !== null && typeof value === 'object' && value.type === 'string';
}
