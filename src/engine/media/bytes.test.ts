import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { descriptorSource } from './bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearmirror-bytes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('storage that fails ends the file for its readers and is told to whoever asked', () => {
  const path = join(folder, 'write-only');
  writeFileSync(path, 'something');
  // A descriptor that may only write fails every read, as a broken disk does.
  const unreadable = openSync(path, 'a');
  const failures: string[] = [];
  const source = descriptorSource(unreadable, (code) => failures.push(code));
  expect([source.size, source.read(0, 4).length, source.read(0, 9).length]).toEqual([9, 0, 0]);
  expect(new Set(failures)).toEqual(new Set(['EBADF']));
  closeSync(unreadable);
});

test('a file that shrinks ends where it ends', () => {
  const path = join(folder, 'shrinking');
  writeFileSync(path, Buffer.alloc(200_000, 1));
  const fd = openSync(path, 'r');
  const source = descriptorSource(fd);
  truncateSync(path, 70_000);
  expect([source.read(0, 200_000).length, source.read(69_990, 100).length, source.read(150_000, 10).length]).toEqual([
    70_000, 10, 0,
  ]);
  closeSync(fd);
});
