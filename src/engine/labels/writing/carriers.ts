import type { ByteSource } from '../../media/bytes.ts';
import { isCurrentLabel } from '../aigc/aigc.ts';
import { findLabels } from '../aigc/find.ts';
import type { Metadata, MetadataEntry } from '../metadata.ts';
import { LabelRefusal } from './change.ts';
import { withoutLabels } from './old-labels.ts';
import type { Edit } from './pieces.ts';

/** The piece of a container (box, element, chunk, tag) that holds an old label, XMP packets left out. */
export interface Carrier {
  offset: number;
  length: number;
  /** Path in the container, as the reader writes it. */
  where: string;
  location: string;
  /** Whether nothing but labels stands in it: it can go as a whole. */
  isWhole: boolean;
  /** What it holds, labels and all. */
  entries: MetadataEntry[];
}

/** The carriers of the labels that have to go (GB 45438 6.1 c), each once, in the order of the file. */
export function carriersOf(metadata: Metadata): Carrier[] {
  const labels = findLabels(metadata);
  const last = labels.at(-1);
  // The reader stops there: nobody knows how many more there are.
  if (last && labels.length >= mostLabels) throw new LabelRefusal('container-too-large', last.entry.place.path);
  const places = new Map<string, Carrier>();
  for (const label of labels) {
    const { entry, carrier } = label;
    if (entry.kind === 'xmp' || (carrier !== 'entry' && !isCurrentLabel(label))) continue;
    const { offset, length, path, location } = entry.place;
    if (offset === undefined || length === undefined) throw new LabelRefusal('container-variant', path);
    const place = `${offset} ${length}`;
    if (places.has(place)) continue;
    const entries = metadata.entries.filter(({ place }) => place.offset === offset && place.length === length);
    const isWhole = entries.every((each) => remaining(each) === null);
    places.set(place, { offset, length, where: path, location, isWhole, entries });
  }
  return [...places.values()].toSorted((a, b) => a.offset - b.offset);
}

/**
 * Blanks in the place of the labels, so that nothing moves. Throws a LabelRefusal where their text does not stand in the file as it
 * was read, such as in compressed or two-byte text.
 */
export function blankedIn(source: ByteSource, { offset, length, where, entries }: Carrier): Edit[] {
  if (length > maxCarrierBytes) throw new LabelRefusal('container-too-large', where);
  const bytes = Buffer.from(source.read(offset, length));
  for (const entry of entries) {
    const rest = remaining(entry);
    if (rest === entry.value || entry.value === '') continue;
    const [at, size] = placeOf(bytes, entry.value);
    if (at < 0) throw new LabelRefusal('container-variant', where);
    const kept = Buffer.from(rest ?? '');
    bytes.fill(0x20, at, at + size);
    if (kept.length <= size) kept.copy(bytes, at);
    else throw new LabelRefusal('container-variant', where);
  }
  return [{ at: offset, remove: length, insert: new Uint8Array(bytes) }];
}

/** Text of an entry without its labels; null where nothing else is in it. */
function remaining({ key, value, place }: MetadataEntry): string | null {
  return withoutLabels({ key, value, location: place.location });
}

/**
 * The edits in their order, what is put in before what is taken out at the same place. Throws a LabelRefusal where two are about the
 * same bytes: carriers that lie inside each other.
 */
export function disjoint(edits: readonly Edit[]): Edit[] {
  const sorted = edits.toSorted((a, b) => a.at - b.at || Number(a.remove > 0) - Number(b.remove > 0));
  let end = 0;
  for (const { at, remove } of sorted) {
    if (at < end) throw new LabelRefusal('container-damaged', `offset ${at}`);
    end = at + remove;
  }
  return sorted;
}

/** As many as `findLabels` finds. */
const mostLabels = 20;
const maxCarrierBytes = 4 * 1024 * 1024;

function placeOf(bytes: Buffer, text: string): [at: number, size: number] {
  const at = bytes.indexOf(text, 0, 'utf8');
  if (at >= 0) return [at, Buffer.byteLength(text)];
  // Only one byte a character: else the text would be found changed.
  return [/^[\x00-\xff]*$/.test(text) ? bytes.indexOf(text, 0, 'latin1') : -1, text.length];
}
