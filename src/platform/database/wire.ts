import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { typeParser } from './types.ts';

/**
 * A client of node-postgres to the embedded database, so that values are written and read there exactly as on a server. It has the one
 * session there is.
 */
export async function connectTo(pglite: PGlite): Promise<pg.Client> {
  const client = new pg.Client({
    stream: () => new Wire(pglite),
    ssl: false,
    types: { getTypeParser: typeParser },
    user: 'postgres',
    database: 'postgres',
  });
  // A database that fell over is told by the question that met it, and by each one after it; unheard, the event would end the process.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/**
 * Where node-postgres expects a socket. What it writes between cork and uncork (parse, bind, describe, execute, sync) crosses into
 * WebAssembly once: PGlite's own `query` crosses five times, at two and a half times the processor time of a small statement.
 */
class Wire extends Duplex {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    super();
    this.#pglite = pglite;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#exchange(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#exchange(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  connect(): void {
    process.nextTick(() => this.emit('connect'));
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}

  #exchange(message: Uint8Array, done: (error?: Error | null) => void): void {
    // The bytes lie in the memory of the module, which the next of them overwrite.
    const onRawData = (bytes: Uint8Array) => void this.push(Buffer.from(bytes));
    this.#pglite.execProtocolRawStream(message, { onRawData }).then(() => done(), done);
  }
}
