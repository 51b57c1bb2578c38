import { readdirSync, readFileSync } from 'node:fs';
import init, { WasmReader } from '@contentauth/c2pa-wasm';
import { beforeAll, expect, test } from 'vitest';
import { bufferSource } from '../media/bytes.ts';
import { SourceBlob, withFileReaderSync } from './source-blob.ts';

const folder = new URL('../../../test/fixtures/provenance/', import.meta.url);
const mimes: Record<string, string> = { jpg: 'image/jpeg', png: 'image/png', mp4: 'video/mp4', wav: 'audio/wav' };
const media = readdirSync(folder).flatMap((name): [string, string][] => {
  const mime = mimes[name.split('.').at(-1) ?? ''];
  return mime ? [[name, mime]] : [];
});
const settings = JSON.stringify({ verify: { remote_manifest_fetch: false } });

beforeAll(async () => {
  await init({ module_or_path: readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm') });
});

test.each(media)('%s reads the same in ranges as whole', async (name, mime) => {
  const bytes = readFileSync(new URL(name, folder));
  const state = (reader: Promise<WasmReader>) =>
    reader.then(
      (opened) => {
        const store: unknown = JSON.parse(opened.json());
        opened.free();
        return store;
      },
      (error: unknown) => String(error),
    );
  const whole = await state(WasmReader.fromBytes(mime, bytes, settings));
  const ranges = await state(
    withFileReaderSync(() => WasmReader.fromBlob(mime, new SourceBlob(bufferSource(bytes)), settings)),
  );
  expect(ranges).toEqual(whole);
});

test('slices clamp to the bytes that are there and stay short', () => {
  const blob = new SourceBlob(bufferSource(Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7])));
  const bytes = (slice: SourceBlob) => [...new Uint8Array(slice.bytesNow())];
  expect(bytes(blob.slice(2, 5))).toEqual([2, 3, 4]);
  expect(bytes(blob.slice(6, 100))).toEqual([6, 7]);
  expect(bytes(blob.slice(2, 7).slice(1, 3))).toEqual([3, 4]);
  expect(bytes(blob.slice(5, 2))).toEqual([]);
  const large = new SourceBlob({ size: 2 ** 40, read: (_offset, length) => new Uint8Array(Math.min(length, 4096)) });
  expect(large.slice(2 ** 39, 2 ** 40).size).toBe(2 * 1024 * 1024);
});

test('a file that shrinks while it is read leaves zeros, not an endless loop', () => {
  const blob = new SourceBlob({
    size: 10,
    read: (offset, length) => new Uint8Array([9, 9, 9]).subarray(offset, offset + length),
  });
  expect([...new Uint8Array(blob.bytesNow())]).toEqual([9, 9, 9, 0, 0, 0, 0, 0, 0, 0]);
});
