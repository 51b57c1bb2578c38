import { sql } from 'kysely';
import type { Tx } from './database.ts';

/** Until this transaction ends nobody else holds a lock of that name. */
export async function holdLock(tx: Tx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}
