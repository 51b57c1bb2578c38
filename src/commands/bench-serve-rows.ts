import { type RawBuilder, sql } from 'kysely';
import { actAsSystem, type Tx } from '../platform/database/database.ts';
import { openEmbedded } from '../platform/database/embedded.ts';

/** Fills the database with copies of the one screening and the one service that are there, so that each row is as a real one is. */
export async function seedRows(
  folder: string,
  { screenings, services }: { screenings: number; services: number },
): Promise<void> {
  const database = await openEmbedded({ folder });
  try {
    await actAsSystem(database, async (tx) => {
      await copy(tx, 'screening', screenings - 1, {});
      await sql`insert into screening_record (screening_id, organisation_id, record)
        select s.id, s.organisation_id, r.record from screening s, (select record from screening_record limit 1) r
        on conflict do nothing`.execute(tx);
      await copy(tx, 'service', services - 1, {
        slug: sql`'service-' || n`,
        name_en: sql`'Service number ' || n`,
      });
      await sql`insert into service_function (organisation_id, service_id, slug, name_en, state, version, updated_at)
        select organisation_id, id, 'voice-room', 'Voice room', 'planned', 1, now() from service`.execute(tx);
      await sql`insert into function_version (function_id, organisation_id, version, features, facts, made_at)
        select id, organisation_id, 1, '{voice_room}', '{}', now() from service_function`.execute(tx);
    });
    await sql`analyze`.execute(database.owner);
  } finally {
    await database.close();
  }
}

async function copy(tx: Tx, table: string, times: number, other: Record<string, RawBuilder<unknown>>): Promise<void> {
  const { rows } = await sql<{ name: string }>`select column_name as name from information_schema.columns
    where table_schema = 'public' and table_name = ${table} and is_identity = 'NO' and column_name <> 'id'`.execute(tx);
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => other[name] ?? sql.ref(name));
  await sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
    select ${sql.join(values)} from (select * from ${sql.table(table)} limit 1) one, generate_series(1, ${times}) n`.execute(
    tx,
  );
}
