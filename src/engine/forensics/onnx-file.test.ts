import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bufferSource } from '../media/bytes.ts';
import { inspectOnnx } from './onnx-file.ts';

const folder = 'test/fixtures/models';
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function bytesOf(name: string): Uint8Array {
  return readFileSync(`${folder}/${name}/model.onnx`);
}

test.each(names)('%s is told from its skeleton alone', (name) => {
  const result = inspectOnnx(bufferSource(bytesOf(name)));
  if (name === 'bad-external') expect(result).toMatchObject({ ok: false, code: 'external-data' });
  else expect(result).toMatchObject({ ok: true, irVersion: 8 });
});

test('nodes and initializers are counted', () => {
  expect(inspectOnnx(bufferSource(bytesOf('toy-loudness')))).toMatchObject({ nodes: 6, initializers: 3 });
});

/** One protobuf field with a message or bytes in it. */
function field(number: number, content: Uint8Array | number[]): number[] {
  const length: number[] = [];
  let left = content.length;
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return [number * 8 + 2, ...length, ...content];
}
const irVersion8 = [0x08, 8];
const text = (words: string) => [...Buffer.from(words)];

function nested(depth: number): number[] {
  let graph: number[] = [];
  // graph → node → attribute → graph …
  for (let i = 0; i < depth; i++) graph = field(1, field(5, field(6, graph)));
  return [...irVersion8, ...field(7, graph)];
}

/** graph → node → attribute `tensor` with an external location: initializers are not the only place. */
const hiddenExternal = [...irVersion8, ...field(7, field(1, field(5, field(5, [...field(13, text('x')), 0x70, 1]))))];
const inFunction = [...irVersion8, ...field(7, []), 0xca, 0x01, ...field(7, field(5, field(5, [0x70, 1])))];
// Field 25 has a two-byte key: put the length by hand.
inFunction.splice(6, 0, inFunction.length - 6);

const crafted: [string, number[], object][] = [
  ['nothing', [], { ok: false, code: 'not-onnx' }],
  ['text', text('just a text file\n'), { ok: false, code: 'not-onnx' }],
  ['a PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13], { ok: false, code: 'not-onnx' }],
  ['zeros', new Array<number>(64).fill(0), { ok: false, code: 'not-onnx' }],
  ['no graph', irVersion8, { ok: false, code: 'not-onnx' }],
  ['two graphs', [...irVersion8, ...field(7, []), ...field(7, [])], { ok: false, code: 'not-onnx' }],
  ['a length beyond the file', [...irVersion8, 0x3a, 0xff, 0xff, 0xff, 0x7f], { ok: false, code: 'not-onnx' }],
  [
    'a length of 2^63',
    [...irVersion8, 0x3a, ...new Array<number>(9).fill(0xff), 0x01],
    { ok: false, code: 'not-onnx' },
  ],
  ['a number without end', new Array<number>(40).fill(0xff), { ok: false, code: 'not-onnx' }],
  ['graphs in graphs', nested(4), { ok: true, nodes: 4 }],
  ['graphs in graphs without end', nested(400), { ok: false, code: 'too-deep' }],
  ['external data in an attribute', hiddenExternal, { ok: false, code: 'external-data' }],
  ['external data in a function', inFunction, { ok: false, code: 'external-data' }],
];

test.each(crafted)('%s', (_name, bytes, expected) => {
  expect(inspectOnnx(bufferSource(Uint8Array.from(bytes)))).toMatchObject(expected);
});

test('mutations never throw and never read beyond the file', () => {
  let state = 20_261_122;
  const random = (below: number) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  for (const name of ['toy-bands', 'bad-endless', 'bad-external']) {
    const original = bytesOf(name);
    for (let i = 0; i < 300; i++) {
      const bytes = Uint8Array.from(original);
      for (let flips = 1 + random(4); flips > 0; flips--) bytes[random(bytes.length)] = random(256);
      const cut = random(4) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
      const strict = bufferSource(cut);
      const result = inspectOnnx({
        size: strict.size,
        read: (offset, length) => {
          if (offset < 0 || offset + length > strict.size) throw new Error(`read of ${length} bytes at ${offset}`);
          return strict.read(offset, length);
        },
      });
      expect(typeof result.ok).toBe('boolean');
    }
  }
});
