import { AsyncLocalStorage } from 'node:async_hooks';

const inside = new AsyncLocalStorage<true>();

/** Runs the work of a transaction, so that `refuseInside` knows. */
export function runInside<T>(work: () => Promise<T>): Promise<T> {
  return inside.run(true, work);
}

/**
 * Throws when a transaction is open around the caller: asking for a second connection there would wait, on the embedded database, for the
 * transaction that waits for it. An error is found at once; a wait is found when everybody waits.
 */
export function refuseInside(): void {
  if (inside.getStore())
    throw new Error('a transaction is open here: use its tx, a second connection would wait for it');
}
