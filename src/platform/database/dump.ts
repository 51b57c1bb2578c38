import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';

/** What a dump holds: enough to tell whether all of it is there, and what it was made with. */
export interface DumpContents {
  /** The migrations that the tables were built with, in order. */
  migrations: { name: string; sha256: string }[];
  tables: { name: string; rows: number; file: string; sha256: string }[];
  /** Jobs that were waiting or running. */
  jobs: { queue: string; data: unknown }[];
}

/**
 * Writes every table into the folder, as it was at one moment, one file of JSON lines each (gzip). Rows as PostgreSQL writes them, so that
 * a dump of the embedded database can be loaded into a server and the other way round. The folder is empty before. `without`: tables
 * whose rows are for the moment only.
 */
export async function dumpDatabase(
  database: Database,
  folder: string,
  { without = [] }: { without?: readonly string[] } = {},
): Promise<DumpContents> {
  return database.owner
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const names = (await tableNames(tx)).filter((name) => !without.includes(name));
      const tables = [];
      for (const name of names) tables.push(await dumpTable(tx, name, folder));
      const { rows: migrations } = await sql<{ name: string; sha256: string }>`select name, sha256 from migration
        order by name`.execute(tx);
      return { migrations, tables, jobs: await unfinishedJobs(tx) };
    });
}

/** Our own tables, without the record of migrations, which the place of restoring writes itself. */
export async function tableNames(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select c.relname as name from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'migration' order by c.relname`.execute(tx);
  return rows.map(({ name }) => name);
}

async function dumpTable(tx: Tx, name: string, folder: string): Promise<DumpContents['tables'][number]> {
  const file = `${name}.jsonl.gz`;
  let rows = 0;
  const hash = createHash('sha256');
  async function* lines() {
    // A cursor: a table may be larger than memory.
    await sql`declare dumped no scroll cursor for select to_jsonb(t)::text as line from ${sql.table(name)} t`.execute(
      tx,
    );
    for (;;) {
      const page = await sql<{ line: string }>`fetch 1000 from dumped`.execute(tx);
      if (page.rows.length === 0) break;
      rows += page.rows.length;
      yield Buffer.from(page.rows.map(({ line }) => `${line}\n`).join(''));
    }
    await sql`close dumped`.execute(tx);
  }
  const zip = createGzip();
  const out = createWriteStream(join(folder, file), { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(
    lines,
    zip,
    async function* (chunks) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    out,
  );
  return { name, rows, file, sha256: hash.digest('hex') };
}

async function unfinishedJobs(tx: Tx): Promise<DumpContents['jobs']> {
  const { rows } = await sql<{ queue: string; data: unknown }>`select name as queue, data from pgboss.job
    where state in ('created', 'retry', 'active') and name not like '\_\_%' order by created_on`.execute(tx);
  return rows;
}
