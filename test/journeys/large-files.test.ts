import { chmodSync, chownSync, cpSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { maxPayloadBytes } from '../../src/box/protocol.ts';
import type { ScreeningRecord } from '../../src/contract/screening.ts';
import { clearmirror, recordsOf, root } from '../clearmirror.ts';

/**
 * Files above the payload limit reach the decoders by descriptor, not as bytes. They are small ones with a hole behind them, which
 * every decoder here ignores: what is decoded must be the same as without it.
 */
const folder = mkdtempSync(join(tmpdir(), 'clearmirror-large-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fixtures = ['labels-av/mdta.mp4', 'labels-av/tags.webm', 'labels-av/id3v24.mp3', 'labels-images/png-text.png'];
const paths = fixtures.map((fixture) => join(root, 'test/fixtures', fixture));

function enlarged(path: string, into: string): string {
  const large = join(folder, `${into}${basename(path)}`);
  cpSync(path, large);
  truncateSync(large, maxPayloadBytes + statSync(path).size);
  return large;
}

describe('a file above the payload limit', () => {
  const small = clearmirror(['screen', ...paths, '--json']).then(recordsOf);

  test('is decoded like a small one', async () => {
    const large = recordsOf(await clearmirror(['screen', ...paths.map((path) => enlarged(path, 'open-')), '--json']));
    expect(large.map(decoded)).toEqual((await small).map(decoded));
  });

  test.runIf(process.geteuid?.() === 0)(
    'is decoded also when only its owner may read it and root screens it',
    async () => {
      const owned = paths.map((path) => enlarged(path, 'owned-'));
      for (const path of owned) {
        chownSync(path, 4321, 4321);
        chmodSync(path, 0o600);
      }
      const run = await clearmirror(['screen', ...owned, '--json']);
      expect(run.err).toBe('');
      expect(recordsOf(run).map(decoded)).toEqual((await small).map(decoded));
    },
  );
});

function decoded({ file, media, findings }: ScreeningRecord): unknown {
  expect([basename(file.name), media?.streams.length]).not.toContain(undefined);
  const { width, height, streams, sampled } = media ?? {};
  return {
    streams,
    width,
    height,
    frames: sampled?.frames,
    undecodable: findings.some(({ code }) => code === 'not-decodable'),
  };
}
