import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FromExaminer, maxMessageBytes, type Received, readMessages, writeMessage } from './protocol.ts';

interface Sent {
  message: FromExaminer;
  payload: Uint8Array;
}

/** Names from files are in these messages, so any character may be. */
const message: fc.Arbitrary<FromExaminer> = fc.oneof(
  fc.constant<FromExaminer>({ type: 'stage', stage: 'decode' }),
  fc.constant<FromExaminer>({ type: 'done', spent: false }),
  fc
    .dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
    .map((tools): FromExaminer => ({ type: 'ready', tools: { ...tools } })),
);
const sent: fc.Arbitrary<Sent> = fc.record({ message, payload: fc.uint8Array({ maxLength: 300 }) });

function written(all: readonly Sent[]): Buffer {
  const stream = new PassThrough();
  for (const { message, payload } of all) writeMessage(stream, message, payload);
  return stream.read() ?? Buffer.alloc(0);
}

/** Cuts of random size, empty ones among them. */
function chunked(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes.length === 0 ? bytes.length : (sizes[turn % sizes.length] ?? 1) + (turn % 7 === 0 ? 1 : 0);
    chunks.push(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return chunks;
}

function read(chunks: Iterable<Buffer>): Promise<Received[]> {
  return Array.fromAsync(readMessages(Readable.from(chunks)));
}

function head(jsonBytes: number, payloadBytes: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(jsonBytes, 0);
  bytes.writeUInt32BE(payloadBytes, 4);
  return bytes;
}

test('messages and payloads arrive as they were sent, however the stream is cut', async () => {
  const sizes = fc.array(fc.nat({ max: 40 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(sent, { maxLength: 6 }), sizes, async (all, cuts) => {
      const bytes = written(all);
      const received = await read(chunked(bytes, cuts));
      // All are held until the end: a payload that was a view of a buffer used again would have changed by now.
      expect(received.map(({ message, payload }) => ({ message, payload: [...payload] }))).toEqual(
        all.map(({ message, payload }) => ({ message: JSON.parse(JSON.stringify(message)), payload: [...payload] })),
      );
      expect(received.reduce((sum, one) => sum + one.bytes, 0)).toBe(bytes.length);
    }),
    { seed: 20_260, numRuns: 300 },
  );
});

test('a payload of many chunks is whole', async () => {
  const payload = Uint8Array.from({ length: 1_000_003 }, (_, at) => (at * 31) % 251);
  const bytes = written([{ message: { type: 'done', spent: true }, payload }]);
  const [one] = await read(chunked(bytes, [65_536]));
  expect(one?.message).toEqual({ type: 'done', spent: true });
  expect(Buffer.compare(one?.payload ?? Buffer.alloc(0), payload)).toBe(0);
});

test('a message is heard as soon as it is there, before anything follows', async () => {
  const stream = new PassThrough();
  const messages = readMessages(stream);
  for (const stage of ['sniff', 'labels'] as const) {
    writeMessage(stream, { type: 'stage', stage });
    expect((await messages.next()).value?.message).toEqual({ type: 'stage', stage });
  }
  stream.end();
  expect((await messages.next()).done).toBe(true);
});

test('a stream that ends in the middle gives the whole messages before, and no more', async () => {
  const first: Sent = { message: { type: 'stage', stage: 'hash' }, payload: new Uint8Array(0) };
  const second: Sent = { message: { type: 'ready', tools: { a: '明' } }, payload: Uint8Array.of(1, 2, 3) };
  const bytes = written([first, second]);
  const firstEnds = written([first]).length;
  for (let end = 0; end <= bytes.length; end += 1) {
    const whole = [...(end >= firstEnds ? [first] : []), ...(end === bytes.length ? [second] : [])];
    const received = await read([bytes.subarray(0, end)]);
    expect(received.map(({ message }) => message)).toEqual(whole.map(({ message }) => message));
  }
});

test.each([
  ['message', maxMessageBytes + 1, 0],
  ['payload', 2, maxMessageBytes + 1],
  ['message, as large as can be declared', 0xffff_ffff, 0],
  ['payload, as large as can be declared', 2, 0xffff_ffff],
])('a %s of too many bytes is refused by what it declares, before any of it is awaited', async (_, json, payload) => {
  const stream = new PassThrough();
  // Nothing follows: whoever waited for the body, or made room for it, would not come back.
  stream.write(head(json, payload));
  await expect(readMessages(stream).next()).rejects.toThrow('message too large');
});

test('the largest allowed length is waited for', async () => {
  expect(await read([head(maxMessageBytes, maxMessageBytes)])).toEqual([]);
});

test.each([
  ['no JSON', Buffer.from('{"type":')],
  ['nothing', Buffer.alloc(0)],
])('a frame of %s is refused', async (_, body) => {
  await expect(read([head(body.length, 0), body])).rejects.toThrow(SyntaxError);
});
