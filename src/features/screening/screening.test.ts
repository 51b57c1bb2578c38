import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Examination, Pool } from '../../box/pool.ts';
import { type Screening, type ScreeningOptions, screenFiles } from './screening.ts';
import { findFiles } from './walk.ts';

const folder = mkdtempSync(join(tmpdir(), 'clearmirror-screening-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const found: Examination = {
  part: { format: 'png', kind: 'image', signals: [], findings: [] },
  exhibits: null,
  tools: { b: '2', a: '1' },
};
const options: ScreeningOptions = {
  exhibits: false,
  declared: false,
  hashLimit: null,
  windowSeconds: null,
  limits: { memoryBytes: 1, cpuMs: 1, wallMs: 1 },
};

function screening(examine: Pool['examine'], jobs = 4): Screening {
  const versions = { clearmirror: '0', verdictRule: '1', tools: {}, models: [], trustLists: [] };
  return { pool: { examine, close: async () => {} }, isolation: 'sandboxed', versions, jobs };
}

function files(...names: string[]) {
  for (const name of names) writeFileSync(join(folder, name), name);
  return findFiles(names.map((name) => join(folder, name)));
}

test('a mistake of ours over one file is told, and the other files keep their records', async () => {
  const bugs: string[] = [];
  const pool = screening(async ({ bytes }) => {
    if (bytes === 'b-bad'.length) throw new TypeError('a bug');
    return found;
  });
  const records = await Array.fromAsync(
    screenFiles(files('a', 'b-bad', 'c'), pool, {
      ...options,
      onBug: (file, bug) => bugs.push(`${file.name.slice(folder.length + 1)} ${bug}`),
    }),
  );
  expect(records.map(({ record }) => record.verdict.code)).toEqual(['nothing-known', 'unexaminable', 'nothing-known']);
  expect(bugs).toEqual(['b-bad TypeError: a bug']);
});

test('records come in the order of the files, however long each takes', async () => {
  const pool = screening(async ({ bytes }) => {
    await new Promise((resolve) => setTimeout(resolve, bytes === 1 ? 120 : 1));
    return found;
  });
  const names = ['z', 'yy', 'xx', 'ww', 'vv'];
  const records = await Array.fromAsync(screenFiles(files(...names), pool, options));
  expect(records.map(({ record }) => record.file.name.slice(folder.length + 1))).toEqual(names);
  expect(records[0]?.record.versions.tools).toEqual({ a: '1', b: '2' });
});

test('no more files are in work than asked for', async () => {
  let running = 0;
  let most = 0;
  const pool = screening(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    return found;
  }, 3);
  await Array.fromAsync(
    screenFiles(files(...Array.from({ length: 30 }, (_, index) => `file-${index}`)), pool, options),
  );
  expect(most).toBe(3);
});
