import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  emailProtection,
  makeAuthority,
  makeCertificate,
  pem,
} from '../../../test/fixtures/provenance/certificates.ts';
import { codeOf, refusalOf } from '../../../test/refusal.ts';
import { trustProblems } from './refusal.ts';
import { addTrustList, installedTrustLists, listTrust, readAnchors, removeTrustList } from './trust.ts';

const root = makeAuthority({ organisation: 'Test', commonName: 'Root' });
const second = makeAuthority({ organisation: 'Test', commonName: 'Second' });
const expired = makeAuthority({ organisation: 'Test', commonName: 'Old' }, { until: '20250601000000Z' });
const leaf = makeCertificate(root, { organisation: 'Test', commonName: 'Leaf' }, { purpose: emailProtection });
const now = new Date('2026-11-22T10:00:00Z');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function add(
  content: string | Buffer,
  id = 'own',
  more: { kind?: 'signer' | 'tsa'; name?: string; version?: string } = {},
) {
  return addTrustList({
    dataFolder: folder,
    file: file('list.txt', content),
    id,
    kind: 'signer',
    now,
    lang: 'en',
    ...more,
  });
}

describe('a list that is added', () => {
  test('is there whole, with its certificates counted', async () => {
    const content = `a comment\n${root.pem}${expired.pem}${root.pem}`;
    const list = await add(content, 'own', { name: 'Our own', version: '7' });
    expect(list).toEqual({
      id: 'own',
      name: 'Our own',
      version: '7',
      kind: 'signer',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      certificates: 2,
      validUntil: ['2025-06-01T00:00:00.000Z', '2055-01-01T00:00:00.000Z'],
      addedAt: '2026-11-22T10:00:00.000Z',
      updatedAt: '2026-11-22T10:00:00.000Z',
      source: 'list.txt',
    });
    expect(installedTrustLists(folder)).toEqual([list]);
    expect(readFileSync(join(folder, 'trust/own/list.pem'), 'utf8')).toBe(content);
    expect(readdirSync(join(folder, 'trust'))).toEqual(['own']);
  });

  test('counts only for what it was added for', async () => {
    await add(root.pem, 'signers');
    await add(second.pem, 'clock', { kind: 'tsa' });
    const { anchorsPem, tsaAnchorsPem } = readAnchors(folder);
    expect([anchorsPem, tsaAnchorsPem]).toEqual([root.pem, second.pem]);
    await removeTrustList({ dataFolder: folder, id: 'signers', lang: 'en' });
    expect(readAnchors(folder)).toEqual({ anchorsPem: '', tsaAnchorsPem: second.pem });
  });

  test('gets a name and a version when none is given', async () => {
    expect(await add(root.pem)).toMatchObject({ name: 'own', version: '2026-11-22' });
  });

  test('nothing installed is no list, not an error', () => {
    expect(listTrust(folder)).toEqual({ lists: [], broken: [] });
    expect(readAnchors(folder)).toEqual({ anchorsPem: '', tsaAnchorsPem: '' });
  });
});

describe('a list that is refused', () => {
  const key = pem('PRIVATE KEY', root.key.export({ type: 'pkcs8', format: 'der' }));
  test.each<[string, string | Buffer, string]>([
    ['a private key', key, 'trust-private-key'],
    ['a private key among certificates', root.pem + key, 'trust-private-key'],
    ['an encrypted private key', pem('ENCRYPTED PRIVATE KEY', Buffer.alloc(64)), 'trust-private-key'],
    ['an old private key', pem('EC PRIVATE KEY', Buffer.alloc(64)), 'trust-private-key'],
    ['an empty file', '', 'trust-no-certificate'],
    ['a page', '<html>404</html>', 'trust-no-certificate'],
    ['a certificate in DER', root.der, 'trust-no-certificate'],
    ['a revocation list', root.pem + pem('X509 CRL', Buffer.alloc(64)), 'trust-foreign-block'],
    ['bytes that are no certificate', root.pem + pem('CERTIFICATE', Buffer.from('nothing')), 'trust-bad-certificate'],
    ['a list cut in a certificate', root.pem + second.pem.slice(0, 300), 'trust-bad-certificate'],
    ['text inside a certificate', root.pem.replace('\n', '\nhello world!\n'), 'trust-bad-certificate'],
    ['a signer', root.pem + leaf.pem, 'trust-not-authority'],
    ['more than 8 MiB', Buffer.alloc(8 * 1024 * 1024 + 1, root.pem), 'trust-too-large'],
  ])('%s', async (_name, content, code) => {
    expect(await codeOf(() => add(content))).toBe(code);
    expect(listTrust(folder)).toEqual({ lists: [], broken: [] });
  });

  test.each(['', 'Upper', '-x', 'a/b', '..', 'a b', 'x'.repeat(65), '.old-x'])('the id "%s"', async (id) => {
    expect(await codeOf(() => add(root.pem, id))).toBe('trust-bad-id');
  });

  test('an id that is taken, and the old list stays', async () => {
    await add(root.pem);
    expect(await codeOf(() => add(second.pem))).toBe('trust-exists');
    expect(readAnchors(folder).anchorsPem).toBe(root.pem);
  });

  test('a file that is not there, a folder, and a list that is not there', async () => {
    const missing = { dataFolder: folder, id: 'own', kind: 'signer', now, lang: 'zh' } as const;
    expect(await codeOf(() => addTrustList({ ...missing, file: join(folder, 'no') }))).toBe('trust-path-missing');
    expect(await codeOf(() => addTrustList({ ...missing, file: folder }))).toBe('trust-path-missing');
    expect(await codeOf(() => removeTrustList({ dataFolder: folder, id: 'no', lang: 'zh' }))).toBe('trust-unknown');
  });

  test('says how the command ends: wrong use, a path that is not there, refused', async () => {
    await add(root.pem);
    const missing = addTrustList.bind(null, {
      dataFolder: folder,
      file: join(folder, 'no'),
      id: 'other',
      kind: 'signer',
      now,
      lang: 'en',
    });
    const works = [() => add(root.pem, 'Upper'), missing, () => add(root.pem)];
    const exitCodes = await Promise.all(works.map(async (work) => (await refusalOf(work)).exitCode));
    expect(exitCodes).toEqual([2, 4, 5]);
  });

  test('every refusal is worded in both languages', async () => {
    const { readWords } = await import('../../contract/words.ts');
    for (const lang of ['en', 'zh'] as const) {
      const words = readWords(lang);
      for (const code of Object.keys(trustProblems)) {
        expect([code, typeof words[`cli.trust.problem.${code}`], typeof words[`cli.trust.next.${code}`]]).toEqual([
          code,
          'string',
          'string',
        ]);
      }
    }
  });
});

describe('a damaged shelf', () => {
  test('a list whose certificates were changed stops the screening and shows as damaged', async () => {
    await add(root.pem);
    writeFileSync(join(folder, 'trust/own/list.pem'), second.pem);
    expect(await codeOf(() => installedTrustLists(folder))).toBe('trust-list-broken');
    expect(await codeOf(() => readAnchors(folder))).toBe('trust-list-broken');
    expect(listTrust(folder)).toMatchObject({ lists: [], broken: [{ id: 'own' }] });
    await removeTrustList({ dataFolder: folder, id: 'own', lang: 'en' });
    expect(installedTrustLists(folder)).toEqual([]);
  });

  test.each(['{', '[]', '{"id":"own"}'])('list.json is %s', async (json) => {
    await add(root.pem);
    writeFileSync(join(folder, 'trust/own/list.json'), json);
    expect(await codeOf(() => installedTrustLists(folder))).toBe('trust-list-broken');
  });

  test('a change interrupted between the two renames: the old list is found, and tidied by the next change', async () => {
    await add(root.pem);
    const shelf = join(folder, 'trust');
    renameSync(join(shelf, 'own'), join(shelf, '.old-own'));
    mkdirSync(join(shelf, '.new-abc'));
    writeFileSync(join(shelf, '.new-abc/list.pem'), 'half');
    const dead = spawnSync(process.execPath, ['-e', '0']).pid;
    writeFileSync(join(shelf, '.lock'), String(dead));
    expect(readAnchors(folder).anchorsPem).toBe(root.pem);
    await add(second.pem, 'other');
    expect(readdirSync(shelf).sort()).toEqual(['other', 'own']);
  });

  test('an interruption after the second rename leaves the new list', async () => {
    await add(root.pem);
    const shelf = join(folder, 'trust');
    mkdirSync(join(shelf, '.old-own'));
    await add(second.pem, 'other');
    expect(readAnchors(folder).anchorsPem).toBe(`${second.pem}\n${root.pem}`);
    expect(existsSync(join(shelf, '.old-own'))).toBe(false);
  });

  test('two changes at once: the second is told to wait', async () => {
    await add(root.pem);
    writeFileSync(join(folder, 'trust/.lock'), String(process.pid));
    expect(await codeOf(() => add(second.pem, 'other'))).toBe('trust-busy');
    expect(await codeOf(() => removeTrustList({ dataFolder: folder, id: 'own', lang: 'en' }))).toBe('trust-busy');
  });
});
