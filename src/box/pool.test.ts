import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Examination, type Fault, openPool, type Pool } from './pool.ts';
import { maxPayloadBytes, type Stage } from './protocol.ts';
import { type Isolation, testIsolation } from './sandbox.ts';

/** Real boxes around an examiner that does what a hostile file tells it: test/fixtures/box/examiner.ts. */
const root = mkdtempSync(join(tmpdir(), 'clearmirror-box-'));
const { isolation } = testIsolation();
const faults: Fault[] = [];
let pool: Pool;

beforeAll(() => {
  mkdirSync(join(root, 'src/box'), { recursive: true });
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  cpSync(new URL('../../test/fixtures/box/examiner.ts', import.meta.url), join(root, 'src/box/examiner.ts'));
  cpSync(new URL('./own-file.ts', import.meta.url), join(root, 'src/box/own-file.ts'));
  pool = open(2);
});
afterAll(async () => {
  await pool.close();
  rmSync(root, { recursive: true, force: true });
});

function open(size: number, how: Isolation = isolation): Pool {
  return openPool({
    root,
    modelFolders: [],
    scratchBytes: 8 * 1024 * 1024,
    isolation: how,
    setup: { trust: { anchorsPem: '', tsaAnchorsPem: '', lists: [] }, pinnedKeys: [], models: [] },
    size,
    onFault: (fault) => faults.push(fault),
  });
}

function examine(
  wish: string,
  options: { in?: Pool; bytes?: number; memoryMb?: number; wallMs?: number; cpuMs?: number; stages?: Stage[] } = {},
): Promise<Examination> {
  const path = join(root, `${Math.random()}`);
  writeFileSync(path, wish);
  if (options.bytes) execFileSync('truncate', ['-s', String(options.bytes), path]);
  return (options.in ?? pool).examine({
    fd: openSync(path, 'r'),
    bytes: statSync(path).size,
    order: { exhibits: false, hashLimit: null, windowSeconds: null, decodeMs: 10_000 },
    limits: {
      memoryBytes: (options.memoryMb ?? 512) * 1024 * 1024,
      wallMs: options.wallMs ?? 20_000,
      cpuMs: options.cpuMs ?? 20_000,
    },
    onStage: (stage) => options.stages?.push(stage),
  });
}

function codes({ part }: Examination): string[] {
  return part.findings.map(({ code }) => code);
}

test('this machine has a real sandbox, or these tests say nothing', () => {
  expect(isolation).toBe('sandboxed');
});

test.each([
  ['crash', {}, 'crash'],
  ['sleep', { wallMs: 1_500 }, 'time'],
  ['hang', { cpuMs: 1_200 }, 'cpu'],
  ['eat', {}, 'memory'],
  ['eat-in-child', {}, 'memory'],
  ['fork', { memoryMb: 8_000 }, 'crash'],
  ['babble', {}, 'garbled'],
  ['flood', {}, 'garbled'],
  ['lie', {}, 'garbled'],
  ['rave', {}, 'garbled'],
] as const)(
  'a file that makes its examiner %s is unexaminable after one retry, and nothing else',
  async (wish, limits, reason) => {
    faults.length = 0;
    const [hostile, ...others] = await Promise.all([
      examine(wish, limits),
      examine('ok'),
      examine('ok'),
      examine('ok'),
    ]);
    const last = hostile.part.findings.at(-1);
    expect(last).toMatchObject({ code: 'unexaminable', severity: 'error', stage: 'decode', params: { reason } });
    // What was heard before the end is kept, and the second attempt was told which stage to leave for last.
    expect(codes(hostile)).toEqual(['heard-decode', 'unexaminable']);
    expect(faults.length).toBe(2);
    for (const other of others) expect(codes(other)).toEqual(['heard-first', 'fine']);
  },
);

test('answers without end are cut off and not kept', async () => {
  const [hostile, other] = await Promise.all([examine('drown'), examine('ok')]);
  expect(hostile.part.findings).toMatchObject([{ code: 'unexaminable', params: { reason: 'garbled' } }]);
  expect(codes(other)).toEqual(['heard-first', 'fine']);
});

test('a file that cannot be read is the caller’s to report, and the next one is examined', async () => {
  const single = open(1);
  const path = join(root, 'write-only');
  writeFileSync(path, 'ok');
  const job = {
    fd: openSync(path, 'w'),
    bytes: 2,
    order: { exhibits: false, hashLimit: null, windowSeconds: null, decodeMs: 10_000 },
    limits: { memoryBytes: 512 * 1024 * 1024, wallMs: 20_000, cpuMs: 20_000 },
  };
  await expect(single.examine(job)).rejects.toMatchObject({ syscall: 'read', code: 'EBADF' });
  expect(codes(await examine('ok', { in: single }))).toEqual(['heard-first', 'fine']);
  await single.close();
});

test('a second attempt tells its findings in the order of the first', async () => {
  expect(codes(await examine('late-labels'))).toEqual(['heard-first', 'from-labels', 'from-decode']);
});

test('a passing fault leaves no trace in the result', async () => {
  expect(codes(await examine('crash-once'))).toEqual(['heard-decode']);
});

test('whoever owns the examiner sees nothing of the host and reaches nobody', async () => {
  const listener = (await import('node:net')).createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const seen = (await examine('look')).part.findings.at(-1)?.params ?? {};
  listener.close();
  expect(seen).toMatchObject({
    uid: '65534',
    capabilities: '0000000000000000',
    app: 'node_modules package.json src',
    interfaces: 'lo',
    write: 'EROFS',
    passwords: 'ENOENT',
  });
  expect(seen['network']).not.toBe('connected');
  expect(seen['namespaces']).not.toBe('done');
  expect(
    String(seen['root'])
      .split(' ')
      .filter(
        (name) =>
          !['app', 'dev', 'etc', 'lib', 'lib32', 'lib64', 'models', 'proc', 'runtime', 'tmp', 'usr'].includes(name),
      ),
  ).toEqual([]);
  expect(String(seen['environment']).split(' ').sort()).toEqual(['HOME', 'LANG', 'PATH', 'PWD']);
  expect(Number(seen['processes'])).toBeLessThanOrEqual(2);
});

test('a box can fill no more than its own small scratch', async () => {
  expect((await examine('fill')).part.findings.at(-1)?.params['why']).toBe('ENOSPC');
});

test('a large file gets a box of its own, which remembers nothing of others', async () => {
  const single = open(1);
  await examine('remember secret', { in: single });
  // The long-lived box keeps its scratch between files; that is why large ones and retries start afresh.
  const large = await examine('remember other', { in: single, bytes: maxPayloadBytes + 1 });
  expect(codes(large)).toEqual(['heard-first']);
  await single.close();
});

test('the file itself cannot be written from inside, nor anything else but the scratch', async () => {
  const path = join(root, 'precious');
  writeFileSync(path, 'scribble ');
  execFileSync('truncate', ['-s', String(maxPayloadBytes + 1), path]);
  const before = execFileSync('sha256sum', [path]).toString();
  const result = await pool.examine({
    fd: openSync(path, 'r'),
    bytes: maxPayloadBytes + 1,
    order: { exhibits: false, hashLimit: null, windowSeconds: null, decodeMs: 10_000 },
    limits: { memoryBytes: 512 * 1024 * 1024, wallMs: 20_000, cpuMs: 20_000 },
  });
  expect(result.part.findings.at(-1)).toMatchObject({ code: 'scribbled', params: { elsewhere: '' } });
  expect(execFileSync('sha256sum', [path]).toString()).toBe(before);
});

test('more files than boxes all get their turn', async () => {
  const results = await Promise.all(
    Array.from({ length: 40 }, (_, index) => examine(index % 10 === 3 ? 'crash' : 'ok')),
  );
  expect(results.filter((result) => codes(result).includes('unexaminable')).length).toBe(4);
  expect(results.filter((result) => codes(result).includes('fine')).length).toBe(36);
});

test('closing the pool leaves no process behind', async () => {
  const other = open(2);
  await Promise.all([examine('ok', { in: other }), examine('ok', { in: other })]);
  const before = examiners();
  expect(before).toBeGreaterThan(0);
  await pool.close();
  await other.close();
  expect(examiners()).toBe(0);
  pool = open(2);
});

test('without a sandbox the limits still hold', async () => {
  const bare = open(1, 'limits-only');
  expect(codes(await examine('ok', { in: bare }))).toEqual(['heard-first', 'fine']);
  expect((await examine('eat', { in: bare })).part.findings.at(-1)).toMatchObject({
    code: 'unexaminable',
    params: { reason: 'memory' },
  });
  expect((await examine('sleep', { in: bare, wallMs: 1_000 })).part.findings.at(-1)).toMatchObject({
    params: { reason: 'time' },
  });
  await bare.close();
});

/** Processes whose command line names the stand-in's root. */
function examiners(): number {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(root);
    } catch {
      return false;
    }
  }).length;
}
