import { once } from 'node:events';
import { chmodSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askControl } from '../../src/platform/control.ts';
import { newFolder } from '../new-folder.ts';
import { codeOf } from '../refusal.ts';
import { startServing } from '../served.ts';

async function open(address: string, bytes = ''): Promise<Socket> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  if (bytes !== '') socket.write(bytes);
  return socket;
}

const body = JSON.stringify({ secret: 'x'.repeat(40) });
const head = `POST /api/v1/links/look HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

test('a thousand idle connections keep nobody out; told to stop, it answers what has begun, waits for no dripping, and ends well', async () => {
  const folder = newFolder();
  // Readable by everybody, as a careless operator made it.
  chmodSync(folder, 0o755);
  const served = await startServing(folder, ['--no-pages', '--workers', '0']);
  await Promise.all(Array.from({ length: 1000 }, () => open(served.address)));
  expect((await fetch(`${served.address}/healthz`)).status).toBe(200);

  expect(statSync(join(folder, 'control.sock')).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
  for (const name of ['constructor', '__proto__', 'toString', 'none', '../backup']) {
    expect([name, await codeOf(() => askControl(folder, name, {}))]).toEqual([name, 'control-unknown']);
  }
  const said = await new Promise<string>((resolve, reject) => {
    const asking = request({ socketPath: join(folder, 'control.sock'), path: '/backup', method: 'POST' }, (answer) => {
      answer.setEncoding('utf8').once('data', resolve);
    });
    asking.once('error', reject);
    asking.end('{"target":');
  });
  expect(JSON.parse(said)).toMatchObject({ problem: { code: expect.any(String) } });
  expect(await codeOf(() => askControl(folder, 'recover', { email: 'x'.repeat(100_000) }))).toBe('control-unreachable');
  expect(await codeOf(() => askControl(folder, 'recover', { email: 'nobody@shimmer.example' }))).toBe('person-unknown');
  const inside = join(folder, 'backup');
  expect(await codeOf(() => askControl(folder, 'backup', { target: inside }))).toBe('backup-nested');

  const begun = await open(served.address, head + body.slice(0, 10));
  const dripping = await open(served.address, head + body.slice(0, 10));
  // Both have been read: this one came after them.
  expect((await fetch(`${served.address}/healthz`)).status).toBe(200);
  const stopped = served.stop();
  const heard = once(begun, 'data');
  begun.write(body.slice(10));
  expect(String((await heard)[0])).toMatch(/^HTTP\/1\.1 (404|503) /);
  expect(await stopped).toBe(0);
  dripping.destroy();
});

test('told to stop twice, it ends at once, also by another signal', async () => {
  const served = await startServing(newFolder(), ['--no-pages', '--workers', '0']);
  const dripping = await open(served.address, head + body.slice(0, 10));
  expect((await fetch(`${served.address}/healthz`)).status).toBe(200);
  const stopping = once(served.child.stderr ?? dripping, 'data');
  served.child.kill('SIGINT');
  await stopping;
  expect(await served.stop()).toBe(143);
  dripping.destroy();
});
