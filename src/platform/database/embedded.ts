import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import {
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import type pg from 'pg';
import { fromPglite } from 'pg-boss';
import type { Database } from './database.ts';
import { refuseInside } from './inside.ts';
import { watchRoom } from './room.ts';
import { turnstile } from './turns.ts';
import { connectTo } from './wire.ts';

export interface EmbeddedOptions {
  /** The folder of the database; none for one in memory. Whoever opens it holds the data folder's lock: PGlite has none. */
  folder?: string;
  /** A dump of a data folder to start from, in memory. */
  image?: Blob;
  onQuery?: (query: { ms: number; failed: boolean }) => void;
}

/** Opens PostgreSQL inside this process. It has one connection, so whole transactions take turns. */
export async function openEmbedded({
  folder,
  image,
  onQuery,
}: EmbeddedOptions): Promise<Database & { pglite: PGlite }> {
  if (folder) await mkdir(folder, { recursive: true, mode: 0o700 });
  const room = folder ? await watchRoom(folder) : null;
  const pglite = await PGlite.create({
    ...(folder ? { dataDir: folder } : {}),
    ...(image ? { loadDataDir: image } : {}),
  });
  const client = await connectTo(pglite);
  const takeTurn = turnstile();
  let closedToWriting = false;
  const enter = async (): Promise<() => void> => {
    const leave = await takeTurn();
    try {
      const short = (await room?.isShort()) ?? false;
      // All that is written is refused and all that is there is read, by requests and jobs alike.
      if (short !== closedToWriting) await client.query(`set default_transaction_read_only = ${short ? 'on' : 'off'}`);
      closedToWriting = short;
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  };
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const leave = await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
  const owner = new Kysely<object>({
    dialect: new PostgresDialect({ pool: new PoolOfOne(client, enter) }),
    ...(onQuery ? { log: (event) => onQuery({ ms: event.queryDurationMillis, failed: event.level === 'error' }) } : {}),
  });
  const listen = async (channel: string, heard: (payload: string) => void) => {
    const hear = (said: pg.Notification) => void (said.channel === channel && heard(said.payload ?? ''));
    client.on('notification', hear);
    await inTurn(() => client.query(`listen ${client.escapeIdentifier(channel)}`));
    // Others may listen to the channel: the session goes on listening, and tells one fewer.
    return async () => void client.off('notification', hear);
  };
  const queue = fromPglite({
    query: <T>(text: string, values?: unknown[]) =>
      inTurn(() => saidAsFull(client.query<T & pg.QueryResultRow>(text, values))),
    exec: (text) => inTurn(async () => [await saidAsFull(client.query(text))].flat()),
    listen,
  });
  return {
    owner,
    pglite,
    kind: 'embedded',
    queue: { db: queue, backend: 'pglite' },
    listen,
    close: async () => {
      await owner.destroy();
      await inTurn(async () => {
        await client.end();
        await pglite.close();
      });
    },
  };
}

/** The one session, lent to one caller at a time: a query of one request must not run inside the transaction of another, with its rights. */
class PoolOfOne implements PostgresPool {
  readonly options = {};
  readonly #client: pg.Client;
  readonly #enter: () => Promise<() => void>;

  constructor(client: pg.Client, enter: () => Promise<() => void>) {
    this.#client = client;
    this.#enter = enter;
  }

  async connect(): Promise<PostgresPoolClient> {
    refuseInside();
    return new Lent(this.#client, await this.#enter());
  }

  async end(): Promise<void> {}
}

class Lent implements PostgresPoolClient {
  readonly release: () => void;
  readonly #client: pg.Client;

  constructor(client: pg.Client, release: () => void) {
    this.#client = client;
    this.release = release;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  // biome-ignore lint/suspicious/noExplicitAny: as Kysely describes it, which has no cursor from us
  query(text: any, values: readonly unknown[] = []): any {
    const name = values.length > 0 ? nameOf(text) : undefined;
    return saidAsFull(this.#client.query({ text, values: [...values], ...(name ? { name } : {}) }));
  }
}

/** A statement with values is parsed once and remembered by the session; so many different ones, as each is held in memory. */
const mostNames = 500;
const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNames) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

/** Only for want of room do we refuse to write: it is said as PostgreSQL says it of a full disk. */
async function saidAsFull<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '25006') error.code = '53100';
    throw error;
  }
}
