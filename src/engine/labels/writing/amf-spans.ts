import { decodeText } from '../containers/decode-text.ts';
import { u16be, u32be } from '../containers/integers.ts';
import { LabelRefusal } from './change.ts';

/** An AMF0 value and where its bytes stand (AMF0 specification 2). */
export interface AmfSpan {
  /** Its type marker. */
  type: number;
  start: number;
  end: number;
  /** What strings, numbers and the like say. */
  value: string | number | boolean | null;
  /** Of objects and arrays with names. */
  properties: AmfProperty[] | null;
  /** Where another property would go: before the end mark, if there is one. */
  propertiesEnd: number;
  /** Of arrays without names. */
  items: AmfSpan[] | null;
}

export interface AmfProperty {
  key: string;
  /** Of the key's length. */
  start: number;
  value: AmfSpan;
}

/** All values of a script tag's body, one after another. Throws a LabelRefusal where the bytes are none. */
export function amfValues(bytes: Uint8Array, where: string, budget = { values: maxValues }): AmfSpan[] {
  const reader: Reader = { bytes, at: 0, where, budget };
  const values: AmfSpan[] = [];
  while (reader.at < bytes.length) values.push(readValue(reader, 0));
  return values;
}

interface Reader {
  bytes: Uint8Array;
  at: number;
  where: string;
  /** Values that may still come. */
  budget: { values: number };
}

const maxDepth = 32;
/** An index of key frames has two numbers for each. */
export const maxValues = 300_000;

function readValue(reader: Reader, depth: number): AmfSpan {
  const { bytes, where, at: start } = reader;
  reader.budget.values -= 1;
  if (reader.budget.values < 0) throw new LabelRefusal('container-too-large', where);
  if (depth > maxDepth) throw new LabelRefusal('container-damaged', where);
  const type = bytes[start] ?? -1;
  reader.at += 1;
  const span: AmfSpan = { type, start, end: start, value: null, properties: null, propertiesEnd: start, items: null };
  switch (type) {
    case 0: // number
      span.value = new DataView(bytes.buffer, bytes.byteOffset + skip(reader, 8), 8).getFloat64(0);
      break;
    case 1: // boolean
      span.value = bytes[skip(reader, 1)] === 1;
      break;
    case 2: // string
      span.value = readText(reader, 2);
      break;
    case 3: // object
      readProperties(reader, span, depth);
      break;
    case 5: // null
    case 6: // undefined
      break;
    case 7: // reference
      skip(reader, 2);
      break;
    case 8: // array with names; its count is only approximate
      skip(reader, 4);
      readProperties(reader, span, depth);
      break;
    case 10: // array
      span.items = readItems(reader, depth);
      break;
    case 11: // date
      skip(reader, 10);
      break;
    case 12: // long string
    case 15: // XML document
      span.value = readText(reader, 4);
      break;
    case 16: // typed object
      readText(reader, 2);
      readProperties(reader, span, depth);
      break;
    default:
      throw new LabelRefusal('container-damaged', where);
  }
  span.end = reader.at;
  return span;
}

/** Returns the offset before the step. */
function skip(reader: Reader, length: number): number {
  const at = reader.at;
  if (at + length > reader.bytes.length) throw new LabelRefusal('container-damaged', reader.where);
  reader.at += length;
  return at;
}

function readText(reader: Reader, width: 2 | 4): string {
  const at = skip(reader, width);
  const length = width === 2 ? u16be(reader.bytes, at) : u32be(reader.bytes, at);
  const from = skip(reader, length);
  return decodeText(reader.bytes.subarray(from, from + length));
}

function readProperties(reader: Reader, span: AmfSpan, depth: number): void {
  const properties: AmfProperty[] = [];
  span.properties = properties;
  // Some programs leave the end mark out.
  while (reader.at < reader.bytes.length) {
    const start = reader.at;
    const key = readText(reader, 2);
    if (key === '' && reader.bytes[reader.at] === 9) {
      reader.at += 1;
      span.propertiesEnd = start;
      return;
    }
    properties.push({ key, start, value: readValue(reader, depth + 1) });
  }
  span.propertiesEnd = reader.at;
}

function readItems(reader: Reader, depth: number): AmfSpan[] {
  const count = u32be(reader.bytes, skip(reader, 4));
  // attacker-controlled count: every value takes a byte at least
  if (count > reader.bytes.length - reader.at) throw new LabelRefusal('container-damaged', reader.where);
  const items: AmfSpan[] = [];
  while (items.length < count) items.push(readValue(reader, depth + 1));
  return items;
}
