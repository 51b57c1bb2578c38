import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../test/house.ts';
import { actAs, actAsSystem, type Database, notify, stepOut, type Tx } from './database.ts';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';

async function open(on: 'embedded' | 'server'): Promise<Database> {
  const database = await openDatabase(on);
  onTestFinished(() => database.close());
  await migrate(database, 'migrations');
  return database;
}

const organisation = '6f1d1f6e-5c39-4c6c-9d53-0d1f3a3b9a01';

describe.each(['embedded', 'server'] as const)('on a database that is %s', (on) => {
  test('a transaction has the rights of its actor, and nobody else’s while they overlap', async () => {
    const database = await open(on);
    const who = (id: string | null) =>
      actAs(database, { organisation: id, person: id && 'p' }, async (tx) => {
        const ask = () =>
          sql<{ role: string; organisation: string | null }>`select current_user as role,
          current_organisation()::text as organisation`.execute(tx);
        const first = await ask();
        await sql`select pg_sleep(0.01)`.execute(tx);
        return [first.rows[0], (await ask()).rows[0]];
      });
    const all = await Promise.all([organisation, null, organisation, null].map(who));
    for (const [index, answers] of all.entries()) {
      const expected = { role: 'clearmirror_app', organisation: index % 2 === 0 ? organisation : null };
      expect(answers).toEqual([expected, expected]);
    }
    const { rows } = await sql<{ role: string }>`select current_user as role`.execute(database.owner);
    expect(rows[0]?.role).not.toBe('clearmirror_app');
  });

  test('one statement, remembered by the session, answers each actor with their own rows, also after many uses', async () => {
    const database = await open(on);
    const other = '0b0f8a52-14d5-4a43-9a38-2f3f4dbf0d02';
    await actAsSystem(database, async (tx) => {
      for (const id of [organisation, other]) {
        await sql`insert into organisation (id, kind, name) values (${id}, 'company', 'Example')`.execute(tx);
        await sql`insert into api_key (organisation_id, name, roles, prefix, secret_sha256)
          values (${id}, ${id}, '{engineer}', 'cm_x', ${Buffer.from(id)})`.execute(tx);
      }
    });
    const names = (tx: Tx) =>
      sql<{ name: string }>`select name from api_key where created_at > ${new Date(0)} order by name`.execute(tx);
    const seen = async (id: string | null) =>
      (await actAs(database, { organisation: id, person: null }, names)).rows.map(({ name }) => name);
    for (let turn = 0; turn < 12; turn += 1) {
      expect((await actAsSystem(database, names)).rows).toHaveLength(2);
      expect(await seen(organisation)).toEqual([organisation]);
      expect(await seen(other)).toEqual([other]);
      expect(await seen(null)).toEqual([]);
    }
  });

  test('a remembered statement that fails is asked again, and large and odd values come back as they were', async () => {
    const database = await open(on);
    const halves = (n: number) => sql`select 1 / ${n}::int as half`.execute(database.owner);
    for (const n of [0, 1, 0, 1]) {
      if (n === 0) await expect(halves(n)).rejects.toMatchObject({ code: '22012' });
      else expect((await halves(n)).rows).toEqual([{ half: 1 }]);
    }
    await expect(sql`select * from no_such_table where x = ${1}`.execute(database.owner)).rejects.toThrow('no_such');
    const values = {
      long: '明鉴 '.repeat(500_000),
      instant: new Date('2026-02-28T23:59:59.999Z'),
      list: ['a', 'b"c', 'd,e\\', ''],
      nothing: null,
    };
    const { rows } = await sql`select ${values.long}::text as long, ${values.instant}::timestamptz as instant,
      ${values.list}::text[] as list, ${values.nothing}::text as nothing, ${7}::bigint as count,
      ${'2026-02-28'}::date as day, ${JSON.stringify({ a: [1] })}::jsonb as json`.execute(database.owner);
    expect(rows).toEqual([{ ...values, count: 7, day: '2026-02-28', json: { a: [1] } }]);
  });

  test('stepping out lasts for one piece of work', async () => {
    const database = await open(on);
    await actAs(database, { organisation, person: null }, async (tx) => {
      const role = async () => (await sql<{ role: string }>`select current_user as role`.execute(tx)).rows[0]?.role;
      expect(await stepOut(tx, role)).not.toBe('clearmirror_app');
      expect(await role()).toBe('clearmirror_app');
    });
  });

  test('what fails leaves nothing, and the next one works', async () => {
    const database = await open(on);
    const fail = actAsSystem(database, async (tx) => {
      await sql`insert into organisation (kind, name) values ('company', 'half')`.execute(tx);
      throw new Error('in the middle');
    });
    await expect(fail).rejects.toThrow('in the middle');
    const broken = actAsSystem(database, (tx) => sql`select * from no_such_table`.execute(tx));
    await expect(broken).rejects.toThrow('no_such_table');
    expect((await sql`select * from organisation`.execute(database.owner)).rows).toEqual([]);
  });

  test('what is notified is heard once it is committed, and not when it is rolled back', async () => {
    const database = await open(on);
    const heard: string[] = [];
    const stop = await database.listen('news', (payload) => heard.push(payload));
    await actAsSystem(database, (tx) => notify(tx, 'news', 'one'));
    await actAsSystem(database, async (tx) => {
      await notify(tx, 'news', 'never');
      throw new Error('no');
    }).catch(() => {});
    await actAsSystem(database, (tx) => notify(tx, 'news', 'two'));
    await expect.poll(() => heard).toEqual(['one', 'two']);
    await stop();
  });

  test('migrations are applied once; a changed file and an unknown one stop the start', async () => {
    const database = await open(on);
    expect(await migrate(database, 'migrations')).toEqual([]);
    await sql`update migration set sha256 = 'other' where name like '0001%'`.execute(database.owner);
    await expect(migrate(database, 'migrations')).rejects.toMatchObject({ code: 'migration-changed' });
    await sql`insert into migration (name, sha256) values ('9999-later.sql', 'x')`.execute(database.owner);
    await expect(migrate(database, 'migrations')).rejects.toMatchObject({ code: 'database-newer' });
  });
});

test('an embedded database that falls over fails what is asked of it, and does not take the process along', async () => {
  const { pglite, owner } = await openEmbedded({});
  await pglite.close();
  for (let turn = 0; turn < 3; turn += 1) await expect(sql`select ${1}::int`.execute(owner)).rejects.toThrow();
});

test('a query beside the open transaction of the embedded database is refused at once instead of waiting forever', async () => {
  const database = await open('embedded');
  const beside = actAsSystem(database, () => sql`select 1`.execute(database.owner));
  await expect(beside).rejects.toThrow('a transaction is open here');
  expect((await sql`select 1 as one`.execute(database.owner)).rows).toEqual([{ one: 1 }]);
});
