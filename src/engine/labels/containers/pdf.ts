import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import type { Collector } from './collect.ts';
import { collect, maxFieldBytes } from './collect.ts';
import { decodeText, decodeUtf8, decodeXml, textOrNull, trimNul } from './decode-text.ts';
import { PdfFile, type PdfObject, type Revision } from './pdf-file.ts';
import { asDictionary, asReference, type PdfDictionary, type PdfValue } from './pdf-objects.ts';

/**
 * Reads the document information (`pdf.info`, every key) and the XMP packet of the catalog (`pdf.xmp`) of a PDF. Of earlier saves that
 * are still in the file only labels are reported, each with its revision in the path. Encrypted documents are a finding, and their keys
 * appear without values. Reads at most 32 MiB. Never throws. Source: ISO 32000-2 §7.5, §14.3.
 */
export function readPdf(source: ByteSource): Metadata {
  const collector = collect(source.size);
  const file = new PdfFile(source, collector);
  const revisions = file.revisions();
  const reader: Reader = { collector, file, seen: new Set() };
  const isWhole = revisions.length > 0 && asDictionary(file.resolve(entryOf(revisions, 'Root'), revisions)) !== null;
  const infoMissing =
    entryOf(revisions, 'Info') !== undefined && !asDictionary(file.resolve(entryOf(revisions, 'Info'), revisions));
  if (isWhole && !infoMissing) {
    for (let age = 0; age < revisions.length; age += 1)
      collectRevision(reader, revisions.slice(age), age, revisions.length);
    return collector.metadata;
  }
  collector.finding('bad-structure', 'cross-reference');
  const scanned = file.scan();
  collectRevision(reader, [scanned], 0, 1);
  // Nothing says which object is the information: take those that look like it.
  if (scanned.trailer.entries.get('Info') === undefined) {
    for (const number of scanned.candidates) {
      const object = file.object(number, [scanned]);
      if (object && object.streamAt === null) collectInfo(reader, object, [scanned], '', isEncrypted([scanned]));
    }
  }
  return collector.metadata;
}

interface Reader {
  collector: Collector;
  file: PdfFile;
  /** Objects reported already. */
  seen: Set<string>;
}

/** Later trailers repeat what holds; in a linearised file the first one read may lack it. */
export function entryOf(revisions: readonly Revision[], key: string): PdfValue | undefined {
  return revisions.find(({ trailer }) => trailer.entries.get(key) !== undefined)?.trailer.entries.get(key);
}

function isEncrypted(revisions: readonly Revision[]): boolean {
  const entry = entryOf(revisions, 'Encrypt');
  return entry !== undefined && entry !== null;
}

/** `revisions` is the document as it stood after one save: that save first, then those before it. */
function collectRevision(reader: Reader, revisions: readonly Revision[], age: number, count: number): void {
  const { collector, file } = reader;
  const encrypted = isEncrypted(revisions);
  if (encrypted) collector.finding('encrypted-document', 'document');
  const prefix = age === 0 ? '' : `revision ${count - age} of ${count}/`;

  const info = entryOf(revisions, 'Info');
  const infoReference = asReference(info);
  const infoObject = infoReference ? file.object(infoReference.number, revisions) : inlineObject(info, 'trailer/Info');
  if (infoObject) collectInfo(reader, infoObject, revisions, prefix, encrypted);

  const rootReference = asReference(entryOf(revisions, 'Root'));
  const root = rootReference ? file.object(rootReference.number, revisions) : null;
  collectStray(reader, asDictionary(revisions[0]?.trailer), revisions, `${prefix}trailer`, encrypted);
  if (!root) return;
  collectStray(reader, asDictionary(root.value), revisions, `${prefix}Root`, encrypted);
  collectXmp(reader, asDictionary(root.value), revisions, prefix, encrypted);
}

function inlineObject(value: PdfValue | undefined, id: string): PdfObject | null {
  return asDictionary(value) ? { number: 0, value: value ?? null, at: 0, id, streamAt: null, written: null } : null;
}

function collectInfo(
  reader: Reader,
  object: PdfObject,
  revisions: readonly Revision[],
  prefix: string,
  encrypted: boolean,
): void {
  const { collector, seen } = reader;
  const dictionary = asDictionary(object.value);
  if (!dictionary || seen.has(object.id)) return;
  seen.add(object.id);
  for (const [key, value] of dictionary.entries) {
    if (!collector.step('Info')) return;
    if (prefix !== '' && !isLabelKey(key)) continue;
    const place = { location: 'pdf.info', path: `${prefix}Info/${key}`, offset: object.at };
    if (encrypted) {
      collector.binary(key, place);
      continue;
    }
    const text = textOf(reader, value, revisions, 0);
    // An editor that saved the information again left the same label behind: that is not a second one.
    if (text === null || (prefix !== '' && seen.has(`label ${text}`))) continue;
    if (isLabelKey(key)) seen.add(`label ${text}`);
    collector.text(key, text, place);
  }
}

function isLabelKey(key: string): boolean {
  return key.toUpperCase() === 'AIGC';
}

/** A label put into the trailer or the catalog itself: wrong, but there. */
function collectStray(
  reader: Reader,
  dictionary: PdfDictionary | null,
  revisions: readonly Revision[],
  where: string,
  encrypted: boolean,
): void {
  for (const [key, value] of dictionary?.entries ?? []) {
    if (!isLabelKey(key)) continue;
    const path = `${where}/${key}`;
    const text = encrypted ? null : textOf(reader, value, revisions, 0);
    if (reader.seen.has(`${where.split('/').at(-1)} ${text}`)) continue;
    reader.seen.add(`${where.split('/').at(-1)} ${text}`);
    if (text !== null) reader.collector.text(key, text, { location: 'pdf.info', path });
    else if (encrypted) reader.collector.binary(key, { location: 'pdf.info', path });
  }
}

function collectXmp(
  reader: Reader,
  root: PdfDictionary | null,
  revisions: readonly Revision[],
  prefix: string,
  encrypted: boolean,
): void {
  const { collector, file, seen } = reader;
  const reference = asReference(root?.entries.get('Metadata'));
  const object = reference ? file.object(reference.number, revisions) : null;
  if (!object || seen.has(object.id)) return;
  seen.add(object.id);
  const path = `${prefix}Root/Metadata`;
  const bytes = file.streamBytes(object, revisions, maxFieldBytes, path);
  const place = { location: 'pdf.xmp', path, offset: object.streamAt ?? object.at };
  if (!bytes || bytes.length === 0) {
    if (prefix === '') collector.binary('Metadata', place);
    return;
  }
  const packet = decodeXml(bytes);
  // Metadata may stay readable in an encrypted document (EncryptMetadata false); otherwise these are random bytes.
  if (encrypted && !/<(\?xpacket|[\w.-]{1,40}:(xmpmeta|RDF))/.test(packet.slice(0, 4096))) {
    if (prefix === '') collector.binary('Metadata', place);
    return;
  }
  const label = /AIGC(?:>|\s{0,4}=\s{0,4}["'])([^<"']{1,4096})/i.exec(packet)?.[1];
  const isNew = label !== undefined && !seen.has(`xmp label ${label}`);
  if (label !== undefined) seen.add(`xmp label ${label}`);
  if (prefix === '' || isNew) collector.xmp(packet, { ...place, length: bytes.length });
}

/** A value as text: strings decoded, references followed, dictionaries and arrays as JSON. Null for nothing. */
function textOf(reader: Reader, value: PdfValue, revisions: readonly Revision[], depth: number): string | null {
  const reference = asReference(value);
  if (reference) {
    // One step into what a label points at, not further: each step may open many others.
    const object = depth > maxSteps ? null : reader.file.object(reference.number, revisions);
    if (!object) return null;
    if (object.streamAt === null) return textOf(reader, object.value, revisions, depth + 1);
    const bytes = reader.file.streamBytes(object, revisions, maxFieldBytes, `object ${object.number}`);
    return bytes ? textOrNull(bytes) : null;
  }
  if (value === null) return null;
  if (typeof value !== 'object') return String(value);
  if (value.type === 'string') return decodePdfString(value.bytes);
  if (value.type === 'name') return value.name;
  if (value.type !== 'dictionary' && value.type !== 'array') return null;
  return JSON.stringify(plain(reader, value, revisions, depth));
}

const maxSteps = 2;

type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

function plain(reader: Reader, value: PdfValue, revisions: readonly Revision[], depth: number): Plain {
  if (value === null || typeof value !== 'object' || depth > 4) return typeof value === 'object' ? null : value;
  if (value.type === 'array') return value.items.slice(0, 100).map((item) => plain(reader, item, revisions, depth + 1));
  if (value.type !== 'dictionary') return textOf(reader, value, revisions, depth + 1);
  const members = [...value.entries].slice(0, 100);
  return Object.fromEntries(members.map(([key, item]) => [key, plain(reader, item, revisions, depth + 1)]));
}

/**
 * A text string (§7.9.2.2): UTF-16 or UTF-8 by its mark, else PDFDocEncoding. UTF-8 without a mark is against the standard and common.
 * Language escapes inside UTF-16 are left out.
 */
export function decodePdfString(bytes: Uint8Array): string {
  const marked =
    (bytes[0] === 0xfe && bytes[1] === 0xff) ||
    (bytes[0] === 0xff && bytes[1] === 0xfe) ||
    (bytes[0] === 0xef && bytes[1] === 0xbb);
  if (marked) return trimNul(decodeText(bytes).replace(/\x1b[a-zA-Z]{2,8}\x1b/g, ''));
  return trimNul(decodeUtf8(bytes) ?? Array.from(bytes, pdfDocCharacter).join(''));
}

/** PDFDocEncoding differs from Latin-1 in these places (ISO 32000-2 annex D.3). */
function pdfDocCharacter(byte: number): string {
  if (byte >= 0x18 && byte <= 0x1f) return '˘ˇˆ˙˝˛˚˜'[byte - 0x18] ?? '';
  if (byte >= 0x80 && byte <= 0x9e) return '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž'[byte - 0x80] ?? '';
  if (byte === 0xa0) return '€';
  return String.fromCharCode(byte);
}
