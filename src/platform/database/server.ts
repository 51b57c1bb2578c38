import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { Problem } from '../../contract/problem.ts';
import type { Database } from './database.ts';
import { typeParser } from './types.ts';

export interface ServerOptions {
  url: string;
  onQuery?: (query: { ms: number; failed: boolean }) => void;
  /** A connection that breaks while nobody uses it, and a listener that had to be opened anew. */
  onTrouble?: (error: Error) => void;
  connections?: number;
}

/** Opens a pool on a PostgreSQL server (15 or later). Throws `database-unreachable` with what the server said. */
export async function openServer({ url, onQuery, onTrouble, connections = 10 }: ServerOptions): Promise<Database> {
  const types = { getTypeParser: typeParser };
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types,
    application_name: 'clearmirror',
    keepAlive: true,
    // Who waits longer than this for a free connection is told that the database is away, and does not wait for ever.
    connectionTimeoutMillis: 10_000,
  });
  pool.on('error', (error) => onTrouble?.(error));
  // The pool listens only to connections that nobody uses: one that breaks between two statements of a transaction would end the process.
  pool.on('connect', (client) => client.on('error', (error) => onTrouble?.(error)));
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    throw new Problem('database-unreachable', `The database does not answer: ${reasonOf(error)}`, {
      next: 'Check --database-url: host, port, name, user and password, and that the server is running.',
      cause: error,
    });
  }
  const owner = new Kysely<object>({
    dialect: new PostgresDialect({ pool }),
    ...(onQuery ? { log: (event) => onQuery({ ms: event.queryDurationMillis, failed: event.level === 'error' }) } : {}),
  });
  const listeners = new Set<() => Promise<void>>();
  return {
    owner,
    kind: 'server',
    queue: { connectionString: url, max: 4, application_name: 'clearmirror jobs' },
    listen: async (channel, heard) => {
      const stop = await listenForever({ url, channel, heard, onTrouble });
      listeners.add(stop);
      return async () => {
        listeners.delete(stop);
        await stop();
      };
    },
    close: async () => {
      for (const stop of listeners) await stop();
      await owner.destroy();
    },
  };
}

interface Listening {
  url: string;
  channel: string;
  heard: (payload: string) => void;
  onTrouble: ((error: Error) => void) | undefined;
}

/** Holds a connection of its own and opens a new one when it breaks. What was notified in between is lost: callers read the rows. */
async function listenForever({ url, channel, heard, onTrouble }: Listening): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: 'clearmirror listen', keepAlive: true });
    client = next;
    // A break may be told in two ways: by the event and by the statement that was under way. One break, one new connection.
    const lost = new Promise<Error>((resolve) =>
      next.once('error', resolve).once('end', () => resolve(new Error('the listener was closed'))),
    );
    next.on('error', () => {});
    next.on('notification', ({ payload }) => heard(payload ?? ''));
    await next.connect();
    await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    void lost.then(again);
  };
  const again = (error: Error): void => {
    if (stopped) return;
    onTrouble?.(error);
    void client?.end().catch(() => {});
    retry = setTimeout(() => connect().catch(again), retryMs);
  };
  await connect();
  return async () => {
    stopped = true;
    clearTimeout(retry);
    await client?.end().catch(() => {});
  };
}

const retryMs = 1_000;

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
