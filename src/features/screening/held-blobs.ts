import { type RawBuilder, sql } from 'kysely';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { actAsSystem, type Database, type Tx } from '../../platform/database/database.ts';
import { neededBlobs } from './store.ts';

/**
 * A blob is stored before the row that names it, and removed after the last row that named it: in between, another organisation may
 * remove what we rely on. So whoever adds a row holds the blob's lock and looks whether the blob is (still) there, and whoever removes
 * a blob holds the same lock and looks whether a row names it.
 */
export async function holdBlobs(tx: Tx, blobs: Blobs, addresses: readonly string[]): Promise<boolean> {
  await lockBlobs(tx, addresses);
  for (const address of addresses) if ((await blobs.stat(address)) === null) return false;
  return true;
}

/** Removes those that no row of any organisation names any more. To be called when the rows are gone for good. */
export async function dropBlobs(database: Database, blobs: Blobs, addresses: readonly string[]): Promise<void> {
  await actAsSystem(database, async (tx) => {
    await lockBlobs(tx, addresses);
    const needed = await neededBlobs(tx, addresses);
    for (const address of addresses) if (!needed.has(address)) await blobs.remove(address);
  });
}

/** In one order, so that two who hold several never wait for each other. */
async function lockBlobs(tx: Tx, addresses: readonly string[]): Promise<void> {
  for (const address of [...new Set(addresses)].sort()) await lockOf(`blob ${address}`).execute(tx);
}

/** Until the end of the transaction. */
export function lockOf(name: string): RawBuilder<unknown> {
  return sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}
