import { appendFileSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Pool } from '../../box/pool.ts';
import { maxPayloadBytes } from '../../box/protocol.ts';
import { type Screened, type Screening, type ScreeningOptions, screenFiles } from './screening.ts';
import { findFiles } from './walk.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearmirror-screening-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options: ScreeningOptions = {
  exhibits: false,
  declared: false,
  hashLimit: null,
  windowSeconds: null,
  limits: { memoryBytes: 1, cpuMs: 1, wallMs: 1 },
};

/** Screens with a pool that does what the test wants while "examining". */
async function screened(paths: string[], meanwhile: Pool['examine']): Promise<Screened[]> {
  const screening: Screening = {
    pool: { examine: meanwhile, close: async () => {} },
    isolation: 'sandboxed',
    versions: { clearmirror: '0', verdictRule: '0', tools: {}, models: [], trustLists: [] },
    jobs: 2,
  };
  return Array.fromAsync(screenFiles(findFiles(paths), screening, options));
}

function file(name: string, bytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, name);
  truncateSync(path, bytes);
  return path;
}

const nothing = { part: { signals: [], findings: [] }, exhibits: null, tools: {} };

test.each([
  ['grows', maxPayloadBytes + 1, (path: string) => appendFileSync(path, 'x'), ['changed-while-reading']],
  ['shrinks', maxPayloadBytes + 1, (path: string) => truncateSync(path, 5), ['changed-while-reading']],
  ['is rewritten', maxPayloadBytes + 1, (path: string) => utimesSync(path, 1, 1), ['changed-while-reading']],
  ['stays as it is', maxPayloadBytes + 1, () => {}, []],
  ['vanishes', maxPayloadBytes + 1, (path: string) => rmSync(path), []],
  // Small files are read at one stroke before anything else happens.
  ['grows after it was read', 100, (path: string) => appendFileSync(path, 'x'), []],
])('a file that %s while it is examined', async (name, bytes, change, codes) => {
  const path = file(name, bytes);
  const [one] = await screened([path], async () => {
    change(path);
    return nothing;
  });
  expect(one?.record.findings.map(({ code }) => code)).toEqual(codes);
});

test('storage that fails is a finding of that file; the others have their records', async () => {
  const paths = [file('1', 10), file('2', 20), file('3', 30)];
  const results = await screened(paths, async ({ bytes }) => {
    if (bytes === 20) throw Object.assign(new Error('i/o error'), { code: 'EIO', syscall: 'read' });
    return nothing;
  });
  expect(results.map(({ record }) => record.findings.map(({ code, params }) => [code, params['detail']]))).toEqual([
    [],
    [['unreadable', 'EIO']],
    [],
  ]);
});
