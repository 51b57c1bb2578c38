import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBlobs } from './blobs.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-durable-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = Buffer.alloc(32, 3);

const script = (body: string, at = folder) => `
  import { randomBytes, randomInt } from 'node:crypto';
  import { mkdirSync, readdirSync, writeSync } from 'node:fs';
  const { openBlobs } = await import(${JSON.stringify(new URL('./blobs.ts', import.meta.url).href)});
  const folder = ${JSON.stringify(at)};
  const key = Buffer.alloc(32, 3);
  const say = (word) => writeSync(1, word + '\\n');
  const repeated = async function* (bytes, piece = Buffer.alloc(1024 * 1024)) {
    for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, left);
  };
  ${body}`;
const run = (body: string) =>
  spawn(process.execPath, ['--input-type=module', '-e', script(body)], { stdio: ['pipe', 'pipe', 'inherit'] });

const scratchFiles = () =>
  readdirSync(join(folder, 'scratch'), { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/'));

test('killed forty times while storing: nothing acknowledged is missing, and nothing half is ever seen', async () => {
  const acknowledged = new Set<string>();
  for (let round = 0; round < 40; round++) {
    const child = run(`
      const blobs = openBlobs({ folder, ${round % 2 ? 'key' : ''} });
      const storeMany = async () => {
        for (;;) {
          const content = randomBytes(randomInt(400_000));
          const source = async function* () {
            for (let at = 0; at < content.length; at += 16_384) yield content.subarray(at, at + 16_384);
          };
          say((await blobs.put(source(), { maxBytes: 1e9 })).sha256);
        }
      };
      await Promise.all([storeMany(), storeMany(), storeMany()]);`);
    const said = text(child.stdout);
    await once(child.stdout, 'data');
    await after(randomInt(120));
    child.kill('SIGKILL');
    for (const line of (await said).split('\n')) if (line.length === 64) acknowledged.add(line);
  }
  const leftBehind = scratchFiles().length;
  expect(leftBehind).toBeGreaterThan(0);

  const blobs = openBlobs({ folder, key });
  const found = new Set<string>();
  for await (const sha256 of blobs.list()) {
    const hash = createHash('sha256');
    for await (const piece of await blobs.open(sha256)) hash.update(piece);
    expect(hash.digest('hex')).toBe(sha256);
    found.add(sha256);
  }
  expect(acknowledged.size).toBeGreaterThan(40);
  expect([...acknowledged].filter((sha256) => !found.has(sha256))).toEqual([]);
  expect(blobs.sweepTemporary()).toBe(leftBehind);
  expect(scratchFiles()).toEqual([]);
  blobs.close();
  expect(readdirSync(join(folder, 'scratch'))).toEqual(['gate.lock']);
});

test('a sweep leaves alone what a living process is writing', async () => {
  const child = run(`
    const blobs = openBlobs({ folder });
    const source = async function* () {
      yield randomBytes(1000);
      say('writing');
      for await (const _ of process.stdin);
      yield randomBytes(1000);
    };
    say((await blobs.put(source(), { maxBytes: 1e9 })).sha256);`);
  const said = text(child.stdout);
  await once(child.stdout, 'data');
  const blobs = openBlobs({ folder });
  expect(scratchFiles()).toHaveLength(1);
  expect(blobs.sweepTemporary()).toBe(0);
  expect(scratchFiles()).toHaveLength(1);
  child.stdin.end();
  const [, sha256 = ''] = (await said).split('\n');
  expect(await blobs.stat(sha256)).toEqual({ bytes: 2000, sealed: false });
  expect(blobs.sweepTemporary()).toBe(0);
  blobs.close();
});

test.each(['', 'key'])('a full disk: refused, nothing left, everything else intact (%s)', (keys) => {
  const inside = script(
    `
    const blobs = openBlobs({ folder, ${keys} });
    const put = (bytes) => blobs.put(repeated(bytes, randomBytes(50_000)), { maxBytes: 1e9 });
    const files = () => readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock')).length;
    const codes = [];
    const kept = await put(1_000_000);
    for (let round = 0; round < 3; round++) {
      await put(5_000_000).catch((error) => codes.push(error.code, error.status, error.next));
    }
    const afterwards = await put(500_000);
    let bytes = 0;
    for await (const piece of await blobs.open(kept.sha256)) bytes += piece.length;
    say(JSON.stringify({ codes: [...new Set(codes)], files: files(), bytes, afterwards: afterwards.bytes }));`,
    '/mnt',
  );
  const ownDisk = 'mount -t tmpfs -o size=3m tmpfs /mnt && exec "$0" --input-type=module -e "$1"';
  const enter = 'exec unshare -Urm sh -c "$2" "$0" "$1"';
  const { stdout, stderr } = spawnSync('sh', ['-c', enter, process.execPath, inside, ownDisk]);
  expect(String(stderr)).toBe('');
  expect(JSON.parse(String(stdout))).toEqual({
    codes: ['storage-full', 507, expect.stringContaining('Nothing of it was kept')],
    files: 2,
    bytes: 1_000_000,
    afterwards: 500_000,
  });
});

test.each(['', 'key'])('a gigabyte in and out needs no more memory than a little (%s)', async (keys) => {
  const child = run(`
    const blobs = openBlobs({ folder, ${keys} });
    const warm = await blobs.put(repeated(50_000_000), { maxBytes: 2 ** 31 });
    for await (const piece of await blobs.open(warm.sha256));
    const before = process.resourceUsage().maxRSS;
    const { sha256, bytes } = await blobs.put(repeated(2 ** 30), { maxBytes: 2 ** 31 });
    let read = 0;
    for await (const piece of await blobs.open(sha256)) read += piece.length;
    say(JSON.stringify({ bytes, read, grownMb: (process.resourceUsage().maxRSS - before) / 1000 }));`);
  const { bytes, read, grownMb } = JSON.parse(await text(child.stdout));
  expect([bytes, read]).toEqual([2 ** 30, 2 ** 30]);
  expect(grownMb).toBeLessThan(100);
});

test('a folder that cannot be written to is said so', () => {
  // Not even root may make one there.
  expect(() => openBlobs({ folder: '/sys/kernel/blobs' })).toThrow(
    expect.objectContaining({ code: 'storage-not-writable' }),
  );
});
