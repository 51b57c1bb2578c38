import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusalOf } from '../../test/refusal.ts';
import { lockFolder } from './folder-lock.ts';
import { readHolder } from './folder-lock-holder.ts';

let folder = '';
const children = new Set<ChildProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-lock-'));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  rmSync(folder, { recursive: true, force: true });
});

const now = new Date('2026-03-02T08:00:00Z');
const lock = (at = folder) => lockFolder(at, { lang: 'en', now });
const refused = (at = folder) => refusalOf(() => lock(at));

/** Locks, says `locked` or the code of the refusal, and stays until it is killed. */
function openInChild(
  at: string,
  address?: string,
): { child: ChildProcess; said: Promise<string>; err: Promise<string> } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', holdScript(at, address)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const said = once(child.stdout, 'data').then(([bytes]) => String(bytes));
  return { child, said, err: text(child.stderr) };
}

function holdScript(at: string, address?: string): string {
  return `
    const { lockFolder } = await import(${JSON.stringify(new URL('./folder-lock.ts', import.meta.url).href)});
    try {
      const lock = lockFolder(${JSON.stringify(at)}, { lang: 'en', now: new Date() });
      ${address ? `lock.announce({ address: ${JSON.stringify(address)} });` : ''}
      process.stdout.write('locked');
    } catch (error) {
      process.stdout.write(error.code + ' ' + error.message);
    }
    setInterval(() => {}, 1000);`;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('the second process is told the pid and the address of the first, and nothing of it reaches the terminal', async () => {
  const first = openInChild(folder, 'http://127.0.0.1:8321');
  expect(await first.said).toBe('locked');
  const { code, message, next, exitCode } = await refused();
  expect([code, exitCode]).toEqual(['data-folder-busy', 5]);
  expect(message).toContain(`process ${first.child.pid}, which answers at http://127.0.0.1:8321`);
  expect(next).toContain(`kill ${first.child.pid}`);
  expect(readHolder(folder)).toMatchObject({ pid: first.child.pid, address: 'http://127.0.0.1:8321' });
  await kill(first.child);
  expect(await first.err).toBe('');
});

test('of twenty that race for the folder exactly one wins, and the others name it', async () => {
  const racers = Array.from({ length: 20 }, () => openInChild(folder));
  const answers = await Promise.all(racers.map(({ said }) => said));
  const winners = racers.filter((_, at) => answers[at] === 'locked');
  expect(winners).toHaveLength(1);
  const losers = answers.filter((answer) => answer !== 'locked');
  expect(new Set(losers)).toEqual(
    new Set([`data-folder-busy The data folder ${folder} is in use by process ${winners[0]?.child.pid}.`]),
  );
});

test('kill -9 frees it at once, also while a child of the dead process lives on', async () => {
  const script = `
    const { spawn } = await import('node:child_process');
    ${holdScript(folder)}
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    process.stdout.write(' ' + child.pid);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(holder);
  let said = '';
  for await (const part of holder.stdout) {
    said += String(part);
    if (/^locked \d+$/.test(said)) break;
  }
  expect(readHolder(folder)).toMatchObject({ pid: holder.pid });
  await kill(holder);
  expect(readHolder(folder)).toBeNull();
  lock().release();
  process.kill(Number(said.split(' ')[1]), 'SIGKILL');
});

test('killed and locked again thirty times', async () => {
  for (let round = 0; round < 30; round++) {
    const { child, said } = openInChild(folder);
    expect(await said).toBe('locked');
    await kill(child);
  }
  lock().release();
});

test('what a dead process left is not believed, though its pid belongs to somebody else by now', async () => {
  const stale = { pid: process.ppid, startedAt: now.toISOString(), host: hostname(), address: 'http://127.0.0.1:1' };
  writeFileSync(join(folder, 'serve.json'), JSON.stringify(stale));
  expect(readHolder(folder)).toBeNull();
  const held = lock();
  expect(readHolder(folder)).toEqual({ pid: process.pid, startedAt: now.toISOString(), host: hostname() });
  // Between taking the lock and leaving a note the old one still lies there.
  writeFileSync(join(folder, 'serve.json'), JSON.stringify(stale));
  expect(readHolder(folder)).toEqual({ pid: process.pid });
  expect((await refused()).message).toContain(`process ${process.pid}.`);
  held.release();
});

test.each(['', '{"pid":', '[]', '{"pid":"1"}'])('a note that says %j costs only friendliness', async (note) => {
  const held = lock();
  writeFileSync(join(folder, 'serve.json'), note);
  expect(readHolder(folder)).toEqual({ pid: process.pid });
  expect((await refused()).code).toBe('data-folder-busy');
  held.release();
});

test('a holder in another container is named with its machine', async () => {
  const held = lock();
  const note = { pid: 7, startedAt: now.toISOString(), host: 'other-container' };
  writeFileSync(join(folder, 'serve.json'), JSON.stringify(note));
  expect((await refused()).message).toContain('process 7 on other-container');
  held.release();
});

test('another way to the same folder is the same folder', async () => {
  const link = join(folder, 'link');
  const real = join(folder, 'real');
  mkdirSync(real);
  symlinkSync(real, link);
  const { child, said } = openInChild(link);
  expect(await said).toBe('locked');
  expect((await refused(real)).code).toBe('data-folder-busy');
  expect((await refused(join(real, '..', 'link'))).code).toBe('data-folder-busy');
  await kill(child);
  lock(real).release();
});

test('the same process may not open it twice; after release, and a second release, it is free and tidy', async () => {
  const held = lock();
  expect((await refused()).code).toBe('data-folder-busy');
  held.announce({ address: 'http://127.0.0.1:8321' });
  expect(JSON.parse(readFileSync(join(folder, 'serve.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  held.release();
  held.release();
  expect(readdirSync(folder)).toEqual(['lock.db']);
  expect(readHolder(folder)).toBeNull();
  const next = lock();
  held.release();
  held.announce({ address: 'http://127.0.0.1:1' });
  expect(readHolder(folder)).not.toHaveProperty('address');
  next.release();
});

test('a lock whose handle nobody keeps is still a lock', () => {
  const script = `
    const { lockFolder } = await import(${JSON.stringify(new URL('./folder-lock.ts', import.meta.url).href)});
    const { readHolder } = await import(${JSON.stringify(new URL('./folder-lock-holder.ts', import.meta.url).href)});
    lockFolder(${JSON.stringify(folder)}, { lang: 'en', now: new Date() });
    for (let round = 0; round < 20; round++) { gc(); await new Promise(setImmediate); }
    process.stdout.write(String(readHolder(${JSON.stringify(folder)})?.pid === process.pid));`;
  const { stdout } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script]);
  expect(String(stdout)).toBe('true');
});

test('missing, not a folder, not writable', async () => {
  const missing = await refused(join(folder, 'nowhere'));
  expect([missing.code, missing.exitCode]).toEqual(['data-folder-missing', 4]);
  writeFileSync(join(folder, 'file'), '');
  expect((await refused(join(folder, 'file'))).code).toBe('data-folder-missing');
  // Not even root may create a file there.
  expect((await refused('/sys/kernel')).code).toBe('data-folder-not-writable');
});

test('a file system without locks is refused, whatever it answers', () => {
  // A kernel that answers fcntl(F_SETLK) as such file systems do, by a seccomp filter.
  const answer = (errno: number) => {
    const filter = join(folder, `${errno}.bpf`);
    writeFileSync(filter, refusingLocks(errno));
    const inside = ['--dev-bind', '/', '/', '--seccomp', '3', process.execPath, '--input-type=module', '-e'];
    const script = `${holdScript(folder)} process.exit(0)`;
    const quoted = [...inside, script].map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(' ');
    const { stdout, stderr } = spawnSync('sh', ['-c', `exec bwrap ${quoted} 3<${filter}`], { encoding: 'utf8' });
    return `${stdout.split(' ')[0]}${stderr}`;
  };
  const [noLocks, notSupported, notPermitted] = [37, 95, 1];
  expect([noLocks, notSupported, notPermitted].map(answer)).toEqual(Array(3).fill('data-folder-without-locks'));
});

/** struct sock_filter[]: fcntl(fd, F_SETLK, …) fails with `errno`, everything else passes. */
function refusingLocks(errno: number): Buffer {
  const [fcntl, setLock] = [process.arch === 'arm64' ? 25 : 72, 6];
  const [load, ifEqual, answer] = [0x20, 0x15, 0x06];
  const [callNumber, secondArgument] = [0, 24];
  const program = [
    [load, 0, 0, callNumber],
    [ifEqual, 0, 3, fcntl],
    [load, 0, 0, secondArgument],
    [ifEqual, 0, 1, setLock],
    [answer, 0, 0, 0x00050000 | errno],
    [answer, 0, 0, 0x7fff0000],
  ] as const;
  return Buffer.concat(
    program.map(([code, yes, no, value]) => {
      const line = Buffer.alloc(8);
      line.writeUInt16LE(code, 0);
      line.writeUInt8(yes, 2);
      line.writeUInt8(no, 3);
      line.writeUInt32LE(value, 4);
      return line;
    }),
  );
}
