import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Served, startServing } from '../served.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clearmirror-kills-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kills = 50;
const person = { name: 'An Li', email: 'an@shimmer.example', password: 'quiet mirror of bronze' };

/** A seeded generator, so that a failure can be run again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function send(served: Served, path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${served.address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function setUp(): Promise<{ key: string }> {
  const served = await startServing(folder, ['--no-pages', '--workers', '0']);
  const secret = served.link?.split('#')[1];
  const organisation = { kind: 'company', name: 'Example Shimmer Ltd' };
  const entered = await send(served, '/api/v1/setup', { secret, person, organisation });
  const cookie = entered.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const body = { name: 'writer', roles: ['administrator'] };
  const made = await send(served, '/api/v1/api-keys', body, { cookie });
  const { key } = z.object({ key: z.string() }).parse(await made.json());
  expect(await served.stop()).toBe(0);
  return { key };
}

/** Writes as fast as it can, four at a time, until the server is gone; notes what was acknowledged. */
async function writeUntilGone(served: Served, key: string, round: number, acknowledged: Set<string>): Promise<void> {
  const writer = async (lane: number): Promise<void> => {
    for (let count = 0; ; count += 1) {
      const name = `round ${round} lane ${lane} write ${count}`;
      try {
        const body = { name, roles: ['engineer'] };
        const answer = await send(served, '/api/v1/api-keys', body, { authorization: `Bearer ${key}` });
        if (answer.status === 201) acknowledged.add(name);
        await answer.arrayBuffer();
      } catch {
        return;
      }
    }
  };
  await Promise.all([0, 1, 2, 3].map(writer));
}

async function namesStored(served: Served, key: string): Promise<Set<string>> {
  const answer = await fetch(`${served.address}/api/v1/api-keys`, { headers: { authorization: `Bearer ${key}` } });
  const { items } = z.object({ items: z.array(z.object({ name: z.string() })) }).parse(await answer.json());
  return new Set(items.map(({ name }) => name));
}

test(`${kills} times killed while it writes, it starts again and has everything it acknowledged`, async () => {
  const { key } = await setUp();
  const next = random(20210318);
  const acknowledged = new Set<string>();
  let whole = 0;
  for (let round = 0; round < kills; round += 1) {
    const served = await startServing(folder, ['--no-pages', '--workers', '0']);
    const stored = await namesStored(served, key);
    expect([...acknowledged].filter((name) => !stored.has(name))).toEqual([]);
    const before = acknowledged.size;
    const writing = writeUntilGone(served, key, round, acknowledged);
    await new Promise((resolve) => setTimeout(resolve, 20 + next() * 250));
    await served.kill();
    await writing;
    if (acknowledged.size > before) whole += 1;
  }
  // Most rounds must have been killed among writes, or this shows nothing.
  expect(whole).toBeGreaterThan(kills / 2);
  const served = await startServing(folder, ['--no-pages', '--workers', '0']);
  const stored = await namesStored(served, key);
  expect([...acknowledged].filter((name) => !stored.has(name))).toEqual([]);
  expect(await served.stop()).toBe(0);
}, 900_000);
