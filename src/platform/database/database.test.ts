import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../test/house.ts';
import { actAs, actAsSystem, type Database, notify, stepOut } from './database.ts';
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

test('a query beside the open transaction of the embedded database is refused at once instead of waiting forever', async () => {
  const database = await open('embedded');
  const beside = actAsSystem(database, () => sql`select 1`.execute(database.owner));
  await expect(beside).rejects.toThrow('a transaction is open here');
  expect((await sql`select 1 as one`.execute(database.owner)).rows).toEqual([{ one: 1 }]);
});
