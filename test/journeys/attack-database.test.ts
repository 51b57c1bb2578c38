import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { actAs, actAsSystem, stepOut } from '../../src/platform/database/database.ts';
import { openServer } from '../../src/platform/database/server.ts';
import { openJobs } from '../../src/platform/jobs.ts';
import { openHouse } from '../house.ts';
import { startPostgres } from '../postgres.ts';

test('PostgreSQL stopped in the middle: nobody is told that something was done, everything goes on when it is back', async () => {
  const postgres = await startPostgres();
  const troubles: Error[] = [];
  const database = await openServer({
    url: await postgres.createDatabase(),
    onTrouble: (error) => troubles.push(error),
  });
  const house = await openHouse({ database });
  const first = await house.setUp();
  const make = (name: string) =>
    house.ask('POST', '/api/v1/api-keys', { as: first, body: { name, roles: ['engineer'] } });
  const { key } = (await make('before')).body;

  const done: string[] = [];
  const queue = { name: 'attack', retryLimit: 1, expireInSeconds: 60, parse: z.object({ name: z.string() }).parse };
  const jobs = await openJobs({ database, queues: [queue], onTrouble: (error) => troubles.push(error) });
  await jobs.work(queue, 1, async ({ data }) => {
    done.push(data.name);
  });
  await actAsSystem(database, (tx) => jobs.send(tx, queue, { name: 'before' }));
  await expect.poll(() => done, { timeout: 60_000 }).toEqual(['before']);

  // One that is in the middle of its transaction, between two statements.
  let enter: () => void = () => {};
  const entered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  let leave: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const caught = actAsSystem(database, async (tx) => {
    await sql`insert into organisation (kind, name) values ('company', 'half')`.execute(tx);
    enter();
    await stopped;
    await sql`select 1`.execute(tx);
  }).catch((error: unknown) => error);
  await entered;
  const racing = Array.from({ length: 20 }, (_, index) => make(`racing ${index}`));
  await postgres.stop();
  leave();
  expect(await caught).toBeInstanceOf(Error);
  const raced = await Promise.all(racing);
  for (const { status, body } of raced) {
    expect([201, 503]).toContain(status);
    if (status === 503) expect(body.code).toBe('database-away');
  }
  const away = [
    await house.ask('GET', '/api/v1/me', { as: first }),
    await house.ask('GET', '/api/v1/members', { as: { key } }),
    await make('during'),
    await house.ask('POST', '/api/auth/sign-in/email', { body: { email: first.email, password: first.password } }),
    await house.ask('GET', '/api/auth/get-session', { as: first }),
    await house.ask('GET', '/api/v1/installation'),
    await house.ask('POST', '/api/v1/links/look', { body: { secret: 'x'.repeat(40) } }),
  ];
  for (const { status, body, text } of away) {
    expect([status, body?.code]).toEqual([503, 'database-away']);
    expect(text).not.toMatch(/127\.0\.0\.1|ECONN|select|clearmirror@/);
  }
  expect((await house.ask('GET', '/readyz')).status).toBe(503);
  expect((await house.ask('GET', '/healthz')).status).toBe(200);

  await postgres.start();
  expect((await house.ask('GET', '/readyz')).status).toBe(200);
  const names = (await house.ask('GET', '/api/v1/api-keys', { as: first })).body.items.map(
    (one: { name: string }) => one.name,
  );
  const acknowledged = raced.flatMap(({ status }, index) => (status === 201 ? [`racing ${index}`] : []));
  expect(names).toEqual(expect.arrayContaining(['before', ...acknowledged]));
  expect(names).not.toContain('during');
  expect((await make('after')).status).toBe(201);
  const half = await sql`select 1 from organisation where name = 'half'`.execute(database.owner);
  expect(half.rows).toEqual([]);
  // Live events come again, each once, by one connection.
  const listeners = async () => {
    const { rows } = await sql<{ count: number }>`select count(*) from pg_stat_activity
      where application_name = 'clearmirror listen' and datname = current_database()`.execute(database.owner);
    return rows[0]?.count;
  };
  await expect.poll(listeners, { timeout: 60_000 }).toBe(1);
  // And the jobs: one that is queued now is done, by a worker that was there before.
  await actAsSystem(database, (tx) => jobs.send(tx, queue, { name: 'after' }));
  await expect.poll(() => done, { timeout: 60_000 }).toEqual(['before', 'after']);
  await jobs.stop(1_000);
  expect(troubles.length).toBeGreaterThan(0);
});

test.each(['embedded', 'server'] as const)(
  'a step out of row-level security ends where it began, also when it fails, on a database that is %s',
  async (on) => {
    const { database } = await openHouse({ on });
    const role = async (tx: Parameters<typeof stepOut>[0]) =>
      (await sql<{ role: string }>`select current_user as role`.execute(tx)).rows[0]?.role;
    const owner = await actAsSystem(database, role);
    await actAs(database, { organisation: randomUUID(), person: 'somebody' }, async (tx) => {
      const failing = stepOut(tx, async () => {
        throw new Error('no statement failed');
      });
      await expect(failing).rejects.toThrow('no statement failed');
      expect(await role(tx)).toBe('clearmirror_app');
      expect(await stepOut(tx, () => role(tx))).toBe(owner);
      const { rows } = await sql`select current_person() as person`.execute(tx);
      expect(rows).toEqual([{ person: 'somebody' }]);
    });
    await actAsSystem(database, async (tx) => {
      expect(await stepOut(tx, () => role(tx))).toBe(owner);
      expect(await role(tx)).toBe(owner);
    });
  },
);

test('an error of the embedded database tells what was asked, and not with which values', async () => {
  const { database } = await openHouse();
  const secret = 'a session token in a parameter';
  const error: unknown = await sql`insert into organisation (kind, name) values (${secret}, ${secret})`
    .execute(database.owner)
    .catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(Error);
  const { params } = { params: undefined, ...Object(error) };
  expect(params).toBeUndefined();
});

test('a disk that fills up stops writing and not reading: the embedded database goes on when there is room again', () => {
  // In a process of its own: without the guard it would run in a circle for ever, and this one with it.
  const inside = `
    const { openEmbedded } = await import('${process.cwd()}/src/platform/database/embedded.ts');
    const { sql } = await import('${process.cwd()}/node_modules/kysely/dist/index.js');
    const fs = await import('node:fs');
    const { randomBytes } = await import('node:crypto');
    const database = await openEmbedded({ folder: '/mnt/d' });
    const write = (text) => sql\`insert into t (x) values (\${text})\`.execute(database.owner);
    await sql\`create table t (id int generated always as identity, x text)\`.execute(database.owner);
    const rest = fs.statfsSync('/mnt');
    fs.writeFileSync('/mnt/fill', Buffer.alloc(rest.bavail * rest.bsize - 80 * 2 ** 20));
    let acknowledged = 0;
    const codes = new Set();
    const until = Date.now() + 100_000;
    while (codes.size === 0 && Date.now() < until) {
      await write(randomBytes(60_000).toString('base64')).then(() => { acknowledged += 1; }, (error) => codes.add(error.code));
    }
    const count = async () => (await sql\`select count(*) from t\`.execute(database.owner)).rows[0].count;
    const during = await count();
    fs.rmSync('/mnt/fill');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await write('after');
    const after = await count();
    await database.close();
    const rest2 = fs.statfsSync('/mnt');
    fs.writeFileSync('/mnt/fill', Buffer.alloc(rest2.bavail * rest2.bsize - 2 ** 20));
    const refused = await openEmbedded({ folder: '/mnt/d' }).catch((error) => error.code);
    console.log(JSON.stringify({ codes: [...codes], wrote: acknowledged > 50, same: during === acknowledged, one: after - during, refused }));
    process.exit(0);`;
  const ownDisk = 'mount -t tmpfs -o size=240m tmpfs /mnt && exec "$0" --input-type=module -e "$1"';
  const enter = 'exec unshare -Urm sh -c "$2" "$0" "$1"';
  const run = spawnSync('sh', ['-c', enter, process.execPath, inside, ownDisk], { timeout: 150_000, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toEqual({
    codes: ['53100'],
    wrote: true,
    same: true,
    one: 1,
    refused: 'database-full',
  });
});
