import { expect, test } from 'vitest';
import { z } from 'zod';
import { newFolder } from '../new-folder.ts';
import { enterFirst, type Served, startServing } from '../served.ts';

/** A start takes seconds; before a release `CLEARMIRROR_KILLS=50` asks for more. */
const kills = Number(process.env['CLEARMIRROR_KILLS'] ?? 10);
const words = ['--no-pages', '--workers', '0'];

/** A seeded generator, so that a failure can be run again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What shows the person who is signed in. */
type Signed = { cookie: string };

/** Writes as fast as it can, four at a time, until the server is gone; notes what was acknowledged. */
async function writeUntilGone(served: Served, as: Signed, round: number, acknowledged: Set<string>): Promise<void> {
  const writer = async (lane: number): Promise<void> => {
    for (let count = 0; ; count += 1) {
      const name = `round ${round} lane ${lane} write ${count}`;
      try {
        const answer = await fetch(`${served.address}/api/v1/api-keys`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...as },
          body: JSON.stringify({ name, roles: ['engineer'] }),
        });
        if (answer.status === 201) acknowledged.add(name);
        await answer.arrayBuffer();
      } catch {
        return;
      }
    }
  };
  await Promise.all([0, 1, 2, 3].map(writer));
}

async function namesStored(served: Served, as: Signed): Promise<Set<string>> {
  const answer = await fetch(`${served.address}/api/v1/api-keys`, { headers: as });
  const { items } = z.object({ items: z.array(z.object({ name: z.string() })) }).parse(await answer.json());
  return new Set(items.map(({ name }) => name));
}

test(`${kills} times killed while it writes, it starts again and has everything it acknowledged`, async () => {
  const folder = newFolder();
  const first = await startServing(folder, words);
  const as = await enterFirst(first);
  expect(await first.stop()).toBe(0);
  const next = random(20210318);
  const acknowledged = new Set<string>();
  let whole = 0;
  for (let round = 0; round < kills; round += 1) {
    const served = await startServing(folder, words);
    const stored = await namesStored(served, as);
    expect([...acknowledged].filter((name) => !stored.has(name))).toEqual([]);
    const before = acknowledged.size;
    const writing = writeUntilGone(served, as, round, acknowledged);
    await new Promise((resolve) => setTimeout(resolve, 20 + next() * 250));
    await served.kill();
    await writing;
    if (acknowledged.size > before) whole += 1;
  }
  // Most rounds must have been killed among writes, or this shows nothing.
  expect(whole).toBeGreaterThan(kills / 2);
  const served = await startServing(folder, words);
  const stored = await namesStored(served, as);
  expect([...acknowledged].filter((name) => !stored.has(name))).toEqual([]);
  expect(await served.stop()).toBe(0);
}, 900_000);
