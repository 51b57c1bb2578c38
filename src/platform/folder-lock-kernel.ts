import { DatabaseSync } from 'node:sqlite';

export type KernelLock =
  | { state: 'taken'; release(): void }
  | { state: 'held' }
  | { state: 'unwritable'; cause: unknown }
  | { state: 'without-locks'; cause: unknown };

/**
 * Takes an exclusive lock on a file, which it creates. The kernel holds it until `release` or until the process is gone,
 * however that died, so it cannot go stale. Waits up to `waitMs` (blocking) for another holder.
 *
 * Node has no call for file locks; SQLite, which comes with it, takes POSIX locks (https://www.sqlite.org/lockingv3.html).
 * POSIX drops them when the process closes *any* descriptor of the file: nothing but this module may open it.
 */
export function takeKernelLock(file: string, waitMs: number): KernelLock {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { timeout: waitMs });
    // Nothing is ever written, so it needs no journal beside it.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    return explain(error);
  }
  const held = database;
  holding.add(held);
  const release = () => {
    if (holding.delete(held)) held.close();
  };
  return { state: 'taken', release };
}

/** Whether anybody, this process included, holds the lock now. Looks without disturbing: a taker waits longer than this lasts. */
export function isKernelLocked(file: string): boolean {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    database.exec('SELECT count(*) FROM sqlite_schema');
    return false;
  } catch (error) {
    return explain(error).state === 'held';
  } finally {
    database?.close();
  }
}

/** A forgotten handle would be closed by the garbage collector, and the lock with it. */
const holding = new Set<DatabaseSync>();

// https://www.sqlite.org/rescode.html; the lowest byte is the family.
const [sqlitePerm, sqliteBusy, sqliteIoError] = [3, 5, 10];

function explain(error: unknown): Exclude<KernelLock, { state: 'taken' }> {
  const code = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null;
  if (code === null) throw error;
  const family = code & 0xff;
  if (family === sqliteBusy) return { state: 'held' };
  const withoutLocks = family === sqlitePerm || family === sqliteIoError;
  return { state: withoutLocks ? 'without-locks' : 'unwritable', cause: error };
}
