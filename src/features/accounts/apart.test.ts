import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { type House, openHouse, type Person } from '../../../test/house.ts';
import { actAs } from '../../platform/database/database.ts';

/** Two companies and an authority, each with an administrator, a key, an invitation and settings of its own. */
async function neighbours(
  on: 'embedded' | 'server',
): Promise<{ house: House; one: Person; other: Person; authority: Person }> {
  const house = await openHouse({ on });
  const one = await house.setUp({ kind: 'company', name: 'Example Shimmer Ltd' });
  const other = await house.addOrganisation(one, { kind: 'company', name: 'Example Glow Ltd' });
  const authority = await house.addOrganisation(one, {
    kind: 'authority',
    name: 'Example City Internet Office',
    level: 'prefecture',
    region: '990100',
  });
  for (const as of [one, other, authority]) {
    const roles = as === authority ? ['clerk'] : ['engineer'];
    await house.ask('POST', '/api/v1/api-keys', { as, body: { name: `of ${as.email}`, roles } });
    await house.ask('POST', '/api/v1/invitations', { as, body: { email: `guest-of-${as.email}`, roles } });
    await house.ask('PATCH', '/api/v1/me/preferences', { as, body: { theme: 'dark' } });
  }
  return { house, one, other, authority };
}

describe.each(['embedded', 'server'] as const)('on a database that is %s', (on) => {
  test('a query that forgets its filter sees the rows of its own organisation, and nobody else’s', async () => {
    const { house, one, other, authority } = await neighbours(on);
    const { rows: tables } = await sql<{ name: string }>`select c.relname as name from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'v') order by 1`.execute(house.database.owner);
    for (const as of [one, other, authority]) {
      const actor = { organisation: as.organisation, person: null };
      const foreign = [one, other, authority].filter((person) => person !== as);
      for (const { name } of tables) {
        const seen = await actAs(house.database, actor, async (tx) => {
          const { rows } = await sql<{
            row: string;
          }>`select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(tx);
          return rows.map(({ row }) => row).join('\n');
        }).catch((error) => {
          // Not for requests at all: passwords, sessions, second factors.
          expect([name, String(error)]).toEqual([name, expect.stringContaining('permission denied')]);
          return '';
        });
        for (const { organisation, email } of foreign) {
          expect([name, seen.includes(organisation)]).toEqual([name, false]);
          expect([name, seen.includes(email)]).toEqual([name, false]);
        }
      }
      const own = await actAs(house.database, actor, (tx) => sql`select * from api_key`.execute(tx));
      expect(own.rows).toHaveLength(1);
    }
  });

  test('without an organisation nothing is seen, and writing for another is refused', async () => {
    const { house, one, other } = await neighbours(on);
    const nobody = { organisation: null, person: null };
    for (const name of ['organisation', 'membership', 'api_key', 'one_time_link', 'event', 'person']) {
      const { rows } = await actAs(house.database, nobody, (tx) => sql`select * from ${sql.table(name)}`.execute(tx));
      expect([name, rows]).toEqual([name, []]);
    }
    const actor = { organisation: one.organisation, person: null };
    const forge = actAs(house.database, actor, (tx) =>
      sql`insert into event (organisation_id, kind, subject_type, subject_id) values (${other.organisation}, 'x', 'x', 'x')`.execute(
        tx,
      ),
    );
    await expect(forge).rejects.toThrow('row-level security');
    const steal = await actAs(house.database, actor, (tx) =>
      sql`update api_key set roles = '{administrator}'`.execute(tx),
    );
    expect(steal.numAffectedRows).toBe(1n);
  });

  test('what was done is never changed or removed, not by the owner of the tables either', async () => {
    const { house } = await neighbours(on);
    for (const statement of ['update event set kind = kind', 'delete from event', 'truncate event']) {
      await expect(sql.raw(statement).execute(house.database.owner)).rejects.toThrow('never changed or removed');
    }
  });

  test('another organisation’s ids are unknown here, and its name in the header is refused', async () => {
    const { house, one, other } = await neighbours(on);
    const key = (await house.ask('GET', '/api/v1/api-keys', { as: other })).body.items[0].id;
    expect(await house.ask('DELETE', `/api/v1/api-keys/${key}`, { as: one })).toMatchObject({ status: 404 });
    const members = (await house.ask('GET', '/api/v1/members', { as: other })).body.items;
    const change = { as: one, body: { roles: ['administrator'] } };
    expect(await house.ask('PATCH', `/api/v1/members/${members[0].id}`, change)).toMatchObject({ status: 404 });
    const disguised = { ...one, organisation: other.organisation };
    expect((await house.ask('GET', '/api/v1/members', { as: disguised })).status).toBe(400);
  });
});
