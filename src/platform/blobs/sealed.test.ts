import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusalOf } from '../../../test/refusal.ts';
import { type Blobs, openBlobs } from './blobs.ts';
import { placeOf } from './places.ts';
import { chunkBytes, contentBytes, headerBytes, sealedChunkBytes } from './sealed.ts';

let folder = '';
let blobs: Blobs;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-sealed-'));
  blobs = openBlobs({ folder, key: Buffer.alloc(32, 7) });
});
afterEach(() => {
  blobs.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = async (content: Buffer) => (await blobs.put(Readable.from([content]), { maxBytes: content.length })).sha256;
const fileOf = (sha256: string) => placeOf(folder, sha256, true);
const chunkAt = (number: number) => headerBytes + number * sealedChunkBytes;

const tampering: [string, (sealed: Buffer) => Buffer][] = [
  ['the magic', (file) => flip(file, 0)],
  ['the salt', (file) => flip(file, 20)],
  ['the tag of the header', (file) => flip(file, 63)],
  ['the first byte', (file) => flip(file, headerBytes)],
  ['a byte in the middle', (file) => flip(file, chunkAt(1) + 1000)],
  ['the last byte of content', (file) => flip(file, file.length - 17)],
  ['the tag of a chunk', (file) => flip(file, chunkAt(1) - 1)],
  ['the tag of the last chunk', (file) => flip(file, file.length - 1)],
  ['cut by a byte', (file) => file.subarray(0, -1)],
  ['cut by a chunk', (file) => file.subarray(0, chunkAt(2))],
  ['cut to the header', (file) => file.subarray(0, headerBytes)],
  ['cut within the header', (file) => file.subarray(0, 40)],
  ['nothing left', () => Buffer.alloc(0)],
  ['a byte more', (file) => Buffer.concat([file, Buffer.of(0)])],
  ['a chunk twice', (file) => Buffer.concat([file.subarray(0, chunkAt(1)), file.subarray(chunkAt(0))])],
  [
    'two chunks exchanged',
    (file) =>
      Buffer.concat([
        file.subarray(0, headerBytes),
        file.subarray(chunkAt(1), chunkAt(2)),
        file.subarray(chunkAt(0), chunkAt(1)),
        file.subarray(chunkAt(2)),
      ]),
  ],
];

test.each(tampering)('damaged: %s', async (_, tamper) => {
  const sha256 = await put(randomBytes(2 * chunkBytes + 500));
  writeFileSync(fileOf(sha256), tamper(readFileSync(fileOf(sha256))));
  const { code, message } = await refusalOf(async () => buffer(await blobs.open(sha256)));
  expect([code, message.includes(sha256)]).toEqual(['blob-damaged', true]);
  expect((await refusalOf(() => blobs.materialise(sha256))).code).toBe('blob-damaged');
});

test('every single bit of a small sealed blob matters', async () => {
  const sha256 = await put(Buffer.from('明鉴'));
  const whole = readFileSync(fileOf(sha256));
  for (let bit = 0; bit < whole.length * 8; bit++) {
    writeFileSync(fileOf(sha256), flip(whole, bit >> 3, 1 << (bit & 7)));
    const { code } = await refusalOf(async () => buffer(await blobs.open(sha256)));
    expect([bit, code]).toEqual([bit, bit >= 64 && bit < 128 ? 'blob-key-missing' : 'blob-damaged']);
  }
});

test('a sealed blob does not open under the address of another', async () => {
  const [one, two] = [await put(randomBytes(1000)), await put(randomBytes(1000))];
  writeFileSync(fileOf(one), readFileSync(fileOf(two)));
  expect((await refusalOf(() => blobs.open(one, { first: 0, last: 9 }))).code).toBe('blob-damaged');
});

test('damage elsewhere does not keep a range from being read, and no byte of a damaged chunk is given', async () => {
  const content = randomBytes(3 * chunkBytes);
  const sha256 = await put(content);
  writeFileSync(fileOf(sha256), flip(readFileSync(fileOf(sha256)), chunkAt(1) + 50_000));
  const first = await buffer(await blobs.open(sha256, { first: 0, last: chunkBytes - 1 }));
  expect(first.equals(content.subarray(0, chunkBytes))).toBe(true);
  let given = 0;
  const reading = async () => {
    for await (const piece of await blobs.open(sha256)) given += piece.length;
  };
  expect((await refusalOf(reading)).code).toBe('blob-damaged');
  expect(given).toBe(chunkBytes);
});

test('the same content is sealed differently each time', async () => {
  const content = Buffer.alloc(100, 5);
  const sha256 = await put(content);
  const before = readFileSync(fileOf(sha256));
  await put(content);
  const after = readFileSync(fileOf(sha256));
  expect(after.subarray(headerBytes, headerBytes + 16)).not.toEqual(before.subarray(headerBytes, headerBytes + 16));
});

test('the length of the content follows from the length of the file, and impossible lengths are known', () => {
  for (const bytes of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 5 * chunkBytes, 5 * chunkBytes + 3]) {
    const chunks = Math.max(1, Math.ceil(bytes / chunkBytes));
    expect(contentBytes(headerBytes + bytes + 16 * chunks)).toBe(bytes);
  }
  const oneChunk = headerBytes + sealedChunkBytes;
  for (const bytes of [0, 63, 64, 79, oneChunk + 1, oneChunk + 15, oneChunk + 16]) {
    expect([bytes, contentBytes(bytes)]).toEqual([bytes, null]);
  }
});

function flip(content: Buffer, at: number, bits = 1): Buffer {
  const copy = Buffer.from(content);
  copy.writeUInt8((copy[at] ?? 0) ^ bits, at);
  return copy;
}
