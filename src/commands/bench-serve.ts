import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { BenchRow } from './bench-screen.ts';
import { seedRows } from './bench-serve-rows.ts';

interface Setup {
  root: string;
  note: (text: string) => void;
  screenings: number;
  services: number;
  seconds: number;
}

const requestsPerSecond = 50;
const coldSeconds = 2;

/** The figures of `serve` on the embedded database: from start to first page, answers under load with much stored, first load in bytes. */
export async function* benchServe(setup: Setup): AsyncGenerator<BenchRow> {
  const { root, note, screenings, services } = setup;
  const folder = await mkdtemp(join(tmpdir(), 'clearmirror-bench-serve-'));
  note(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, load ${await load()}`);
  let server: Running | null = null;
  try {
    note('first run: making the database, building the pages if they are not');
    server = await start(root, folder);
    const who = await setUp(server);
    await screenOne(server, who);
    await addService(server, who, 0);
    await server.stop();
    server = null;
    note(`storing ${screenings} screenings and ${services} services`);
    await seedRows(join(folder, 'database'), { screenings, services });
    const begun = performance.now();
    server = await start(root, folder);
    await get(server, who, '/');
    yield row('start to first page', (performance.now() - begun) / 1000, 's', 5);
    for (const [name, target, ask] of asks(who)) yield* underLoad(server, setup.seconds, { name, target, ask });
    yield await listQueries(server, who);
    yield await firstLoad(root);
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Running {
  address: string;
  link: string | null;
  stop(): Promise<void>;
}

interface Who {
  key: string;
}

async function start(root: string, folder: string): Promise<Running> {
  const words = [join(root, 'src/main.ts'), 'serve', '--folder', folder, '--port', '0', '--log', 'warn'];
  const child: ChildProcess = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'], cwd: root });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let link: string | null = null;
  const address = await new Promise<string>((resolve, reject) => {
    if (!child.stdout) return reject(new Error('serve has no output'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      link ??= /\/setup#(\S+)/.exec(line)?.[1] ?? null;
      const ready = /http:\/\/localhost:\d+(?=\s|$)/.exec(line)?.[0];
      if (ready && !line.includes('#')) resolve(ready);
    });
    void ended.then(() => reject(new Error('serve ended before it was ready')));
  });
  return {
    address,
    link,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function setUp(server: Running): Promise<Who> {
  const person = { name: 'Bench', email: 'bench@shimmer.example', password: 'a password for figures only' };
  const organisation = { kind: 'company', name: 'Example Shimmer Ltd' };
  const entered = await send(server, '/api/v1/setup', {}, { secret: server.link, person, organisation });
  const cookie = entered.headers.getSetCookie().map((one) => one.split(';')[0]);
  const body = { name: 'bench', roles: ['administrator', 'assessor', 'engineer'] };
  const made = await send(server, '/api/v1/api-keys', { cookie: cookie.join('; ') }, body);
  return z.object({ key: z.string() }).parse(await made.json());
}

/** A real one, of which the stored ones are copies. */
async function screenOne(server: Running, who: Who): Promise<void> {
  const picture = await readFile(new URL('../../test/fixtures/labels-images/png-text.png', import.meta.url));
  const answer = await fetch(`${server.address}/api/v1/screenings?name=png-text.png`, {
    method: 'POST',
    headers: { ...bearer(who), 'content-type': 'application/octet-stream' },
    body: picture,
  });
  const { screening } = z.object({ screening: z.object({ id: z.string() }) }).parse(await answer.json());
  for (let tries = 0; tries < 300; tries += 1) {
    const { state } = z
      .object({ state: z.string() })
      .parse(await (await get(server, who, `/api/v1/screenings/${screening.id}`)).json());
    if (state === 'done') return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the first screening did not end');
}

async function addService(server: Running, who: Who, number: number): Promise<void> {
  const body = { slug: `bench-${number}`, name: { en: `Bench ${number}` }, type: 'app', addresses: [] };
  const answer = await send(server, '/api/v1/services', bearer(who), body);
  if (answer.status !== 201) throw new Error(`a service was refused: ${await answer.text()}`);
}

type Ask = (server: Running, turn: number) => Promise<Response>;

/** Reads and writes of a day at work, each with the milliseconds that 99 of 100 must stay under. */
function asks(who: Who): [string, number, Ask][] {
  const reads = [
    '/api/v1/screenings',
    '/api/v1/screenings?verdict=declared',
    '/api/v1/services',
    '/api/v1/services?search=90',
    '/api/v1/me',
  ];
  return [
    ['reads', 50, (server, turn) => get(server, who, reads[turn % reads.length] ?? '/api/v1/me')],
    [
      'writes',
      100,
      (server, turn) =>
        send(server, '/api/v1/services', bearer(who), {
          slug: `load-${Date.now()}-${turn}`,
          name: { en: `Load ${turn}` },
          type: 'site',
          addresses: [],
        }),
    ],
  ];
}

/**
 * Sends at a fixed rate whether or not answers come: a slow answer must not slow down the asking. The first two seconds after the start,
 * in which Node compiles what is asked for the first time, are told apart.
 */
async function* underLoad(
  server: Running,
  seconds: number,
  { name, target, ask }: { name: string; target: number; ask: Ask },
): AsyncGenerator<BenchRow> {
  const answers: { at: number; ms: number }[] = [];
  let failed = 0;
  const running: Promise<void>[] = [];
  const begun = performance.now();
  for (let turn = 0; turn < (seconds + coldSeconds) * requestsPerSecond; turn += 1) {
    const due = begun + (turn * 1000) / requestsPerSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    running.push(
      ask(server, turn).then(async (answer) => {
        await answer.arrayBuffer();
        if (!answer.ok) failed += 1;
        // From when it was due: time spent waiting for our own turn counts too.
        answers.push({ at: due - begun, ms: performance.now() - due });
      }),
    );
  }
  await Promise.all(running);
  const isCold = ({ at }: { at: number }) => at < coldSeconds * 1000;
  const cold = quantiles(answers.filter(isCold).map(({ ms }) => ms));
  const warm = quantiles(answers.filter((answer) => !isCold(answer)).map(({ ms }) => ms));
  yield {
    name: `${name} at ${requestsPerSecond}/s, p99`,
    figure: `${warm.p99.toFixed(0)} ms (p50 ${warm.p50.toFixed(0)}, n ${warm.n}, ${failed} failed)`,
    target: `< ${target} ms`,
    met: warm.p99 < target && failed === 0,
    values: { ...warm, failed },
  };
  yield {
    name: `${name} in the ${coldSeconds} s before`,
    figure: `p99 ${cold.p99.toFixed(0)} ms (p50 ${cold.p50.toFixed(0)}, n ${cold.n})`,
    target: 'none',
    met: null,
    values: cold,
  };
}

function quantiles(times: number[]): { n: number; p50: number; p99: number } {
  const sorted = times.sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { n: sorted.length, p50: at(0.5), p99: at(0.99) };
}

/** Queries that a page of 10 and a page of 100 cost, from the server's own count. */
async function listQueries(server: Running, who: Who): Promise<BenchRow> {
  const counts: number[] = [];
  for (const limit of [10, 100]) {
    const before = await queriesSoFar(server);
    await get(server, who, `/api/v1/screenings?limit=${limit}`);
    await get(server, who, `/api/v1/services?limit=${limit}`);
    counts.push((await queriesSoFar(server)) - before);
  }
  const [few = 0, many = 0] = counts;
  return {
    name: 'queries of two lists, 10 and 100 rows',
    figure: `${few} and ${many}`,
    target: 'the same',
    // Background work may ask in between; rows would add tens.
    met: Math.abs(many - few) < 10,
    values: { few, many },
  };
}

async function queriesSoFar(server: Running): Promise<number> {
  const text = await (await fetch(`${server.address}/metrics`)).text();
  return [...text.matchAll(/^clearmirror_database_query_duration_seconds_count\S* (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}

/** What a browser fetches before the first page stands: the page, its scripts and styles. Compressed as served. */
async function firstLoad(root: string): Promise<BenchRow> {
  const dist = join(root, 'web', 'dist');
  const manifest = z
    .record(
      z.string(),
      z.object({
        file: z.string(),
        isEntry: z.boolean().optional(),
        imports: z.array(z.string()).optional(),
        css: z.array(z.string()).optional(),
      }),
    )
    .parse(JSON.parse(await readFile(join(dist, '.vite', 'manifest.json'), 'utf8')));
  const files = new Set<string>(['index.html']);
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const [name, { isEntry }] of Object.entries(manifest)) if (isEntry) visit(name);
  let bytes = 0;
  for (const file of files) bytes += gzipSync(await readFile(join(dist, file))).length;
  const all = (await readdir(join(dist, 'assets'))).length;
  return {
    name: `first load of the web application (${files.size} of ${all} files)`,
    figure: `${(bytes / 1000).toFixed(0)} kB gzip`,
    target: '< 400 kB',
    met: bytes < 400_000,
    values: { bytes },
  };
}

function row(name: string, value: number, unit: string, target: number): BenchRow {
  return {
    name,
    figure: `${value.toFixed(2)} ${unit}`,
    target: `< ${target} ${unit}`,
    met: value < target,
    values: { value },
  };
}

function bearer({ key }: Who): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

function get(server: Running, who: Who, path: string): Promise<Response> {
  return fetch(`${server.address}${path}`, {
    headers: { ...bearer(who), accept: path === '/' ? 'text/html' : 'application/json' },
  });
}

function send(server: Running, path: string, headers: Record<string, string>, body: unknown): Promise<Response> {
  return fetch(`${server.address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function load(): Promise<string> {
  return (await readFile('/proc/loadavg', 'utf8')).split(' ').slice(0, 2).join(' ');
}
