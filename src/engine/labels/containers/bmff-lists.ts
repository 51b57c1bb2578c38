import type { ByteSource } from '../../media/bytes.ts';
import { maxEntries } from '../metadata.ts';
import { type Box, eachBox } from './boxes.ts';
import type { Collector } from './collect.ts';
import { decodeText, decodeUtf16, textOrNull } from './decode-text.ts';
import { latin1, u32be } from './integers.ts';

interface File {
  source: ByteSource;
  collector: Collector;
}

interface ItemList {
  /** The `ilst` box. */
  box: Box;
  path: string;
  /** Names from the `keys` box, or null where the list has none and names its items by four characters. */
  keys: readonly string[] | null;
  location: string;
  /** For items without any name, in a list without keys. */
  keylessLocation?: string;
}

/** Names of a QuickTime `keys` box, in order: item n of the list has name n, counted from 1. */
export function readKeys(file: File, box: Box, path: string): string[] {
  const body = file.collector.read(file.source, box.bodyStart, box.end - box.bodyStart, path);
  const keys: string[] = [];
  const declared = u32be(body, 4);
  for (let at = 8; at + 8 <= body.length && keys.length < declared; ) {
    const size = u32be(body, at);
    if (size < 8 || at + size > body.length) {
      file.collector.finding('bad-structure', path);
      break;
    }
    if (keys.length >= maxEntries) {
      file.collector.finding('too-many-entries', path);
      break;
    }
    keys.push(decodeText(body.subarray(at + 8, at + size)).replace(/\0.*$/s, ''));
    at += size;
  }
  return keys;
}

/** One entry per value of an `ilst` box: iTunes (four characters, or `----` with a name of its own) or QuickTime (numbers of keys). */
export function collectList(file: File, list: ItemList): void {
  let number = 0;
  const tell = () => file.collector.finding('bad-structure', list.path);
  for (const item of eachBox(file.source, list.box.bodyStart, list.box.end, tell)) {
    if (!file.collector.step(list.path)) return;
    const path = `${list.path}[${++number}]`;
    if (item.truncated) file.collector.finding('truncated', path);
    collectItem(file, list, item, path);
  }
}

function collectItem(file: File, list: ItemList, item: Box, path: string): void {
  const named = list.keys?.[item.code - 1];
  const isName = /^[\x20-\x7e\xa9]{4}$/.test(item.type);
  const place = { path, offset: item.start, length: item.end - item.start };
  let key = named ?? item.type;
  let values = 0;
  let mean = '';
  for (const part of eachBox(file.source, item.bodyStart, item.end)) {
    if (!file.collector.step(path)) return;
    if (part.type === 'mean') mean = shortText(file, part, path);
    if (part.type === 'name' && item.type === '----') key = `----:${mean}:${shortText(file, part, path)}`;
    if (part.type !== 'data') continue;
    values++;
    add(file, dataValue(file, part, path), (value) => nameOf(value, key, named !== undefined || isName, item));
  }
  // Some writers leave the `data` box out.
  if (values === 0) {
    const bytes = file.collector.read(file.source, item.bodyStart, item.end - item.bodyStart, path);
    const text = textOrNull(bytes);
    if (text !== null) add(file, text, (value) => nameOf(value, key, named !== undefined || isName, item));
  }

  function add(to: File, value: string | null, name: (value: string) => { key: string; keyless: boolean }): void {
    const { key: named, keyless } = name(value ?? '');
    const location = keyless ? (list.keylessLocation ?? list.location) : list.location;
    if (value === null) to.collector.binary(named, { ...place, location });
    else to.collector.text(named, value, { ...place, location });
  }
}

/**
 * What an item is called. In a list without keys (a form of the AIGC label seen in the wild) a mere number says nothing,
 * so the value is asked whether it is the label.
 */
function nameOf(value: string, key: string, hasName: boolean, item: Box): { key: string; keyless: boolean } {
  if (/^aigc$/i.test(item.type)) return { key, keyless: true };
  if (hasName) return { key, keyless: false };
  const label = /"AIGC"|"Label"\s*:|"ContentProducer"\s*:/i.test(value);
  return { key: label ? 'AIGC' : String(item.code), keyless: true };
}

/** Text of the first `data` box in `box`; null when there is none or it is not text. */
export function itemText(file: File, box: Box, path: string): string | null {
  if (latin1(file.source.read(box.bodyStart + 4, 4)) !== 'data') return null;
  for (const part of eachBox(file.source, box.bodyStart, box.end)) {
    return part.type === 'data' && !part.truncated ? dataValue(file, part, path) : null;
  }
  return null;
}

/** A `data` box: well-known type (QuickTime File Format Specification, table 3-5), locale, value. Null when it is not text or a number. */
function dataValue(file: File, data: Box, path: string): string | null {
  const type = u32be(file.source.read(data.bodyStart, 4), 0) & 0xffffff;
  if (pictureTypes.has(type)) return null;
  const length = Math.max(0, data.end - data.bodyStart - 8);
  const bytes = file.collector.read(file.source, data.bodyStart + 8, length, path);
  if (type === 2 || type === 5) return decodeUtf16(bytes, 'big');
  if (type === 21 || type === 22 || (type >= 65 && type <= 78)) return integer(bytes, type) ?? textOrNull(bytes);
  if (type === 1 || type === 4) return decodeText(bytes);
  return textOrNull(bytes);
}

function integer(bytes: Uint8Array, type: number): string | null {
  if (bytes.length === 0 || bytes.length > 8) return null;
  let value = 0n;
  for (const byte of bytes) value = value * 256n + BigInt(byte);
  const signed = type === 21 || (type >= 65 && type <= 74);
  return (signed ? BigInt.asIntN(bytes.length * 8, value) : value).toString();
}

function shortText(file: File, box: Box, path: string): string {
  const length = Math.min(Math.max(0, box.end - box.bodyStart - 4), 256);
  return decodeText(file.collector.read(file.source, box.bodyStart + 4, length, path)).replaceAll('\0', '');
}

/** JPEG, PNG and BMP covers. */
const pictureTypes = new Set([13, 14, 27]);
