import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A real PostgreSQL that the tests start themselves, on a free port, in a folder that goes when the tests end. */
export interface TestPostgres {
  /** A fresh database; its address. */
  createDatabase(): Promise<string>;
}

let running: Promise<TestPostgres> | undefined;

/** One server for all tests of this worker. */
export function testPostgres(): Promise<TestPostgres> {
  running ??= start();
  return running;
}

async function start(): Promise<TestPostgres> {
  const bin = binaries();
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-postgres-'));
  // PostgreSQL refuses to run as root.
  const as = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  if (as.length > 0) run(['chown', 'postgres', folder]);
  const data = join(folder, 'data');
  run([...as, join(bin, 'initdb'), '-D', data, '-U', 'clearmirror', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']);
  const port = await freePort();
  const options = `-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -p ${port}`;
  const [command = '', ...words] = [...as, join(bin, 'postgres'), '-D', data, ...options.split(' ')];
  const server = spawn(command, words, { stdio: 'ignore', cwd: '/' });
  const end = (): void => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', end);
  const url = (name: string) => `postgres://clearmirror@127.0.0.1:${port}/${name}`;
  await untilReady(url('postgres'));
  let count = 0;
  return {
    createDatabase: async () => {
      count += 1;
      const client = new pg.Client(url('postgres'));
      await client.connect();
      await client.query(`create database house_${process.pid}_${count}`);
      await client.end();
      return url(`house_${process.pid}_${count}`);
    },
  };
}

/** Debian keeps every version in a folder of its own, outside PATH. */
function binaries(): string {
  const shelf = '/usr/lib/postgresql';
  const versions = existsSync(shelf) ? readdirSync(shelf).sort((one, other) => Number(other) - Number(one)) : [];
  const found = versions.map((version) => join(shelf, version, 'bin')).find((bin) => existsSync(join(bin, 'postgres')));
  if (!found) throw new Error('no PostgreSQL server here: ./clearmirror test brings Debian’s package postgresql');
  return found;
}

function run([command = '', ...words]: string[]): void {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8', cwd: '/' });
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
