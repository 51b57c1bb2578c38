import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { maxDepth, maxValueCharacters } from '../metadata.ts';
import { type Collector, collect } from './collect.ts';
import { decodeText } from './decode-text.ts';
import { u16be, u32be } from './integers.ts';

/**
 * Metadata of an FLV file: the strings of its script tags, `onMetaData` above all, and the XMP of `onXMPData`.
 *
 * Script tags stand first; a bounded number of tags is looked at, since live recordings are glued together.
 * Sources: Adobe Flash Video File Format Specification 10.1 annex E, AMF0 specification.
 */
export function readFlv(source: ByteSource): Metadata {
  const collector = collect();
  const header = source.read(0, 9);
  let number = 0;
  for (let at = Math.max(9, u32be(header, 5)) + 4, tags = 0; at + 11 <= source.size && tags < maxTags; tags++) {
    if (!collector.step('file')) break;
    const head = source.read(at, 11);
    const length = ((head[1] ?? 0) << 16) | u16be(head, 2);
    const path = `script[${number + 1}]`;
    if (((head[0] ?? 0) & 0x1f) === scriptTag) {
      number++;
      const bytes = collector.read(source, at + 11, length, path);
      readScript(collector, bytes, { path, offset: at + 11, length: bytes.length });
    } else if (at + 11 + length > source.size) {
      collector.finding('truncated', 'file');
    }
    at += 11 + length + 4;
  }
  return collector.metadata;
}

interface Carrier {
  path: string;
  offset: number;
  length: number;
}

function readScript(collector: Collector, bytes: Uint8Array, carrier: Carrier): void {
  const reader: Amf = { bytes, at: 0, collector, path: carrier.path };
  const name = readValue(reader, 0);
  if (typeof name !== 'string') {
    collector.finding('bad-structure', carrier.path);
    return;
  }
  const value = readValue(reader, 0);
  const path = `${carrier.path}/${shown(name)}`;
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'string') {
      collector.text(name, value, { location: 'flv.onmetadata', ...carrier, path });
    }
    return;
  }
  for (const [key, field] of Object.entries(value)) {
    const place = { location: 'flv.onmetadata', offset: carrier.offset, length: carrier.length };
    const fieldPath = `${path}/${shown(key)}`;
    if (name === 'onXMPData' && typeof field === 'string') {
      collector.xmp(field, { ...place, location: 'flv.xmp', path: fieldPath });
    } else if (typeof field === 'string') {
      collector.text(key, field, { ...place, path: fieldPath });
    } else if (hasText(field)) {
      // A label given as an object instead of a string: shown as the JSON it stands for.
      collector.text(key, JSON.stringify(field).slice(0, maxValueCharacters), { ...place, path: fieldPath });
    }
  }
}

type AmfValue = string | number | boolean | null | AmfValue[] | { [key: string]: AmfValue };

interface Amf {
  bytes: Uint8Array;
  at: number;
  collector: Collector;
  path: string;
}

function hasText(value: AmfValue): boolean {
  if (typeof value === 'string') return value !== '';
  return typeof value === 'object' && value !== null && Object.values(value).some(hasText);
}

/** One AMF0 value. Bytes that are none end the reading: the position moves to the end, so nothing more is found. */
function readValue(amf: Amf, depth: number): AmfValue {
  if (depth > maxDepth) {
    amf.collector.finding('nested-too-deep', amf.path);
    return stop(amf);
  }
  if (amf.at >= amf.bytes.length || !amf.collector.step(amf.path)) return stop(amf);
  const type = amf.bytes[amf.at++];
  switch (type) {
    case 0: // number
      return readNumber(amf);
    case 1: // boolean
      return amf.bytes[amf.at++] === 1;
    case 2: // string
      return readText(amf, 2);
    case 3: // object
      return readObject(amf, depth);
    case 5: // null
    case 6: // undefined
      return null;
    case 7: // reference: never followed, so references in a circle are harmless
      amf.at += 2;
      return null;
    case 8: // ECMA array: its count is only approximate
      amf.at += 4;
      return readObject(amf, depth);
    case 10: // strict array
      return readArray(amf, depth);
    case 11: // date
      amf.at += 10;
      return null;
    case 12: // long string
    case 15: // XML document
      return readText(amf, 4);
    case 16: // typed object
      readText(amf, 2);
      return readObject(amf, depth);
    default:
      amf.collector.finding('bad-structure', amf.path);
      return stop(amf);
  }
}

function stop(amf: Amf): null {
  amf.at = amf.bytes.length;
  return null;
}

function readNumber(amf: Amf): number {
  const view = new DataView(amf.bytes.buffer, amf.bytes.byteOffset, amf.bytes.byteLength);
  const value = amf.at + 8 <= amf.bytes.length ? view.getFloat64(amf.at) : 0;
  amf.at += 8;
  return value;
}

function readText(amf: Amf, widthBytes: 2 | 4): string {
  const length = widthBytes === 2 ? u16be(amf.bytes, amf.at) : u32be(amf.bytes, amf.at);
  amf.at += widthBytes;
  if (amf.at + length > amf.bytes.length) amf.collector.finding('truncated', amf.path);
  const text = decodeText(amf.bytes.subarray(amf.at, amf.at + length));
  amf.at += length;
  return text;
}

/** Properties up to an empty name and the end mark. */
function readObject(amf: Amf, depth: number): AmfValue {
  // No prototype: a property may be called `__proto__`.
  const found: { [key: string]: AmfValue } = Object.create(null);
  while (amf.at + 3 <= amf.bytes.length) {
    const key = readText(amf, 2);
    if (key === '' && amf.bytes[amf.at] === 9) {
      amf.at++;
      return found;
    }
    const value = readValue(amf, depth + 1);
    // The first one counts: a second of the same name cannot replace it unseen.
    if (key in found) found[`${key}#2`] = value;
    else found[key] = value;
  }
  if (amf.at < amf.bytes.length) amf.collector.finding('truncated', amf.path);
  return found;
}

function readArray(amf: Amf, depth: number): AmfValue {
  const length = u32be(amf.bytes, amf.at);
  amf.at += 4;
  const values: AmfValue[] = [];
  // The declared count is only an upper bound: every value takes at least a byte.
  while (values.length < length && amf.at < amf.bytes.length) values.push(readValue(amf, depth + 1));
  return values;
}

function shown(name: string): string {
  return name.slice(0, 60).replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '.');
}

const scriptTag = 18;
const maxTags = 1_000;
