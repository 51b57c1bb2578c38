import { mkdir } from 'node:fs/promises';
import { PGlite, type Results, types } from '@electric-sql/pglite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { fromPglite } from 'pg-boss';
import type { Database } from './database.ts';
import { refuseInside } from './inside.ts';
import { watchRoom } from './room.ts';
import { turnstile } from './turns.ts';

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
    parsers: { [types.INT8]: Number, [types.DATE]: (text: string) => text, [types.NUMERIC]: Number },
  });
  const takeTurn = turnstile();
  let closedToWriting = false;
  const enter = async (): Promise<() => void> => {
    const leave = await takeTurn();
    try {
      const short = (await room?.isShort()) ?? false;
      // All that is written is refused and all that is there is read, by requests and jobs alike.
      if (short !== closedToWriting) await pglite.exec(`set default_transaction_read_only = ${short ? 'on' : 'off'}`);
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
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new TurnTakingDriver(pglite, enter),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    ...(onQuery ? { log: (event) => onQuery({ ms: event.queryDurationMillis, failed: event.level === 'error' }) } : {}),
  });
  const queue = fromPglite({
    query: (text, values) => inTurn(() => withoutValues(pglite.query(text, values))),
    exec: (text) => inTurn(() => withoutValues(pglite.exec(text))),
    listen: (channel, heard) => inTurn(() => pglite.listen(channel, heard)),
  });
  return {
    owner,
    pglite,
    kind: 'embedded',
    queue: { db: queue, backend: 'pglite' },
    listen: async (channel, heard) => {
      const stop = await inTurn(() => pglite.listen(channel, heard));
      return () => inTurn(() => stop());
    },
    close: async () => {
      await owner.destroy();
      await inTurn(() => pglite.close());
    },
  };
}

/**
 * Kysely's own PGlite driver shares one connection between all callers: a query of one request would run inside the transaction,
 * and with the rights, of another. Here a connection belongs to one caller until it is given back.
 */
class TurnTakingDriver implements Driver {
  readonly #pglite: PGlite;
  readonly #enter: () => Promise<() => void>;
  readonly #leave = new WeakMap<DatabaseConnection, () => void>();

  constructor(pglite: PGlite, enter: () => Promise<() => void>) {
    this.#pglite = pglite;
    this.#enter = enter;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    refuseInside();
    const leave = await this.#enter();
    const connection = new PGliteConnection(this.#pglite);
    this.#leave.set(connection, leave);
    return connection;
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#leave.get(connection)?.();
  }

  async beginTransaction(): Promise<void> {
    await this.#pglite.exec('begin');
  }

  async commitTransaction(): Promise<void> {
    await this.#pglite.exec('commit');
  }

  async rollbackTransaction(): Promise<void> {
    await this.#pglite.exec('rollback');
  }

  async destroy(): Promise<void> {}
}

class PGliteConnection implements DatabaseConnection {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (parameters.length > 0) return toResult(await withoutValues(this.#pglite.query<R>(sql, [...parameters])));
    // Without parameters it may be several statements; the answer is the last one's, as on a server.
    const results: Results[] = await withoutValues(this.#pglite.exec(sql));
    const last = results.at(-1);
    // biome-ignore lint/suspicious/noExplicitAny: the caller names the rows of its own statement, as Kysely asks
    return toResult<R>((last ?? { rows: [], fields: [] }) as any);
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the embedded database does not stream: page through the rows');
  }
}

/** PGlite hangs the values of a failed statement on its error, session tokens and password hashes among them; errors go into the log. */
async function withoutValues<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'params' in error) delete error.params;
    // Only for want of room do we refuse to write: say it as PostgreSQL says it of a full disk.
    if (error instanceof Error && 'code' in error && error.code === '25006') error.code = '53100';
    throw error;
  }
}

function toResult<R>({ rows, affectedRows }: Results<R>): QueryResult<R> {
  return { rows, ...(affectedRows === undefined ? {} : { numAffectedRows: BigInt(affectedRows) }) };
}
