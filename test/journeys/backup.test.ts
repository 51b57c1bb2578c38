import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeBackup, restoreBackup } from '../../src/features/backups/backups.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { type House, openDatabase, openHouse } from '../house.ts';
import { newFolder } from '../new-folder.ts';
import { codeOf } from '../refusal.ts';

const blob = 'a'.repeat(64);

/** An installation with people, keys, events and one file of media, backed up. */
async function backedUp(house: House): Promise<{ target: string; folder: string; company: string[] }> {
  const first = await house.setUp();
  await house.addMember(first, ['assessor']);
  await house.ask('POST', '/api/v1/api-keys', { as: first, body: { name: '上线 Deploy', roles: ['engineer'] } });
  const folder = newFolder();
  cpSync('test/fixtures/labels-images/png-text.png', join(folder, 'media', 'aa', blob));
  writeFileSync(join(folder, 'secret.key'), 'of the first\n');
  const target = newFolder();
  const made = await makeBackup({ database: house.database, folder, version: '0.0.0' }, target, house.clock.now);
  expect(made).toMatchObject({ blobs: 1 });
  return { target, folder, company: [first.email, first.password] };
}

async function restore(target: string, database: Database, folder = newFolder()): Promise<string> {
  await restoreBackup({ database, folder }, target, 'migrations');
  return folder;
}

test.each([
  ['embedded', 'server'],
  ['server', 'embedded'],
  ['embedded', 'embedded'],
] as const)(
  'a backup of a database that is %s, restored into one that is %s, is the same installation',
  async (from, to) => {
    const house = await openHouse({ on: from });
    const { target, company } = await backedUp(house);
    const database = await openDatabase(to);
    const folder = await restore(target, database);
    expect(readFileSync(join(folder, 'media', 'aa', blob))).toEqual(
      readFileSync('test/fixtures/labels-images/png-text.png'),
    );
    const restored = await openHouse({ database });
    const [email, password] = company;
    const signedIn = await restored.ask('POST', '/api/auth/sign-in/email', { body: { email, password } });
    expect(signedIn.status).toBe(200);
    const again = await restored.signIn({ email: email ?? '', password: password ?? '' });
    const [was, is] = await Promise.all(
      [house, restored].map(async (one, index) => {
        const as = index === 0 ? await house.signIn({ email: email ?? '', password: password ?? '' }) : again;
        const events = await one.ask('GET', '/api/v1/events', { as });
        const members = await one.ask('GET', '/api/v1/members', { as });
        return { events: events.body, members: members.body };
      }),
    );
    expect(is).toEqual(was);
    // Numbers go on where they stood.
    const made = await restored.ask('POST', '/api/v1/api-keys', {
      as: again,
      body: { name: 'Next', roles: ['engineer'] },
    });
    expect(made.status).toBe(201);
  },
);

test.each(['embedded', 'server'] as const)(
  'a demo that is restored into a database that is %s goes on saying that it is one',
  async (to) => {
    const demoOf = async (house: House) => (await house.ask('GET', '/api/v1/installation')).body.demo;
    const house = await openHouse({ demo: true });
    expect(await demoOf(house)).toBe(true);
    const { target, folder: work } = await backedUp(house);
    const database = await openDatabase(to);
    await restore(target, database);
    expect(await demoOf(await openHouse({ database }))).toBe(true);
    expect(await demoOf(await openHouse())).toBe(false);
    expect(readdirSync(work)).not.toContain('demo.json');
  },
);

test('a second backup into the same folder replaces the first and copies no media twice', async () => {
  const house = await openHouse();
  const { target, folder } = await backedUp(house);
  house.clock.now = new Date('2026-11-23T08:00:00Z');
  await makeBackup({ database: house.database, folder, version: '0.0.0' }, target, house.clock.now);
  expect(readdirSync(target).sort()).toEqual([
    'database-2026-11-23T08-00-00-000Z',
    'manifest.json',
    'media',
    'secret.key',
  ]);
});

test('what cannot be restored is refused whole: rows already there, a damaged table, a foreign folder', async () => {
  const house = await openHouse();
  const { target } = await backedUp(house);
  expect(await codeOf(() => restore(target, house.database))).toBe('restore-not-empty');
  const { database: name } = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8'));
  const table = join(target, name, 'membership.jsonl.gz');
  const bytes = readFileSync(table);
  bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
  writeFileSync(table, bytes);
  const empty = await openDatabase('embedded');
  onTestFinished(() => empty.close());
  expect(await codeOf(() => restore(target, empty))).toBe('backup-damaged');
  const foreign = newFolder();
  writeFileSync(join(foreign, 'diary.txt'), 'not ours');
  const source = { database: house.database, folder: newFolder(), version: '0.0.0' };
  expect(await codeOf(() => makeBackup(source, foreign, house.clock.now))).toBe('backup-foreign');
  expect(readdirSync(foreign)).toEqual(['diary.txt']);
});
