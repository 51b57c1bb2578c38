import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addTrustList, installedTrustLists, readAnchors } from './trust.ts';

const lists = '../shared/data/trust';

describe.runIf(existsSync(lists))('the official lists', () => {
  test('install as they are', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'trust-'));
    try {
      const now = new Date('2026-11-22T10:00:00Z');
      const add = (name: string, id: string, kind: 'signer' | 'tsa') =>
        addTrustList({ dataFolder, file: join(lists, name), id, kind, now, lang: 'en' });
      await add('C2PA-TRUST-LIST.pem', 'c2pa', 'signer');
      await add('C2PA-TSA-TRUST-LIST.pem', 'c2pa-tsa', 'tsa');
      expect(installedTrustLists(dataFolder).map(({ id, kind, certificates }) => [id, kind, certificates])).toEqual([
        ['c2pa', 'signer', 30],
        ['c2pa-tsa', 'tsa', 22],
      ]);
      const count = (pem: string) => pem.match(/-----BEGIN CERTIFICATE-----/g)?.length;
      const { anchorsPem, tsaAnchorsPem } = readAnchors(dataFolder);
      expect([count(anchorsPem), count(tsaAnchorsPem)]).toEqual([30, 22]);
    } finally {
      rmSync(dataFolder, { recursive: true, force: true });
    }
  });
});
