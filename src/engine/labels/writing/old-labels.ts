import type { MediaFormat } from '../../../contract/screening.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { isCurrentLabel } from '../aigc/aigc.ts';
import { type FoundLabel, findLabels } from '../aigc/find.ts';
import { findAigcObject } from '../aigc/object.ts';
import { judgePlace } from '../aigc/places.ts';
import { readJsonTolerantly } from '../aigc/tolerant-json.ts';
import { type Metadata, type MetadataEntry, maxValueCharacters } from '../metadata.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { type Edit, pieceSource, piecesOf } from './pieces.ts';

/** An entry as the container's reader tells it. */
export interface TextEntry {
  key: string;
  value: string;
  location: string;
  /** `text` unless given. */
  kind?: MetadataEntry['kind'];
}

/**
 * A text without the labels in it: the text itself where there is none, null where nothing but a label stands in it, else the same
 * text with blanks in their places. What only talks about labels is left alone, as the label reader does.
 */
export function withoutLabels(entry: TextEntry): string | null {
  const found = labelsIn(entry);
  if (found.length === 0) return entry.value;
  if (found.some(isWholeEntry)) return null;
  const text = blanked(entry.value);
  return text.trim() === '' || labelsIn({ ...entry, value: text }).length > 0 ? null : text;
}

/** Whether the reader takes an XMP packet to hold a label. */
export function isLabelledXmp(packet: string): boolean {
  return findLabels({ entries: [entryOf('XMP', 'xmp', packet, 'xmp')], findings: [] }).length > 0;
}

/**
 * The edits, once the container's own reader has seen the file that they make: exactly the label that was asked for, in the place that
 * the practice guide names, or none. Throws a LabelRefusal where the file turns out to be one that this cannot be done to.
 */
export function confirmed(
  edits: Edit[],
  source: ByteSource,
  change: LabelChange,
  container: { format: MediaFormat; read: (source: ByteSource) => Metadata },
): Edit[] {
  const metadata = container.read(pieceSource(source, piecesOf(source.size, edits)));
  const labels = findLabels(metadata).filter(isCurrentLabel);
  const wanted = change.aigc;
  const wrong = labels.find((label) => wanted === null || !isAsked(label, wanted, container.format));
  if (wrong) throw new LabelRefusal('container-damaged', wrong.entry.place.path);
  if (labels.length !== (wanted === null ? 0 : 1)) throw new LabelRefusal('container-damaged', 'file');
  return edits;
}

function isAsked({ entry, carrier, raw }: FoundLabel, wanted: string, format: MediaFormat): boolean {
  const isNamed = judgePlace(format, entry.place.location, entry.key) === 'place-named';
  return carrier === 'entry' && isNamed && entry.key.endsWith('AIGC') && sameJson(raw, wanted);
}

/** Front matter is no JSON until its reader makes some of it, without blanks. */
function sameJson(one: string, other: string): boolean {
  if (one === other) return true;
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}

/** Labels that go: all under the name AIGC, whatever they say, and those elsewhere that count as labels of the file. */
function labelsIn({ key, value, location, kind = 'text' }: TextEntry): FoundLabel[] {
  const entry = entryOf(key, kind, value.slice(0, maxValueCharacters), location);
  return findLabels({ entries: [entry], findings: [] }).filter(
    (label) => label.carrier === 'entry' || isCurrentLabel(label),
  );
}

function entryOf(key: string, kind: MetadataEntry['kind'], value: string, location: string): MetadataEntry {
  return { key, kind, value, cut: false, place: { location, path: key } };
}

function isWholeEntry({ carrier, reading }: FoundLabel): boolean {
  return carrier === 'entry' || reading.status !== 'read' || !reading.object.mistakes.has('text-around');
}

/** The text with every label object in it turned into blanks, or into `null` where it is a member of another program's JSON. */
export function blanked(text: string): string {
  const start = /\{|AIGC\s{0,5}[:=：]?\s{0,5}(?=\{)/gi;
  let out = text;
  for (let tries = 0, found = start.exec(out); found && tries < maxTries; tries += 1, found = start.exec(out)) {
    const from = out.indexOf('{', found.index);
    const end = endOfLabel(out, from);
    if (end === null) continue;
    const isMember = /["']\s{0,20}:\s{0,20}$/.test(out.slice(Math.max(0, from - 40), from));
    const at = isMember ? from : found.index;
    const filling = (isMember ? 'null' : '').padEnd(end - at, ' ');
    out = out.slice(0, at) + filling + out.slice(end);
    start.lastIndex = end;
  }
  return out;
}

/** Each try reads on to the end of one object: hostile text may have many beginnings. */
const maxTries = 200;

/** Where the object ends that begins at a brace, when it is a label and nothing more; else null. */
function endOfLabel(text: string, from: number): number | null {
  const near = text.slice(from, from + longestLabel);
  const reading = readJsonTolerantly(near);
  if (reading.status !== 'read' || reading.node.type !== 'object') return null;
  const written = near.slice(0, reading.end);
  const isNamed = /AIGC["'”]?\s{0,20}[:=：]?\s{0,20}$/i.test(text.slice(Math.max(0, from - 60), from));
  const object = findAigcObject(isNamed ? `{"AIGC":${written}}` : written);
  if (!object || object.mistakes.has('text-around')) return null;
  return from + reading.end;
}

const longestLabel = 65_536;
