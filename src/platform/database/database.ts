import { type Kysely, sql, type Transaction } from 'kysely';
import type { ConstructorOptions } from 'pg-boss';
import { runInside } from './inside.ts';

/**
 * A PostgreSQL, embedded or on a server. Everything above it is the same code on both.
 * Two roles: the connection's own, which owns the tables and sees every row, and `clearmirror_app`, which row-level security holds to
 * the rows of one organisation. Requests run as the second.
 */
export interface Database {
  /** As the owner: for migrations, background work and sign-in, which happen before anybody is known. */
  owner: Kysely<object>;
  kind: 'embedded' | 'server';
  /** How the job queue reaches the same database. */
  queue: ConstructorOptions;
  /** Calls back with what is notified on that channel, until the returned function is called. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** A transaction. Stores name the tables they know with `tx.withTables<…>()`. */
export type Tx = Transaction<object>;

/** For whom a transaction runs: row-level security shows it the rows of this organisation, and only those. */
export interface Actor {
  organisation: string | null;
  person: string | null;
}

/** Runs the work in one transaction, held by row-level security to what the actor may see. */
export function actAs<T>(database: Database, actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.owner.transaction().execute(async (tx) => {
    await becomeActor(tx, actor);
    return runInside(() => work(tx));
  });
}

/** Runs the work in one transaction that sees every row. For background work and for what happens before anybody is known. */
export function actAsSystem<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.owner.transaction().execute((tx) => runInside(() => work(tx)));
}

/**
 * Steps out of row-level security for one piece of work inside an actor's transaction: to queue a job, to read a shared table. Nothing
 * else may run in that transaction meanwhile. Where no actor was, as in background work, none is afterwards.
 */
export async function stepOut<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ role: string }>`select current_setting('role') as role,
    set_config('role', 'none', true)`.execute(tx);
  const stepIn = () => sql`select set_config('role', ${rows[0]?.role ?? appRole}, true)`.execute(tx);
  try {
    const result = await work();
    await stepIn();
    return result;
  } catch (error) {
    // Somebody may catch this and go on: not with every row open. After an error of the database the transaction is over anyhow.
    await stepIn().catch(() => {});
    throw error;
  }
}

/** Tells every process that listens on that channel, once the transaction is committed. At most 8,000 bytes. */
export async function notify(tx: Tx, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(tx);
}

async function becomeActor(tx: Tx, { organisation, person }: Actor): Promise<void> {
  // One statement: an embedded database answers one at a time, and this stands before every request's own.
  await sql`select set_config('app.organisation', ${organisation ?? ''}, true),
    set_config('app.person', ${person ?? ''}, true), set_config('role', ${appRole}, true)`.execute(tx);
}

const appRole = 'clearmirror_app';
