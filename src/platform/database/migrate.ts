import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Problem } from '../../contract/problem.ts';
import { actAsSystem, type Database, type Tx } from './database.ts';

/**
 * Brings the database to the state that the files of `folder` describe, in their order, all or nothing. A file that was applied never
 * changes (`migration-changed`); a database that knows more than this program is left alone (`database-newer`).
 * Returns the names of the files that were applied now. With `only`, the files of these names: a backup is loaded into the tables of its time.
 */
export async function migrate(database: Database, folder: string, only?: readonly string[]): Promise<string[]> {
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort();
  return actAsSystem(database, async (tx) => {
    // Two processes that start at once: the second waits, and finds nothing left to do.
    await sql`select pg_advisory_xact_lock(20210318)`.execute(tx);
    await sql`create table if not exists migration (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`.execute(tx);
    const applied = await appliedFiles(tx);
    const unknown = [...applied.keys()].find((name) => !files.includes(name));
    if (unknown) throw databaseNewer(unknown);
    const done: string[] = [];
    const unknownWanted = only?.find((name) => !files.includes(name));
    if (unknownWanted) throw databaseNewer(unknownWanted);
    for (const name of only ? files.filter((file) => only.includes(file)) : files) {
      const text = readFileSync(join(folder, name), 'utf8');
      const sha256 = createHash('sha256').update(text).digest('hex');
      const before = applied.get(name);
      if (before === sha256) continue;
      if (before !== undefined) {
        throw new Problem('migration-changed', `${name} is not what this database was built with`, {
          next: 'Restore the file as it was released; changes to the database go into a new file.',
        });
      }
      await sql.raw(text).execute(tx);
      await sql`insert into migration (name, sha256) values (${name}, ${sha256})`.execute(tx);
      done.push(name);
    }
    return done;
  });
}

async function appliedFiles(tx: Tx): Promise<Map<string, string>> {
  const { rows } = await sql<{ name: string; sha256: string }>`select name, sha256 from migration`.execute(tx);
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}

function databaseNewer(unknown: string): Problem {
  return new Problem('database-newer', `The database holds ${unknown}, which this version does not know`, {
    next: 'Run the newer version of Clearmirror that wrote it, or restore a backup made with this one.',
  });
}
