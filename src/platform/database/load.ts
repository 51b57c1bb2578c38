import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { sql } from 'kysely';
import { Problem } from '../../contract/problem.ts';
import { actAsSystem, type Database, type Tx } from './database.ts';
import { type DumpContents, tableNames } from './dump.ts';

/**
 * Loads a dump into a database whose tables are built with the same migrations and are empty, all or nothing. References between rows
 * are checked when all rows are there.
 */
export async function loadDatabase(database: Database, folder: string, { tables }: DumpContents): Promise<void> {
  for (const table of tables) await refuseDamage(folder, table);
  await actAsSystem(database, async (tx) => {
    const known = new Set(await tableNames(tx));
    const missing = tables.find(({ name }) => !known.has(name));
    if (missing) {
      throw new Problem('backup-foreign', `The backup has a table ${missing.name} that this database lacks`, {
        next: 'Restore with the version of Clearmirror that made the backup.',
      });
    }
    for (const { name } of tables) await refuseRows(tx, name);
    const references = await takeDownReferences(tx);
    for (const table of tables) await loadTable(tx, folder, table);
    for (const { table, name, definition } of references) {
      await sql`alter table ${sql.table(table)} add constraint ${sql.ref(name)} ${sql.raw(definition)}`.execute(tx);
    }
    await catchUpCounters(tx);
  });
}

async function refuseDamage(folder: string, { file, sha256 }: DumpContents['tables'][number]): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, file)), hash);
  if (hash.digest('hex') === sha256) return;
  throw new Problem('backup-damaged', `${file} is not what was written into the backup; nothing was restored`, {
    next: 'Use another backup, or fetch this one again from where it was copied to.',
  });
}

async function refuseRows(tx: Tx, name: string): Promise<void> {
  const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(tx);
  if (rows.length === 0) return;
  throw new Problem('restore-not-empty', `The database is not empty: ${name} has rows; nothing was restored`, {
    next: 'Restore into a new --folder, or into a new database of the server.',
  });
}

/** Rows of one table may name rows that come later: the references go, and come back, checked, in the same transaction. */
async function takeDownReferences(tx: Tx) {
  const { rows } = await sql<{ table: string; name: string; definition: string }>`
    select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.contype = 'f' and n.nspname = 'public' order by 1, 2`.execute(tx);
  for (const { table, name } of rows) {
    await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(name)}`.execute(tx);
  }
  return rows;
}

async function loadTable(tx: Tx, folder: string, { name, file, rows }: DumpContents['tables'][number]): Promise<void> {
  let loaded = 0;
  let page: string[] = [];
  let characters = 0;
  const insert = async (): Promise<void> => {
    if (page.length === 0) return;
    await sql`insert into ${sql.table(name)} overriding system value
      select * from jsonb_populate_recordset(null::${sql.table(name)}, ${`[${page.join(',')}]`}::jsonb)`.execute(tx);
    loaded += page.length;
    page = [];
    characters = 0;
  };
  const lines = createInterface({
    input: createReadStream(join(folder, file)).pipe(createGunzip()),
    crlfDelay: Infinity,
  });
  for await (const line of lines) {
    page.push(line);
    characters += line.length;
    if (page.length === 500 || characters > 4_000_000) await insert();
  }
  await insert();
  if (loaded === rows) return;
  throw new Problem('backup-damaged', `${file} has ${loaded} rows instead of ${rows}; nothing was restored`, {
    next: 'Use another backup, or fetch this one again from where it was copied to.',
  });
}

/** Identity columns go on after the highest number that was loaded. */
async function catchUpCounters(tx: Tx): Promise<void> {
  const { rows } = await sql<{ table: string; column: string }>`select table_name as table, column_name as column
    from information_schema.columns where table_schema = 'public' and is_identity = 'YES'`.execute(tx);
  for (const { table, column } of rows) {
    await sql`select setval(pg_get_serial_sequence(${`public.${table}`}, ${column}),
      coalesce((select max(${sql.ref(column)}) from ${sql.table(table)}), 0) + 1, false)`.execute(tx);
  }
}
