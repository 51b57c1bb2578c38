import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import type { Finding } from '../../../contract/screening.ts';
import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata, MetadataEntry } from '../metadata.ts';
import { maxEntries, maxNodes, maxValueCharacters } from '../metadata.ts';

export type EntryPlace = MetadataEntry['place'];

/** No field is read or inflated beyond this many bytes. */
export const maxFieldBytes = 4 * 1024 * 1024;
/** All fields of one file together: many fields may point at the same bytes. */
const maxFileBytes = 32 * 1024 * 1024;
/** A damaged table may be wrong in a thousand places: a few of each kind are enough for a person. */
const maxFindingsOfACode = 8;

/** Gathers entries and findings of one file under the limits of `metadata.ts`, so that no reader has to count by itself. */
export interface Collector {
  readonly metadata: Metadata;
  text(key: string, value: string, place: EntryPlace): void;
  xmp(value: string, place: EntryPlace): void;
  binary(key: string, place: EntryPlace): void;
  /** Each code and place once. */
  finding(code: ContainerFindingCode, where: string): void;
  /** Counts one box, chunk, tag or element; false once the file has had its share. */
  step(where: string): boolean;
  /** A field's bytes, at most `maxFieldBytes`, fewer where the file ends; empty once the file has had its share. */
  read(source: ByteSource, offset: number, length: number, where: string): Uint8Array;
  /** Inflated bytes, at most `limit`; what could be inflated before an error is kept. */
  inflate(packed: Uint8Array, kind: 'zlib' | 'raw', where: string, limit?: number): Uint8Array;
}

export type ContainerFindingCode =
  | 'truncated'
  | 'nested-too-deep'
  | 'too-many-entries'
  | 'value-too-long'
  | 'bad-structure'
  | 'checksum-mismatch'
  | 'compressed-too-large'
  | 'encrypted-document';

const severities: Record<ContainerFindingCode, Finding['severity']> = {
  truncated: 'warning',
  'nested-too-deep': 'warning',
  'too-many-entries': 'warning',
  'value-too-long': 'warning',
  'bad-structure': 'warning',
  'checksum-mismatch': 'warning',
  'compressed-too-large': 'warning',
  'encrypted-document': 'warning',
};

/** `size` is that of the file: what a header declares beyond it is no place. */
export function collect(size = Number.MAX_SAFE_INTEGER): Collector {
  const metadata: Metadata = { entries: [], findings: [] };
  const told = new Map<ContainerFindingCode, Set<string>>();
  let nodes = 0;
  let bytes = 0;

  function finding(code: ContainerFindingCode, where: string): void {
    const place = where.slice(0, 200);
    const places = told.get(code) ?? new Set();
    if (places.has(place) || places.size >= maxFindingsOfACode) return;
    told.set(code, places.add(place));
    metadata.findings.push({ code, severity: severities[code], stage: 'labels', params: { where: place } });
  }

  function add(entry: Omit<MetadataEntry, 'cut'>): void {
    if (metadata.entries.length >= maxEntries) {
      finding('too-many-entries', containerOf(entry.place));
      return;
    }
    const cut = entry.value.length > maxValueCharacters;
    if (cut) finding('value-too-long', entry.place.path);
    const value = cut ? entry.value.slice(0, maxValueCharacters) : entry.value;
    const place = { ...entry.place };
    if (place.offset !== undefined) place.offset = Math.max(0, Math.min(place.offset, size));
    if (place.length !== undefined) place.length = Math.max(0, Math.min(place.length, size - (place.offset ?? 0)));
    metadata.entries.push({ ...entry, key: entry.key.slice(0, 200), value, cut, place });
  }

  /** How many of the wanted bytes this file may still have. */
  function grant(wanted: number, where: string): number {
    if (bytes + wanted > maxFileBytes) finding('too-many-entries', where);
    const granted = Math.max(0, Math.min(wanted, maxFileBytes - bytes));
    bytes += granted;
    return granted;
  }

  return {
    metadata,
    finding,
    text: (key, value, place) => add({ key, kind: 'text', value, place }),
    xmp: (value, place) => add({ key: 'XMP', kind: 'xmp', value, place }),
    binary: (key, place) => add({ key, kind: 'binary', value: '', place }),
    step: (where) => {
      nodes += 1;
      if (nodes > maxNodes) finding('too-many-entries', where);
      return nodes <= maxNodes;
    },
    read: (source, offset, length, where) => {
      const first = metadata.entries[0];
      if (first && metadata.entries.length >= maxEntries) {
        // Nothing could be kept of it.
        finding('too-many-entries', containerOf(first.place));
        return new Uint8Array(0);
      }
      if (offset + length > source.size) finding('truncated', where);
      if (length > maxFieldBytes) finding('value-too-long', where);
      const available = Math.max(0, Math.min(length, maxFieldBytes, source.size - offset));
      return source.read(offset, grant(available, where));
    },
    inflate: (packed, kind, where, limit = maxFieldBytes) => {
      const allowed = Math.min(limit, maxFileBytes - bytes);
      const result = inflateWithin(packed, kind, allowed);
      // A bomb costs its whole allowance, so that a file of a thousand bombs is not inflated a thousand times.
      bytes += result.end === 'too-large' ? Math.max(0, allowed) : result.bytes.length;
      if (result.end === 'too-large') finding('compressed-too-large', where);
      if (result.end === 'broken') finding('bad-structure', where);
      return result.bytes;
    },
  };
}

/**
 * Inflates at most `limit` bytes. A bomb yields nothing; a stream with a wrong checksum or a missing end yields what it holds.
 */
function inflateWithin(
  packed: Uint8Array,
  kind: 'zlib' | 'raw',
  limit: number,
): { bytes: Uint8Array; end: 'whole' | 'too-large' | 'broken' } {
  const none = new Uint8Array(0);
  if (limit <= 0) return { bytes: none, end: 'too-large' };
  try {
    const unpack = kind === 'zlib' ? inflateSync : inflateRawSync;
    return { bytes: unpack(packed, { maxOutputLength: limit }), end: 'whole' };
  } catch (error) {
    if (isTooLarge(error)) return { bytes: none, end: 'too-large' };
  }
  try {
    // Raw: without the two header bytes of zlib nobody asks for the checksum behind the data.
    const body = kind === 'zlib' ? packed.subarray(2) : packed;
    const bytes = inflateRawSync(body, { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH });
    return { bytes, end: 'broken' };
  } catch (error) {
    return { bytes: none, end: isTooLarge(error) ? 'too-large' : 'broken' };
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function containerOf(place: EntryPlace): string {
  return place.location.split('.')[0] ?? place.location;
}
