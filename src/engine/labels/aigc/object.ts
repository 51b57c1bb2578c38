import { type JsonMistake, type JsonNode, readJsonTolerantly } from './tolerant-json.ts';

/** The fields of GB 45438-2025 Annex E, in its order. */
export const fieldNames = [
  'Label',
  'ContentProducer',
  'ProduceID',
  'ReservedCode1',
  'ContentPropagator',
  'PropagateID',
  'ReservedCode2',
] as const;
export type FieldName = (typeof fieldNames)[number];

export interface LabelField {
  /** As the file writes it, so that a misspelling can be shown. */
  written: string;
  /** Text of the value; nested JSON is written compactly. */
  value: string;
  type: JsonNode['type'];
}

/** In what ways a label that could be read was not the plain JSON that is asked for. */
export type FormMistake =
  | JsonMistake
  | 'array-around'
  | 'base64'
  | 'byte-order-mark'
  | 'entity-escaped'
  | 'fields-as-properties'
  | 'json-in-string'
  | 'mapping'
  | 'nul-padding'
  | 'prefix-before-object'
  | 'text-around'
  | 'url-encoded'
  | 'wrapper-misspelled';

export interface AigcObject {
  /** Tencent Cloud writes ServiceProvider, ServiceUser, Time and ContentId instead, in EXIF ImageDescription. */
  variant: 'gb45438' | 'tencent-cloud';
  /** Both `{"AIGC":{…}}` and `{…}` are in the guides. */
  wrapped: boolean;
  fields: Map<FieldName, LabelField>;
  /** Names that belong to no field, with their values; for the Tencent variant all of its members. */
  unknown: LabelField[];
  mistakes: Set<FormMistake>;
  /** True when sentences stand around the object: the text may talk about a label instead of being one. */
  inProse: boolean;
}

export type AigcReading =
  | { status: 'read'; object: AigcObject }
  | { status: 'empty' }
  | { status: 'unreadable'; reason: 'not-an-object' | 'no-known-field' | 'nested-too-deep' | 'too-many-values' };

/** Reads text that stands where a label should be: under a key `AIGC`. Never throws. */
export function readAigcObject(text: string): AigcReading {
  return read(text, new Set(), 0);
}

/**
 * Looks for a label inside text that may be anything: a comment, a description, another program's JSON. Null unless the text holds
 * an object under `AIGC`, or one with the unmistakable names of the standard.
 */
export function findAigcObject(text: string): AigcObject | null {
  if (!hint.test(text) && !encodedHint.test(text)) return null;
  const reading = readAigcObject(text);
  if (reading.status !== 'read') return null;
  const { object } = reading;
  if (object.mistakes.has('mapping')) return null;
  // Without the wrapper only a name of the standard itself tells: `ContentProducts` beside `label` is a shop's JSON.
  const telling = [...object.fields].some(([name, { written }]) => isTelling(name, written));
  const enough = object.wrapped ? object.fields.size >= 1 : object.fields.size >= 2 && telling;
  return enough || object.variant === 'tencent-cloud' ? object : null;
}

function isTelling(name: FieldName, written: string): boolean {
  return name !== 'Label' && simplified(written) === name.toLowerCase();
}

/** A label whose fields stand as separate properties instead of in one JSON text. Null when there are too few to tell. */
export function assembleObject(fields: readonly { name: string; value: string }[]): AigcObject | null {
  const members = fields.map(({ name, value }) => ({ key: name, value: { type: 'string', value } satisfies JsonNode }));
  const object = fromMembers(members, new Set(['fields-as-properties']), false);
  return object && object.fields.size >= 2 ? object : null;
}

/** Empty where the field is missing. */
export function fieldValue(object: AigcObject, name: FieldName): string {
  return object.fields.get(name)?.value ?? '';
}

const hint = /AIGC|Content-?_?Pro[dp]|Produce-?_?ID|Propagat|ServiceProvider/i;
/** Base64 of `{"AIGC` and `{"Label`, and the same percent-encoded or with entities. */
const encodedHint = /^\s{0,20}(eyJBSUdD|eyJMYWJlbC|eyAiQUlHQyI|%7B%22)/i;
const maxLayers = 4;

function read(text: string, mistakes: Set<FormMistake>, layer: number): AigcReading {
  if (layer > maxLayers) return { status: 'unreadable', reason: 'nested-too-deep' };
  const body = withoutPadding(text, mistakes);
  if (body === '') return { status: 'empty' };
  const decoded = decodeLayer(body, mistakes);
  if (decoded !== null) return read(decoded, mistakes, layer + 1);

  if (body[0] === '{' || body[0] === '[') {
    const whole = readAt(body, 0, mistakes, layer);
    if (whole.status === 'read') return whole;
    // Another program's JSON may hold the label somewhere inside.
    return readInside(body, 1, new Set(['text-around']), layer) ?? whole;
  }
  const prefix = /^["'“‘]?AIGC["'”’]?\s{0,20}[:=：]?\s{0,20}(?=[{[])/i.exec(body);
  if (prefix) {
    mistakes.add('prefix-before-object');
    return readAt(body, prefix[0].length, mistakes, layer);
  }
  const inside = readInside(body, 0, new Set([...mistakes, 'text-around']), layer);
  if (inside) return inside;
  const mapping = readMapping(body);
  if (mapping) {
    const object = fromMembers(mapping, mistakes.add('mapping'), false);
    if (object) return { status: 'read', object };
  }
  return { status: 'unreadable', reason: 'not-an-object' };
}

function readInside(body: string, from: number, mistakes: Set<FormMistake>, layer: number): AigcReading | null {
  const found = /\{\s{0,20}["'“]?AIGC["'”]?\s{0,20}[:：]|["']?AIGC["']?\s{0,5}[:=：]?\s{0,5}(?=\{)/i.exec(
    body.slice(from),
  );
  if (!found) return null;
  const start = from + found.index + (found[0].startsWith('{') ? 0 : found[0].length);
  return readAt(body, start, mistakes, layer);
}

/** One layer of encoding taken off, or null when there is none. */
function decodeLayer(body: string, mistakes: Set<FormMistake>): string | null {
  const head = body.slice(0, 200);
  if (!head.includes('"') && head.includes('&quot;')) {
    mistakes.add('entity-escaped');
    return unescapeEntities(body);
  }
  if (!head.includes('"') && /%22/.test(head)) {
    mistakes.add('url-encoded');
    return decodePercent(body);
  }
  if (/^["'“‘]\s{0,20}[{%]|^["'“‘]eyJ/.test(head)) {
    const string = readJsonTolerantly(body);
    if (string.status !== 'read' || string.node.type !== 'string') return null;
    mistakes.add('json-in-string');
    return string.node.value;
  }
  if (/^[A-Za-z0-9+/_-]{12}[A-Za-z0-9+/_=\s-]*$/.test(body)) {
    const decoded = new TextDecoder().decode(Buffer.from(body, 'base64'));
    if (!/^[\uFEFF\s]{0,20}(\{|"|%7B|AIGC)/i.test(decoded)) return null;
    mistakes.add('base64');
    return decoded;
  }
  return null;
}

function readAt(body: string, start: number, mistakes: Set<FormMistake>, layer: number): AigcReading {
  const reading = readJsonTolerantly(body, start);
  if (reading.status === 'unreadable') {
    return { status: 'unreadable', reason: reading.reason === 'no-value' ? 'not-an-object' : reading.reason };
  }
  for (const mistake of reading.mistakes) mistakes.add(mistake);
  if (hasText(body, reading.end)) mistakes.add('text-around');
  const interpreted = interpret(reading.node, mistakes, layer);
  if (interpreted.status === 'read' && mistakes.has('text-around')) {
    interpreted.object.inProse = isProse(body, start, reading.end);
  }
  return interpreted;
}

/** Words of a sentence before or after the object, unless the text begins as another program's JSON. */
function isProse(body: string, start: number, end: number): boolean {
  if (start > 0 && (body[0] === '{' || body[0] === '[')) return false;
  return words.test(body.slice(Math.max(0, start - nearby), start)) || words.test(body.slice(end, end + nearby));
}

const nearby = 300;
/** Two words of Latin or other spaced script, or four Chinese characters. */
const words = /\p{L}{2,40}[,.:;]? \p{L}{2}|\p{Script=Han}{4}/u;

function interpret(node: JsonNode, mistakes: Set<FormMistake>, layer: number): AigcReading {
  if (node.type === 'array') {
    mistakes.add('array-around');
    const first = node.items.find((item) => item.type === 'object');
    return first ? interpret(first, mistakes, layer) : { status: 'unreadable', reason: 'not-an-object' };
  }
  if (node.type !== 'object') return { status: 'unreadable', reason: 'not-an-object' };

  const wrapper = node.members.find(({ key }) => simplified(key) === 'aigc');
  if (wrapper) {
    if (wrapper.key !== 'AIGC') mistakes.add('wrapper-misspelled');
    if (wrapper.value.type === 'string') {
      mistakes.add('json-in-string');
      const inner = read(wrapper.value.value, mistakes, layer + 1);
      if (inner.status === 'read') inner.object.wrapped = true;
      return inner;
    }
    if (wrapper.value.type === 'object') {
      const object = fromMembers(wrapper.value.members, mistakes, true);
      return object ? { status: 'read', object } : { status: 'unreadable', reason: 'no-known-field' };
    }
  }
  const object = fromMembers(node.members, mistakes, false);
  return object ? { status: 'read', object } : { status: 'unreadable', reason: 'no-known-field' };
}

/** Null when no member has a name of the standard or of the Tencent variant. */
function fromMembers(
  members: readonly { key: string; value: JsonNode }[],
  mistakes: Set<FormMistake>,
  wrapped: boolean,
): AigcObject | null {
  const fields = new Map<FieldName, LabelField>();
  const unknown: LabelField[] = [];
  for (const { key, value } of members) {
    const field = { written: key, value: textOf(value), type: value.type };
    const name = fieldNamed(key);
    if (!name) unknown.push(field);
    else fields.set(name, preferred(name, fields.get(name), field, mistakes));
  }
  if (fields.size > 0) return { variant: 'gb45438', wrapped, fields, unknown, mistakes, inProse: false };
  const names = new Set(unknown.map(({ written }) => written.toLowerCase()));
  // Any one of these names is ordinary: telephone companies are service providers too.
  const isTencent =
    names.has('serviceprovider') && names.has('contentid') && (names.has('serviceuser') || names.has('time'));
  return isTencent ? { variant: 'tencent-cloud', wrapped, fields, unknown, mistakes, inProse: false } : null;
}

/** Of two members for one field: of labels the one that declares more, else the one spelled rightly, else the last. */
function preferred(
  name: FieldName,
  known: LabelField | undefined,
  next: LabelField,
  mistakes: Set<FormMistake>,
): LabelField {
  if (!known) return next;
  mistakes.add('duplicate-key');
  if (name === 'Label')
    return /^[123]$/.test(next.value) && !(known.value <= next.value && /^[123]$/.test(known.value)) ? next : known;
  return known.written === name && next.written !== name ? known : next;
}

function fieldNamed(written: string): FieldName | null {
  const exact = fieldNames.find((name) => name === written);
  if (exact) return exact;
  const key = simplified(written);
  if (key.length < 4 || key.length > 24) return null;
  const ranked = fieldNames
    .map((name) => ({ name, distance: editDistance(key, name.toLowerCase()), allowed: name.length < 8 ? 1 : 2 }))
    .sort((a, b) => a.distance - b.distance);
  const [best, second] = ranked;
  if (!best || best.distance > best.allowed) return null;
  // `ReservedCode` is as near to the first as to the second: nobody can say which is meant.
  return second && second.distance === best.distance ? null : best.name;
}

function simplified(key: string): string {
  return key
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Optimal string alignment: insertions, deletions, changes and swaps of neighbours. Both at most 24 characters. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

function textOf(node: JsonNode): string {
  if (node.type === 'string') return node.value;
  return compact(node);
}

/** The node as JSON text without blanks, members in their order. */
function compact(node: JsonNode): string {
  switch (node.type) {
    case 'object':
      return `{${node.members.map(({ key, value }) => `${JSON.stringify(key)}:${compact(value)}`).join(',')}}`;
    case 'array':
      return `[${node.items.map(compact).join(',')}]`;
    case 'string':
      return JSON.stringify(node.value);
    case 'number':
      return node.text;
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
  }
}

function withoutPadding(text: string, mistakes: Set<FormMistake>): string {
  let start = 0;
  let end = text.length;
  // Character codes that EXIF puts before a comment may survive a reader that does not know them.
  const charset = /^(?:ASCII\0{3}|UNICODE\0|JIS\0{5})/.exec(text);
  if (charset) start = charset[0].length;
  while (start < end && isPadding(text.charCodeAt(start), mistakes)) start += 1;
  while (end > start && isPadding(text.charCodeAt(end - 1), mistakes)) end -= 1;
  return text.slice(start, end);
}

function isPadding(code: number, mistakes: Set<FormMistake>): boolean {
  if (code === 0) mistakes.add('nul-padding');
  if (code === 0xfeff) mistakes.add('byte-order-mark');
  return code === 0 || code === 0xfeff || code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function hasText(text: string, from: number): boolean {
  for (let index = from; index < text.length; index += 1) if (text.charCodeAt(index) > 0x20) return true;
  return false;
}

const entities = new Map([
  ['&quot;', '"'],
  ['&#34;', '"'],
  ['&apos;', "'"],
  ['&#39;', "'"],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
]);

function unescapeEntities(text: string): string {
  return text.replace(/&(?:quot|apos|lt|gt|amp|#34|#39);/g, (entity) => entities.get(entity) ?? entity);
}

function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    new TextDecoder().decode(Uint8Array.from(run.slice(1).split('%'), (digits) => Number.parseInt(digits, 16))),
  );
}

/** Lines `Name: value` as in a YAML mapping of plain and quoted scalars; null when a line is something else. */
function readMapping(body: string): { key: string; value: JsonNode }[] | null {
  const lines = body
    .slice(0, 65_536)
    .split(/\r?\n/, 41)
    .filter((line) => line.trim() !== '');
  if (lines.length === 0 || lines.length > 40) return null;
  const members: { key: string; value: JsonNode }[] = [];
  for (const line of lines) {
    // The key of the whole mapping may have come along.
    if (/^\s{0,20}["']?AIGC["']?\s{0,20}:\s{0,20}$/i.test(line)) continue;
    const pair = /^\s{0,20}["']?([A-Za-z][A-Za-z0-9_]{0,40})["']?\s{0,20}:(?:\s(.*))?$/.exec(line);
    if (!pair) return null;
    members.push({ key: pair[1] ?? '', value: scalar((pair[2] ?? '').trim()) });
  }
  return members.length > 0 ? members : null;
}

function scalar(text: string): JsonNode {
  if (text.startsWith('"')) {
    const quoted = readJsonTolerantly(text);
    if (quoted.status === 'read' && quoted.node.type === 'string') return quoted.node;
  }
  if (text.length > 1 && text.startsWith("'") && text.endsWith("'")) {
    return { type: 'string', value: text.slice(1, -1).replaceAll("''", "'") };
  }
  return /^-?\d{1,40}$/.test(text) ? { type: 'number', text } : { type: 'string', value: text };
}
