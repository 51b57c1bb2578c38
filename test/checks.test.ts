import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from './clearmirror.ts';

/** What `npm run check` holds besides the tests, held here too, so that a clone that passes its tests passes the check. */
test.each([
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['style', ['node_modules/@biomejs/biome/bin/biome', 'check']],
  ['which way imports run', ['test/check-imports.ts']],
  ['nothing unused', ['node_modules/knip/bin/knip.js']],
] as const)('%s', (_name, args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect([status, status === 0 ? '' : `${stdout}${stderr}`]).toEqual([0, '']);
});
