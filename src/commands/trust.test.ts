import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeAuthority } from '../../test/fixtures/provenance/certificates.ts';
import { readConfig } from '../config.ts';
import type { Lang } from '../contract/lang.ts';
import { trustCommand } from './trust.ts';

let folder: string;
let said: string;
let codes: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
  said = '';
  codes = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(args: string[], lang: Lang = 'en'): Promise<string> {
  said = '';
  const write = (text: string) => {
    said += text;
  };
  const config = { ...readConfig({}), dataFolder: folder, lang, noColor: true } as const;
  const command = trustCommand({ config, root: '.', out: write, err: write, exit: (code) => codes.push(code) });
  await command.exitOverride().parseAsync(args, { from: 'user' });
  return said;
}

function list(...names: { commonName: string; until?: string }[]): string {
  const file = join(folder, 'list.pem');
  const certificates = names.map(({ commonName, ...options }) =>
    makeAuthority({ organisation: 'Test', commonName }, options),
  );
  writeFileSync(file, certificates.map(({ pem }) => pem).join(''));
  return file;
}

test('an empty list says what that means and what the first step is', async () => {
  expect(await run(['list'])).toBe(
    [
      'No trust list is installed. Every valid content credential is called “valid, signer not on any installed list”.',
      'First step: clearmirror trust update   (fetches the two official C2PA lists over https)',
      'Without a network, or for your own authorities: clearmirror trust add FILE.pem --id NAME',
      '',
    ].join('\n'),
  );
  expect(await run(['list'], 'zh')).toContain('第一步：clearmirror trust update');
  expect(JSON.parse(await run(['list', '--json']))).toEqual({ lists: [], broken: [] });
});

test('add, list and remove tell what is installed and what has expired', async () => {
  const file = list({ commonName: 'Old', until: '20250601000000Z' }, { commonName: 'New' });
  const added = await run(['add', file, '--id', 'own', '--name', 'Our own', '--list-version', '7']);
  expect(added).toContain('own  Our own, version 7; authorities for signers: 2');
  expect(added).toContain('expired among them: 1');
  expect(added).toContain('next to expire: 2055-01-01');
  expect(await run(['add', list({ commonName: 'Clock' }), '--id', 'clock', '--tsa'])).toContain(
    'authorities for time stamps: 1',
  );
  expect(JSON.parse(await run(['list', '--json'])).lists).toMatchObject([
    { id: 'clock', kind: 'tsa', certificates: 1 },
    { id: 'own', kind: 'signer', certificates: 2 },
  ]);
  expect(await run(['remove', 'own'])).toBe('Removed own.\n');
  expect(await run(['list'])).toContain('None of these lists is for signers');
  expect(codes).toEqual([]);
});

test('a damaged list is shown and ends with code 5', async () => {
  await run(['add', list({ commonName: 'One' }), '--id', 'own']);
  writeFileSync(join(folder, 'trust/own/list.pem'), 'damaged');
  expect(await run(['list'])).toContain('own  DAMAGED, not usable: list.pem is not what was installed.');
  expect(codes).toEqual([5]);
});

test('the answer can be in Chinese', async () => {
  expect(await run(['--lang', 'zh', 'add', list({ commonName: 'One' }), '--id', 'own'])).toContain(
    '1 个签名者签发机构',
  );
});
