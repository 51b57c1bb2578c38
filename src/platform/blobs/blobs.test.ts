import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, refusalOf } from '../../../test/refusal.ts';
import { type Blobs, openBlobs } from './blobs.ts';
import { chunkBytes } from './sealed.ts';

let folder = '';
const opened = new Set<Blobs>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-blobs-'));
});
afterEach(() => {
  for (const blobs of opened) blobs.close();
  opened.clear();
  rmSync(folder, { recursive: true, force: true });
});

const key = Buffer.alloc(32, 1);
const otherKey = Buffer.alloc(32, 2);
const plenty = { maxBytes: 100_000_000 };

function store(keys: { key?: Uint8Array; olderKeys?: Uint8Array[] } = {}): Blobs {
  const blobs = openBlobs({ folder, ...keys });
  opened.add(blobs);
  return blobs;
}
const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
/** In pieces that meet no border. */
const pieces = (content: Buffer, size = 10_007) =>
  Readable.from(
    Array.from({ length: Math.ceil(content.length / size) }, (_, at) => content.subarray(at * size, (at + 1) * size)),
  );
const files = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile());
const contentFiles = () => files().filter((name) => !name.endsWith('.lock'));
async function all(blobs: Blobs): Promise<string[]> {
  const found: string[] = [];
  for await (const sha256 of blobs.list()) found.push(sha256);
  return found;
}

describe.each([
  ['plain', {}],
  ['sealed', { key }],
])('%s', (form, keys) => {
  test.each([0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes, 200_000])(
    'content of %d bytes comes back, and no other',
    async (bytes) => {
      const blobs = store(keys);
      const content = randomBytes(bytes);
      const sha256 = hashOf(content);
      expect(await blobs.put(pieces(content), plenty)).toEqual({ sha256, bytes });
      expect(await blobs.stat(sha256)).toEqual({ bytes, sealed: form === 'sealed' });
      expect((await buffer(await blobs.open(sha256))).equals(content)).toBe(true);
      expect(await all(blobs)).toEqual([sha256]);
      const [name = ''] = contentFiles();
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      if (bytes > 15) expect(readFileSync(join(folder, name)).includes(content)).toBe(form === 'plain');
    },
  );

  test('ranges over the borders of chunks', async () => {
    const blobs = store(keys);
    const content = randomBytes(3 * chunkBytes + 100);
    const { sha256, bytes } = await blobs.put(pieces(content), plenty);
    const borders = [0, chunkBytes, 2 * chunkBytes, 3 * chunkBytes, bytes];
    const points = borders.flatMap((at) => [at - 1, at, at + 1]).filter((at) => at >= 0 && at < bytes);
    for (const first of points) {
      for (const last of points.filter((at) => at >= first)) {
        const part = await buffer(await blobs.open(sha256, { first, last }));
        expect([first, last, part.equals(content.subarray(first, last + 1))]).toEqual([first, last, true]);
      }
    }
    for (const [first, last] of [
      [0, bytes],
      [bytes, bytes],
      [-1, 3],
      [5, 4],
      [0.5, 2],
      [0, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(await codeOf(() => blobs.open(sha256, { first, last }))).toBe('blob-range');
    }
  });

  test('an empty blob has no range', async () => {
    const blobs = store(keys);
    const { sha256 } = await blobs.put(pieces(Buffer.alloc(0)), plenty);
    expect(await codeOf(() => blobs.open(sha256, { first: 0, last: 0 }))).toBe('blob-range');
  });

  test('the limit itself is allowed; one byte more is refused, the source is stopped, and nothing is left', async () => {
    const blobs = store(keys);
    const content = randomBytes(100_000);
    await blobs.put(pieces(content), { maxBytes: 100_000 });
    let asked = 0;
    const endless = (async function* () {
      for (;;) {
        asked += 1;
        yield randomBytes(30_000);
      }
    })();
    const { code, status, params } = await refusalOf(() => blobs.put(endless, { maxBytes: 100_000 }));
    expect([code, status, params['megabytes'], asked]).toEqual(['too-large', 413, 0.1, 4]);
    expect(contentFiles()).toHaveLength(1);
  });

  test('an upload that breaks off leaves nothing and is told as it was', async () => {
    const blobs = store(keys);
    const broken = (async function* () {
      yield randomBytes(200_000);
      throw new Error('the line went dead');
    })();
    await expect(blobs.put(broken, plenty)).rejects.toThrow('the line went dead');
    expect(contentFiles()).toEqual([]);
    expect(await all(blobs)).toEqual([]);
  });

  test('the same content many times at once, by two openers, is one blob', async () => {
    const [one, two] = [store(keys), store(keys)];
    const content = randomBytes(300_000);
    const stored = await Promise.all(
      Array.from({ length: 12 }, (_, at) => (at % 2 ? one : two).put(pieces(content), plenty)),
    );
    expect(new Set(stored.map(({ sha256 }) => sha256))).toEqual(new Set([hashOf(content)]));
    expect(contentFiles()).toHaveLength(1);
    expect((await buffer(await one.open(hashOf(content)))).equals(content)).toBe(true);
  });

  test('removed is gone, for those who ask next; who reads it reads on', async () => {
    const blobs = store(keys);
    const content = randomBytes(300_000);
    const { sha256 } = await blobs.put(pieces(content), plenty);
    const reading = await blobs.open(sha256);
    expect(await blobs.remove(sha256)).toBe(true);
    expect(await blobs.remove(sha256)).toBe(false);
    expect(await blobs.stat(sha256)).toBeNull();
    expect(await codeOf(() => blobs.open(sha256))).toBe('blob-missing');
    expect(await codeOf(() => blobs.materialise(sha256))).toBe('blob-missing');
    expect((await buffer(reading)).equals(content)).toBe(true);
    expect(contentFiles()).toEqual([]);
  });

  test('a file to look at is private, whole, and gone after its release', async () => {
    const blobs = store(keys);
    const content = randomBytes(300_000);
    const { sha256 } = await blobs.put(pieces(content), plenty);
    const { path, release } = await blobs.materialise(sha256);
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await release();
    await release();
    expect(existsSync(path)).toBe(form === 'plain');
    expect(contentFiles()).toHaveLength(1);
  });

  test('a stream that nobody reads, or reads to the end, keeps no file open', async () => {
    const blobs = store(keys);
    const { sha256 } = await blobs.put(pieces(randomBytes(300_000)), plenty);
    const openFiles = () => readdirSync('/proc/self/fd').length;
    const before = openFiles();
    const streams = await Promise.all(Array.from({ length: 20 }, () => blobs.open(sha256)));
    for (const stream of streams.slice(0, 10)) stream.read(1);
    await Promise.all(streams.map((stream) => new Promise((resolve) => void stream.once('close', resolve).destroy())));
    expect(openFiles()).toBe(before);
  });
});

test.each(['', '..', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(64)}.sealed`, `${'a'.repeat(63)}\n`])(
  '%j names no blob',
  async (name) => {
    const blobs = store();
    expect(await blobs.stat(name)).toBeNull();
    expect(await blobs.remove(name)).toBe(false);
    expect(await codeOf(() => blobs.open(name))).toBe('blob-missing');
  },
);

test('keys change: the old one still opens, the new one seals, a missing one is named', async () => {
  const content = randomBytes(100_000);
  const plain = await store().put(pieces(randomBytes(50)), plenty);
  const old = await store({ key }).put(pieces(content), plenty);
  const rotated = store({ key: otherKey, olderKeys: [key] });
  expect((await buffer(await rotated.open(old.sha256))).equals(content)).toBe(true);
  expect((await buffer(await rotated.open(plain.sha256))).length).toBe(50);

  const strangers = [store(), store({ key: otherKey })];
  for (const stranger of strangers) {
    const { code, params } = await refusalOf(() => stranger.open(old.sha256));
    expect([code, String(params['key'])]).toEqual(['blob-key-missing', expect.stringMatching(/^[0-9a-f]{16}$/)]);
  }
  // Sent again it is sealed anew.
  await rotated.put(pieces(content), plenty);
  expect((await buffer(await store({ key: otherKey }).open(old.sha256))).equals(content)).toBe(true);
  expect(await codeOf(() => store({ key }).open(old.sha256))).toBe('blob-key-missing');
});

test('sending plain content again after a key was given seals it, and the plain copy goes', async () => {
  const content = randomBytes(100_000);
  const { sha256 } = await store().put(pieces(content), plenty);
  const sealed = store({ key });
  expect(await sealed.stat(sha256)).toEqual({ bytes: 100_000, sealed: false });
  await sealed.put(pieces(content), plenty);
  expect(await sealed.stat(sha256)).toEqual({ bytes: 100_000, sealed: true });
  expect(contentFiles()).toHaveLength(1);
});

test.each([0, 16, 31, 33])('a key of %d bytes is a mistake', (bytes) => {
  expect(() => store({ key: Buffer.alloc(bytes) })).toThrow('32 bytes');
});

test('a plain blob that rotted is said to be damaged at the end of a whole reading', async () => {
  const blobs = store();
  const content = randomBytes(100_000);
  const { sha256 } = await blobs.put(pieces(content), plenty);
  const [name = ''] = contentFiles();
  const path = join(folder, name);
  for (const damaged of [content.subarray(0, 99_999), Buffer.concat([content, Buffer.of(0)]), flip(content, 500)]) {
    writeFileSync(path, damaged);
    const { code, message } = await refusalOf(async () => buffer(await blobs.open(sha256)));
    expect([code, message.includes(sha256)]).toEqual(['blob-damaged', true]);
  }
  await blobs.put(pieces(content), plenty);
  expect((await buffer(await blobs.open(sha256))).equals(content)).toBe(true);
});

function flip(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content);
  copy.writeUInt8((copy[at] ?? 0) ^ 1, at);
  return copy;
}
