/** Writes the few ops a small convolutional net needs as an ONNX model in memory (onnx.proto, IR version 8, opset 13). */
export interface OnnxNode {
  op: 'Conv' | 'LeakyRelu' | 'MaxPool';
  inputs: readonly string[];
  output: string;
  attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxTensor {
  name: string;
  dims: readonly number[];
  values: Float32Array;
}

/** `x` goes in, `y` comes out: float32, both of shape 1, channels, height, width with free height and width. */
export function onnxModel(nodes: readonly OnnxNode[], tensors: readonly OnnxTensor[], channels: number): Uint8Array {
  const graph = [
    ...nodes.map((node) => bytesField(1, nodeBytes(node))),
    textField(2, 'net'),
    ...tensors.map((tensor) => bytesField(5, tensorBytes(tensor))),
    bytesField(11, valueBytes('x', [1, channels, 'height', 'width'])),
    bytesField(12, valueBytes('y', [1, 'channels', 'rows', 'columns'])),
  ];
  const opset = Buffer.concat([textField(1, ''), numberField(2, 13)]);
  return Buffer.concat([numberField(1, 8), bytesField(8, opset), bytesField(7, Buffer.concat(graph))]);
}

const float32 = 1;
const attributeTypes = { float: 1, int: 2, ints: 7 } as const;

function nodeBytes({ op, inputs, output, attributes = {} }: OnnxNode): Buffer {
  return Buffer.concat([
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(4, op),
    ...Object.entries(attributes).map(([name, value]) => bytesField(5, attributeBytes(name, value))),
  ]);
}

function attributeBytes(name: string, value: number | readonly number[]): Buffer {
  if (typeof value === 'number' && !Number.isInteger(value))
    return Buffer.concat([textField(1, name), floatField(2, value), numberField(20, attributeTypes.float)]);
  if (typeof value === 'number')
    return Buffer.concat([textField(1, name), numberField(3, value), numberField(20, attributeTypes.int)]);
  const items = value.map((item) => numberField(8, item));
  return Buffer.concat([textField(1, name), ...items, numberField(20, attributeTypes.ints)]);
}

function tensorBytes({ name, dims, values }: OnnxTensor): Buffer {
  const raw = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) raw.writeFloatLE(value, index * 4);
  return Buffer.concat([
    ...dims.map((dim) => numberField(1, dim)),
    numberField(2, float32),
    textField(8, name),
    bytesField(9, raw),
  ]);
}

function valueBytes(name: string, shape: readonly (number | string)[]): Buffer {
  const dims = shape.map((dim) => bytesField(1, typeof dim === 'number' ? numberField(1, dim) : textField(2, dim)));
  const tensor = Buffer.concat([numberField(1, float32), bytesField(2, Buffer.concat(dims))]);
  return Buffer.concat([textField(1, name), bytesField(2, bytesField(1, tensor))]);
}

// Protocol buffers: a field's number and kind, then a variable-length number or a length and bytes.
function numberField(field: number, value: number): Buffer {
  return Buffer.from([...varint(field << 3), ...varint(value)]);
}

function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([Buffer.from(varint((field << 3) | 5)), bytes]);
}

function bytesField(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(bytes.length)]), bytes]);
}

function textField(field: number, text: string): Buffer {
  return bytesField(field, Buffer.from(text));
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}
