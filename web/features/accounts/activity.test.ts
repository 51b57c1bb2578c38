import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWords } from '../../../src/contract/words.ts';

test('everything that the server writes down as done has a sentence in the activity', () => {
  const src = new URL('../../../src/', import.meta.url).pathname;
  const kinds = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(src, file), 'utf8'))
    .flatMap((source) => [...source.matchAll(/recordDeed\([^;]*?kind: '([\w-]+)'/g)])
    .map(([, kind]) => `event.${kind}`);
  expect(kinds.length).toBeGreaterThan(8);
  expect(Object.keys(readWords('en'))).toEqual(expect.arrayContaining(kinds));
});
