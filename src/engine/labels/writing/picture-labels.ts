import type { MediaFormat } from '../../../contract/screening.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { isCurrentLabel } from '../aigc/aigc.ts';
import { type FoundLabel, findLabels } from '../aigc/find.ts';
import { judgePlace } from '../aigc/places.ts';
import { maxFieldBytes } from '../containers/collect.ts';
import { decodeUtf8, decodeUtf16 } from '../containers/decode-text.ts';
import { latin1, startsWith } from '../containers/integers.ts';
import type { Metadata, MetadataEntry } from '../metadata.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { withoutLabels } from './old-labels.ts';
import { emptyPacket, paddedPacket, strippedPacket } from './picture-packets.ts';
import { type Edit, pieceSource, piecesOf } from './pieces.ts';

/**
 * The labels outside XMP packets that have to go before a new one comes (GB 45438-2025 6.1 c): all under the name AIGC, and those
 * elsewhere that count as labels of the file. A label quoted in a sentence about something else is none.
 */
export function standingLabels(metadata: Metadata): FoundLabel[] {
  return findLabels(metadata).filter(
    (label) => label.entry.kind !== 'xmp' && (label.carrier === 'entry' || isCurrentLabel(label)),
  );
}

/** Refuses a file of which the reader could not see everything: a label could stand where it did not look. */
export function readWhole(metadata: Metadata): Metadata {
  const unseen = metadata.findings.find(({ code }) => code === 'too-many-entries' || code === 'nested-too-deep');
  if (unseen) throw new LabelRefusal('container-too-large', String(unseen.params['where'] ?? 'file'));
  const cut = metadata.entries.find(({ kind, cut }) => kind === 'xmp' && cut);
  if (cut) throw new LabelRefusal('container-too-large', cut.place.path);
  return metadata;
}

/**
 * The edits, once the container's own reader has seen the file that they make: exactly the label that was asked for, as XMP where the
 * practice guide names the place, or none. Throws a LabelRefusal where the file turns out to be one that this cannot be done to.
 */
export function confirmedInXmp(
  edits: Edit[],
  source: ByteSource,
  change: LabelChange,
  container: { format: MediaFormat; read: (source: ByteSource) => Metadata },
): Edit[] {
  const apart = withoutOverlaps(edits);
  const metadata = container.read(pieceSource(source, piecesOf(source.size, apart)));
  const labels = findLabels(metadata).filter(isCurrentLabel);
  const isAsked = ({ carrier, raw, entry }: FoundLabel) =>
    carrier === 'xmp' &&
    raw === change.aigc &&
    judgePlace(container.format, entry.place.location, entry.key) === 'place-named';
  const wrong = labels.find((label) => !isAsked(label));
  if (wrong) throw new LabelRefusal('container-variant', wrong.entry.place.path.slice(0, 200));
  if (labels.length !== (change.aigc === null ? 0 : 1)) throw new LabelRefusal('container-variant', 'xmp');
  return apart;
}

/** Two fields may point at the same bytes: one change then. Fields that share only some of their bytes are nobody's honest work. */
function withoutOverlaps(edits: readonly Edit[]): Edit[] {
  const apart: Edit[] = [];
  for (const edit of edits.toSorted((a, b) => a.at - b.at || a.remove - b.remove)) {
    const last = apart.at(-1);
    const isSame = last?.at === edit.at && last.remove === edit.remove && edit.remove > 0;
    if (isSame && Buffer.compare(last.insert, edit.insert) === 0) continue;
    if (last && edit.at < last.at + last.remove) throw new LabelRefusal('container-damaged', `offset ${edit.at}`);
    apart.push(edit);
  }
  return apart;
}

/**
 * Changes in place, of the same length, that take labels out of fields which cannot be taken out themselves: EXIF values, IPTC and
 * Photoshop records become zeros, packets beside the main one lose the label and are filled up with blanks. `metadata` names the fields
 * by offsets in `source`.
 */
export function blankedFields(source: ByteSource, metadata: Metadata, change: LabelChange): Edit[] {
  const texts = standingLabels(metadata).map(({ entry }) => patch(source, entry, blankedText));
  const packets = metadata.entries
    .filter(({ kind }) => kind === 'xmp')
    .map((entry) =>
      patch(source, entry, (bytes) => {
        const stripped = strippedPacket(entry.value, change, entry.place.path);
        if (stripped === null) return emptyPacket(bytes.length);
        return stripped === entry.value ? bytes : paddedPacket(stripped, bytes.length);
      }),
    );
  return withoutOverlaps([...texts, ...packets].flatMap((edit) => edit ?? []));
}

function patch(
  source: ByteSource,
  entry: MetadataEntry,
  change: (bytes: Uint8Array, entry: MetadataEntry) => Uint8Array | null,
): Edit | null {
  const { offset = 0, length = 0, path } = entry.place;
  const bytes = source.read(offset, Math.min(length, maxFieldBytes));
  const changed = change(bytes, entry);
  if (!changed || bytes.length === 0) throw new LabelRefusal('container-damaged', path);
  return Buffer.compare(changed, bytes) === 0 ? null : { at: offset, remove: bytes.length, insert: changed };
}

/** The bytes of a text with zeros where nothing but a label stood, blanks where there was one beside other text; as long as before. */
export function blankedText(bytes: Uint8Array, { key, place }: Pick<MetadataEntry, 'key' | 'place'>): Uint8Array {
  const without = (value: string) => withoutLabels({ key, value, location: place.location });
  const plain = blankedParts(bytes, without, utf8OrLatin1);
  if (plain) return plain;
  const from = startsWith(bytes, 'UNICODE\0') ? 8 : 0;
  for (const encoding of [utf16('little'), utf16('big')]) {
    const wide = blankedParts(bytes.subarray(from), without, encoding);
    if (wide) return new Uint8Array(Buffer.concat([bytes.subarray(0, from), wide]));
  }
  // The reader saw a label in an encoding that is not known here: none of it may stay.
  return new Uint8Array(bytes.length);
}

interface Encoding {
  unitBytes: 1 | 2;
  decode(bytes: Uint8Array): string;
  encode(text: string, like: Uint8Array): Uint8Array;
}

const utf8OrLatin1: Encoding = {
  unitBytes: 1,
  decode: (bytes) => decodeUtf8(bytes) ?? latin1(bytes),
  encode: (text, like) => Buffer.from(text, decodeUtf8(like) === null ? 'latin1' : 'utf8'),
};

function utf16(order: 'little' | 'big'): Encoding {
  return {
    unitBytes: 2,
    decode: (bytes) => decodeUtf16(bytes, order),
    encode: (text) => {
      const bytes = Buffer.from(text, 'utf16le');
      return order === 'big' ? bytes.swap16() : bytes;
    },
  };
}

/** Null where no part between NULs holds a label. */
function blankedParts(
  bytes: Uint8Array,
  without: (text: string) => string | null,
  encoding: Encoding,
): Uint8Array | null {
  const out = Uint8Array.from(bytes);
  let isChanged = false;
  for (const { start, end } of partsBetweenNuls(bytes, encoding.unitBytes)) {
    const part = bytes.subarray(start, end);
    const text = encoding.decode(part);
    const rest = without(text);
    if (rest === text) continue;
    isChanged = true;
    out.fill(0, start, end);
    if (rest === null) continue;
    const kept = encoding.encode(rest, part).subarray(0, part.length);
    out.set(encoding.encode(' '.repeat(part.length / encoding.unitBytes), part), start);
    out.set(kept, start);
  }
  return isChanged ? out : null;
}

function partsBetweenNuls(bytes: Uint8Array, unitBytes: 1 | 2): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  const isNul = (at: number) => bytes[at] === 0 && (unitBytes === 1 || bytes[at + 1] === 0);
  const end = bytes.length - (bytes.length % unitBytes);
  for (let at = 0; at < end && parts.length < maxParts; at += unitBytes) {
    if (isNul(at)) continue;
    const start = at;
    while (at < end && !isNul(at)) at += unitBytes;
    parts.push({ start, end: at });
  }
  return parts;
}

/** The reader looks at fewer. */
const maxParts = 64;
