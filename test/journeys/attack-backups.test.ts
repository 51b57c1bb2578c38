import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { makeBackup, restoreBackup } from '../../src/features/backups/backups.ts';
import { screeningQueues } from '../../src/features/screening/service.ts';
import { actAsSystem } from '../../src/platform/database/database.ts';
import { openJobs, queueAgain } from '../../src/platform/jobs.ts';
import { type House, openDatabase, openHouse } from '../house.ts';
import { newFolder } from '../new-folder.ts';
import { codeOf } from '../refusal.ts';

function backUp({ database, clock }: House, folder: string, target: string) {
  return makeBackup({ database, folder, version: '0.0.0' }, target, clock.now);
}

test('a backup opens no session, writes through no link, and is not made within what it saves', async () => {
  const house = await openHouse();
  const first = await house.setUp();
  const headers = { 'idempotency-key': 'k1' };
  const body = { name: 'Deploy', roles: ['engineer'] };
  const { key } = (await house.ask('POST', '/api/v1/api-keys', { as: first, headers, body })).body;
  const folder = newFolder();
  writeFileSync(join(folder, 'secret.key'), 'the secret of the installation\n');
  mkdirSync(join(folder, 'media', 'aa'), { recursive: true });
  writeFileSync(join(folder, 'media', 'aa', 'a'.repeat(64)), 'media');

  // Somebody who may write there left links that point at what is ours, or theirs.
  const target = newFolder();
  const victim = join(newFolder(), 'victim');
  writeFileSync(victim, 'untouched');
  symlinkSync(victim, join(target, 'secret.key'));
  symlinkSync(victim, join(target, 'manifest.json.new'));
  await backUp(house, folder, target);
  expect(readFileSync(victim, 'utf8')).toBe('untouched');
  expect(readFileSync(join(target, 'secret.key'), 'utf8')).toBe('the secret of the installation\n');

  const manifest = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8'));
  const token = decodeURIComponent(first.cookie.split('session_token=')[1] ?? '').split('.')[0] ?? '';
  expect(token.length).toBeGreaterThan(20);
  const rows = manifest.tables
    .map(({ file }: { file: string }) =>
      gunzipSync(readFileSync(join(target, manifest.database, file))).toString('utf8'),
    )
    .join('\n');
  expect(rows).toContain('Deploy');
  for (const secret of [token, key, 'k1"']) expect(rows).not.toContain(secret);

  const elsewhere = newFolder();
  symlinkSync(elsewhere, join(elsewhere, 'media'));
  expect(await codeOf(() => backUp(house, folder, elsewhere))).toBe('backup-foreign');
  for (const nested of [folder, join(folder, 'backup'), join(folder, 'media', 'aa')]) {
    expect([nested, await codeOf(() => backUp(house, folder, nested))]).toEqual([
      nested,
      expect.stringMatching(/^backup-(nested|foreign)$/),
    ]);
  }
  const link = join(newFolder(), 'link');
  symlinkSync(folder, link);
  expect(await codeOf(() => backUp(house, folder, join(link, 'through-a-link')))).toBe('backup-nested');
});

test('a manifest that somebody wrote reaches nothing outside of the backup, and no table or queue that is not ours', async () => {
  const house = await openHouse();
  await house.setUp();
  const source = newFolder();
  await backUp(house, newFolder(), source);
  const file = join(source, 'manifest.json');
  const good = JSON.parse(readFileSync(file, 'utf8'));
  const [table] = good.tables;
  const forged: [string, unknown][] = [
    ['no JSON', '{'],
    ['nothing', null],
    ['a folder above', { ...good, database: '../database-1' }],
    ['a folder elsewhere', { ...good, database: '/etc' }],
    ['a file above', { ...good, tables: [{ ...table, file: '../../../etc/passwd' }] }],
    ['a file with an end', { ...good, tables: [{ ...table, file: 'x.jsonl.gz\n' }] }],
    ['a table by statement', { ...good, tables: [{ ...table, name: 'event; drop table event' }] }],
    ['a table of another schema', { ...good, tables: [{ ...table, name: 'pgboss.job' }] }],
    ['a table of the system', { ...good, tables: [{ ...table, name: 'pg_authid' }] }],
    ['a view', { ...good, tables: [{ ...table, name: 'person' }] }],
    ['a migration elsewhere', { ...good, migrations: [{ name: '../../x.sql', sha256: '' }] }],
    ['another hash', { ...good, tables: [{ ...table, sha256: '0'.repeat(64) }] }],
  ];
  const database = await openDatabase('embedded');
  onTestFinished(() => database.close());
  const folder = newFolder();
  for (const [what, manifest] of forged) {
    writeFileSync(file, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    const code = await codeOf(() => restoreBackup({ database, folder }, source, 'migrations'));
    expect([what, code]).toEqual([what, expect.stringMatching(/^(backup-foreign|backup-damaged|database-newer)$/)]);
    expect(existsSync(join(folder, 'secret.key'))).toBe(false);
  }
  writeFileSync(file, JSON.stringify(good));
  await restoreBackup({ database, folder }, source, 'migrations');

  const jobs = await openJobs({ database, queues: screeningQueues, onTrouble: () => {} });
  const screening = '00000000-0000-4000-8000-000000000000';
  const [queue] = screeningQueues;
  const unfinished = [
    { queue: queue?.name ?? '', data: { screening } },
    { queue: 'nobody’s', data: {} },
  ];
  expect(await actAsSystem(database, (tx) => queueAgain(jobs, tx, screeningQueues, unfinished))).toBe(1);
  await jobs.stop(1_000);
});
