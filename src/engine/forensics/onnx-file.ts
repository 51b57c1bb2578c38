import type { ByteSource } from '../media/bytes.ts';

export type OnnxFile =
  | { ok: true; irVersion: number; nodes: number; initializers: number }
  | { ok: false; code: 'not-onnx' | 'external-data' | 'too-deep'; reason: string };

/**
 * Walks the protobuf skeleton of an ONNX file (onnx.proto, IR version 3 and later) before any native code sees it.
 * Only lengths and a few fields are read, so a 500 MB model costs little. Refused: bytes that are no ModelProto, and tensors whose
 * data lie in another file, because their `location` is a path that the author of the model chose.
 */
export function inspectOnnx(source: ByteSource): OnnxFile {
  const walk: Walk = { source, left: maxFields, nodes: 0, initializers: 0, irVersion: 0, graphs: 0 };
  try {
    walkMessage(walk, 'model', 0, source.size, 0);
  } catch (error) {
    if (error instanceof Refused) return { ok: false, code: error.code, reason: error.message };
    throw error;
  }
  if (walk.irVersion < 3) return { ok: false, code: 'not-onnx', reason: 'no ONNX IR version of 3 or later' };
  if (walk.graphs !== 1) return { ok: false, code: 'not-onnx', reason: 'not exactly one graph' };
  return { ok: true, irVersion: walk.irVersion, nodes: walk.nodes, initializers: walk.initializers };
}

const maxFields = 5_000_000;
const maxNesting = 32;

type Message = 'model' | 'graph' | 'node' | 'attribute' | 'function' | 'training' | 'sparse' | 'tensor';

/** Which fields hold messages worth entering: field number → message (onnx.proto). */
const inner: Record<Message, Record<number, Message>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
};

interface Walk {
  source: ByteSource;
  left: number;
  nodes: number;
  initializers: number;
  irVersion: number;
  graphs: number;
}

class Refused extends Error {
  readonly code: 'not-onnx' | 'external-data' | 'too-deep';
  constructor(code: Refused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

function walkMessage(walk: Walk, message: Message, from: number, to: number, depth: number): void {
  if (depth > maxNesting) throw new Refused('too-deep', `nested more than ${maxNesting} deep`);
  let at = from;
  while (at < to) {
    if (--walk.left < 0) throw new Refused('too-deep', `more than ${maxFields} fields`);
    const field = readField(walk.source, at, to);
    note(walk, message, field);
    const next = inner[message][field.number];
    if (next && field.wire === 2) walkMessage(walk, next, field.from, field.to, depth + 1);
    at = field.to;
  }
}

function note(walk: Walk, message: Message, field: Field): void {
  if (message === 'model' && field.number === 1 && field.wire === 0) walk.irVersion = field.value;
  if (message === 'model' && field.number === 7) walk.graphs += 1;
  if (message === 'graph' && field.number === 1) walk.nodes += 1;
  if (message === 'graph' && field.number === 5) walk.initializers += 1;
  // TensorProto: 13 = external_data, 14 = data_location (1 = EXTERNAL). Either is enough to refuse.
  if (message === 'tensor' && (field.number === 13 || (field.number === 14 && field.value !== 0))) {
    throw new Refused('external-data', 'tensors are kept in another file');
  }
}

interface Field {
  number: number;
  wire: number;
  /** Of a varint; 0 otherwise. */
  value: number;
  /** Where its content begins and ends; `to` is also where the next field begins. */
  from: number;
  to: number;
}

function readField(source: ByteSource, at: number, end: number): Field {
  // Key and value are at most ten bytes each.
  const head = source.read(at, Math.min(20, end - at));
  const [key, keyBytes] = readVarint(head, 0);
  const number = Math.floor(key / 8);
  const wire = key % 8;
  if (number === 0) throw new Refused('not-onnx', `no protobuf field at byte ${at}`);
  const from = at + keyBytes;
  const field = { number, wire, value: 0, from, to: from };
  if (wire === 0) {
    const [value, bytes] = readVarint(head, keyBytes);
    Object.assign(field, { value, to: from + bytes });
  } else if (wire === 1) field.to = from + 8;
  else if (wire === 5) field.to = from + 4;
  else if (wire === 2) {
    const [length, bytes] = readVarint(head, keyBytes);
    Object.assign(field, { from: from + bytes, to: from + bytes + length });
  } else throw new Refused('not-onnx', `no protobuf field at byte ${at}`);
  // Attacker-controlled length: it may not leave the message it stands in.
  if (!(field.to <= end)) throw new Refused('not-onnx', `a field at byte ${at} ends beyond its message`);
  return field;
}

/** Value and bytes read. Values beyond 2^53 lose their low bits, which only lengths out of range have. */
function readVarint(bytes: Uint8Array, at: number): [number, number] {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return [value, i + 1];
  }
  throw new Refused('not-onnx', 'a number does not end');
}
