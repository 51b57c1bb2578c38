import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { readablePipe } from '../engine/media/pipes.ts';
import { measureTree, processesOf } from './watch.ts';

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
  }
});

/** Starts a process that does something, says so, and then waits to be ended. */
async function running(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  started.push(child);
  await once(readablePipe(child, 1), 'data');
  if (child.pid === undefined) throw new Error('not started');
  return child.pid;
}

function script(source: string): Promise<number> {
  return running(process.execPath, ['-e', `${source}; console.log('there'); process.stdin.resume()`]);
}

const megabyte = 1024 * 1024;

test('memory that a process fills is counted; memory that it only reserves is not', async () => {
  const [idle, reserving, filling] = await Promise.all([
    script(''),
    script(`globalThis.kept = new WebAssembly.Memory({ initial: 4_096 })`),
    script(`globalThis.kept = Buffer.alloc(${256 * megabyte}, 1)`),
  ]);
  const resting = measureTree(idle).residentBytes;
  expect(resting).toBeGreaterThan(5 * megabyte);
  expect(measureTree(reserving).residentBytes - resting).toBeLessThan(60 * megabyte);
  const extra = measureTree(filling).residentBytes - resting;
  expect(extra).toBeGreaterThan(240 * megabyte);
  expect(extra).toBeLessThan(320 * megabyte);
});

/** Burns at least that much processor time, measured by the process itself. */
const burn = (ms: number) => `
  const from = process.cpuUsage().user;
  while (process.cpuUsage().user - from < ${ms * 1000});`;

test('processor time is counted in milliseconds', async () => {
  const [idle, busy] = await Promise.all([script(''), script(burn(600))]);
  const more = measureTree(busy).cpuMs - measureTree(idle).cpuMs;
  expect(more).toBeGreaterThan(400);
  expect(more).toBeLessThan(60_000);
});

test('a grandchild is counted, with what it uses', async () => {
  const child = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(
    `globalThis.kept = Buffer.alloc(${200 * megabyte}, 1); console.log('there'); process.stdin.resume()`,
  )}], { stdio: 'inherit' })`;
  const pid = await running(process.execPath, [
    '-e',
    `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`,
  ]);
  const all = processesOf(pid);
  expect(all.length).toBe(3);
  expect(new Set(all.map((one) => one.pid)).size).toBe(3);
  expect(all[0]?.pid).toBe(pid);
  const usage = measureTree(pid);
  expect(usage.processes).toBe(3);
  expect(usage.residentBytes).toBeGreaterThan(200 * megabyte);
  expect(processesOf(pid)[0]?.residentBytes).toBeLessThan(100 * megabyte);
  // Orphans are not ended with their parent: their pipe is closed, and they end by themselves.
});

test('the time of children that ended is not forgotten', async () => {
  const pid = await script(
    `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(burn(500))}])`,
  );
  const [only, ...others] = processesOf(pid);
  expect(others).toEqual([]);
  expect(only?.endedCpuMs).toBeGreaterThan(400);
  // It may have used a little of its own since it was looked at.
  const known = (only?.ownCpuMs ?? 0) + (only?.endedCpuMs ?? 0);
  expect(measureTree(pid).cpuMs).toBeGreaterThanOrEqual(known);
  expect(measureTree(pid).cpuMs).toBeLessThan(known + 100);
});

test('a name with brackets and spaces does not shift the numbers', async () => {
  const pid = await script(`process.title = 'a) S 1 99 99 99'; ${burn(300)}`);
  const cpuMs = measureTree(pid).cpuMs;
  expect(cpuMs).toBeGreaterThan(200);
  // A shifted column would be a count of pages or a moment since the start of the machine.
  expect(cpuMs).toBeLessThan(60_000);
});

test('a process that has ended uses nothing', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  expect(measureTree(child.pid ?? 0)).toEqual({ residentBytes: 0, cpuMs: 0, processes: 0 });
});
