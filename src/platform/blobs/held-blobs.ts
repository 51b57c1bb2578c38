import { actAsSystem, type Database, type Tx } from '../database/database.ts';
import { holdLock } from '../database/named-lock.ts';
import type { Blobs } from './blobs.ts';

/** Blobs that stay as long as a row names them. */
export interface NeededBlobs {
  blobs: Blobs;
  /** Those of the addresses that a row of any organisation names. Asked outside row-level security. */
  needed(tx: Tx, addresses: readonly string[]): Promise<ReadonlySet<string>>;
}

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

/**
 * Removes those that no row of any organisation names any more. To be called when the rows are gone for good. With `storedBefore`, what
 * was stored since stays: its row may be about to be written.
 */
export async function dropBlobs(
  database: Database,
  { blobs, needed }: NeededBlobs,
  addresses: readonly string[],
  storedBefore?: Date,
): Promise<void> {
  await actAsSystem(database, async (tx) => {
    await lockBlobs(tx, addresses);
    const stay = await needed(tx, addresses);
    for (const address of addresses) if (!stay.has(address)) await blobs.remove(address, storedBefore);
  });
}

/** In one order, so that two who hold several never wait for each other. */
async function lockBlobs(tx: Tx, addresses: readonly string[]): Promise<void> {
  for (const address of [...new Set(addresses)].sort()) await holdLock(tx, `blob ${address}`);
}
