import { type Metadata, type MetadataEntry, maxEntries } from '../metadata.ts';
import { readXmp, type XmpProperty } from '../xmp.ts';
import { type AigcReading, assembleObject, fieldNames, findAigcObject, readAigcObject } from './object.ts';

export interface FoundLabel {
  entry: MetadataEntry;
  /**
   * How the entry holds it: under its own key; as XMP property; as several XMP properties; in an EXIF comment field; somewhere in
   * text that is about something else.
   */
  carrier: 'entry' | 'xmp' | 'xmp-properties' | 'commentary' | 'embedded';
  /** The key or property name as written, without what the container puts before it (`TXXX:`, `TC260:`). */
  key: string;
  /** Path inside an XMP packet, else null. */
  property: string | null;
  /** Namespace of the XMP property, empty when unbound; null outside XMP. */
  namespace: string | null;
  reading: AigcReading;
  /** The text it was read from. */
  raw: string;
}

/** Every AIGC label in the metadata of one file, in the order of the file, at most `maxLabels`. Never throws. */
export function findLabels(metadata: Metadata): FoundLabel[] {
  const found: FoundLabel[] = [];
  const seen = new Set<string>();
  for (const entry of metadata.entries.slice(0, maxEntries)) {
    // The same bytes reached by two ways are one label.
    const { location, offset, length } = entry.place;
    if (offset !== undefined && length !== undefined && !sharedCarriers.test(location)) {
      const carrier = `${location} ${offset} ${length} ${entry.key}`;
      if (seen.has(carrier)) continue;
      seen.add(carrier);
    }
    found.push(...(entry.kind === 'xmp' ? inXmp(entry) : inEntry(entry)));
    if (found.length >= maxLabels) return found.slice(0, maxLabels);
  }
  return found;
}

/** Places whose entries all give the bytes of the packet or part that holds them together: two with one key are two. */
const sharedCarriers = /\.vorbis-comment$|^ooxml\./;
/** More say nothing that these do not. */
const maxLabels = 20;

function inEntry(entry: MetadataEntry): FoundLabel[] {
  const key = ownKey(entry.key.trim());
  const base = { entry, key, property: null, namespace: null, raw: entry.value };
  if (isAigc(key)) {
    if (entry.kind === 'binary')
      return [{ ...base, carrier: 'entry', reading: { status: 'unreadable', reason: 'not-an-object' } }];
    return [{ ...base, carrier: 'entry', reading: readAigcObject(entry.value) }];
  }
  const object = entry.kind === 'text' ? findAigcObject(entry.value) : null;
  if (!object) return [];
  const commentary = entry.place.location.endsWith('.exif') && ['UserComment', 'ImageDescription'].includes(entry.key);
  return [{ ...base, carrier: commentary ? 'commentary' : 'embedded', reading: { status: 'read', object } }];
}

function inXmp(entry: MetadataEntry): FoundLabel[] {
  if (!/AIGC|tc260|Produce|Propagat|ServiceProvider/i.test(entry.value)) return [];
  const { properties } = readXmp(entry.value);
  const found = properties.flatMap((property) => inProperty(entry, property));
  if (found.length > 0) return found;
  const assembled = fromProperties(entry, properties);
  if (assembled) return [assembled];
  // What calls itself XMP may be no XML at all.
  const object = findAigcObject(entry.value);
  if (!object || properties.length > 0) return [];
  const base = { entry, key: entry.key, property: null, namespace: null, raw: entry.value };
  return [{ ...base, carrier: 'embedded', reading: { status: 'read', object } }];
}

function inProperty(entry: MetadataEntry, property: XmpProperty): FoundLabel[] {
  const { name, namespace, path } = property;
  if (isAigc(name)) {
    return property.values.map((raw) => ({
      entry,
      carrier: 'xmp' as const,
      key: name,
      property: path,
      namespace,
      reading: readAigcObject(raw),
      raw,
    }));
  }
  return property.values.flatMap((raw) => {
    const object = findAigcObject(raw);
    if (!object) return [];
    const reading = { status: 'read' as const, object };
    return [{ entry, carrier: 'embedded' as const, key: name, property: path, namespace: null, reading, raw }];
  });
}

/** Fields written one by one as properties of the namespace, or inside a structure called AIGC. */
function fromProperties(entry: MetadataEntry, properties: readonly XmpProperty[]): FoundLabel | null {
  const ours = properties.filter(
    ({ namespace, path }) =>
      /tc260\.org\.cn/i.test(namespace) ||
      path
        .split('/')
        .slice(0, -1)
        .some((step) => isAigc(localName(step))),
  );
  const fields = ours.slice(0, fieldNames.length * 2).map(({ name, values }) => ({ name, value: values[0] ?? '' }));
  const object = assembleObject(fields);
  const first = ours[0];
  if (!object || !first) return null;
  return {
    entry,
    carrier: 'xmp-properties',
    key: 'AIGC',
    property: first.path,
    namespace: first.namespace,
    reading: { status: 'read', object },
    raw: fields.map(({ name, value }) => `${name}: ${value}`).join('; '),
  };
}

/** `TXXX:AIGC`, `COMM:AIGC`, `----:com.apple.iTunes:AIGC`, `TC260:AIGC` → `AIGC`. */
function ownKey(key: string): string {
  return localName(key.endsWith(':') ? key.slice(0, -1) : key);
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function isAigc(name: string): boolean {
  if (name.length > 60) return false;
  // `com.apple.quicktime.AIGC` is a key of QuickTime's own kind.
  const last = name.slice(name.lastIndexOf('.') + 1);
  return last.toLowerCase().replace(/[^a-z0-9]/g, '') === 'aigc';
}
