import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { founderOf } from '../../src/features/accounts/accounts.ts';
import { neededDocuments } from '../../src/features/filings/filings.ts';
import { neededBlobs } from '../../src/features/screening/service.ts';
import { type Blobs, openBlobs } from '../../src/platform/blobs/blobs.ts';
import type { NeededBlobs } from '../../src/platform/blobs/held-blobs.ts';
import { sweepBlobs } from '../../src/platform/blobs/sweep.ts';
import { type House, type On, openHouse, type Person } from '../house.ts';

const longAgo = new Date('2026-11-20T08:00:00Z');

function newStore(): { blobs: Blobs; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-unneeded-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { blobs: openBlobs({ folder }), folder };
}

async function openHouseOn(on: On, workers = 0) {
  const store = newStore();
  const house = await openHouse({ on, screening: { blobs: store.blobs, workers } });
  return { house, ...store, as: await house.setUp() };
}

/** As a process leaves it that dies between the two steps. */
async function putOrphan(blobs: Blobs, content: Uint8Array = randomBytes(1000)): Promise<string> {
  return (await blobs.put(Readable.from([content]), { maxBytes: 1_000_000 })).sha256;
}

/** As if everything had been stored two days ago. */
function age(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /^[0-9a-f]{64}/.test(entry.name))
      utimesSync(join(entry.parentPath, entry.name), longAgo, longAgo);
  }
}

const send = (house: House, as: Person, content: Uint8Array) =>
  house.ask('POST', '/api/v1/screenings?name=a.bin', {
    as,
    body: Buffer.from(content),
    headers: { 'content-type': 'application/octet-stream' },
  });

function sweeping(house: House, store: NeededBlobs) {
  const { database, clock, troubles } = house;
  const rules = {
    database,
    installation: founderOf,
    now: () => clock.now,
    onTrouble: (error: Error) => troubles.push(error),
  };
  return () => sweepBlobs(rules, store);
}

describe.each(['embedded', 'server'] as const)('on a database that is %s', (on) => {
  test('a file without its row goes after a day, of itself; what a row names stays, however old', async () => {
    const { house, blobs, folder, as } = await openHouseOn(on, 1);
    const kept = (await send(house, as, randomBytes(1000))).body.screening.sha256;
    const old = await putOrphan(blobs);
    age(folder);
    const young = await putOrphan(blobs);
    await house.sweepBlobs();
    await expect.poll(() => blobs.stat(old), { timeout: 60_000 }).toBeNull();
    expect(await blobs.stat(young)).not.toBeNull();
    expect(await blobs.stat(kept)).not.toBeNull();
    expect(house.troubles).toEqual([]);
  });

  test('of documents that were handed in none goes, of others all', async () => {
    const { house, as } = await openHouseOn(on);
    const { blobs, folder } = newStore();
    const orphan = await putOrphan(blobs);
    const report = randomBytes(1000);
    const kept = await putOrphan(blobs, report);
    age(folder);
    const handedIn = await house.ask('POST', '/api/v1/filing-documents?name=report.pdf', {
      as,
      body: report,
      headers: { 'content-type': 'application/pdf' },
    });
    expect(handedIn).toMatchObject({ status: 201, body: { sha256: kept } });
    await sweeping(house, { blobs, needed: neededDocuments })();
    expect([await blobs.stat(orphan), await blobs.stat(kept)]).toEqual([null, expect.anything()]);
  });

  test('sent again at the very moment of the sweep, it is there whenever its receipt was acknowledged', async () => {
    const { house, blobs, folder, as } = await openHouseOn(on);
    const sweep = sweeping(house, { blobs, needed: neededBlobs });
    for (let round = 0; round < 25; round += 1) {
      const content = randomBytes(1000);
      const sha256 = await putOrphan(blobs, content);
      age(folder);
      let [answer] = await Promise.all([send(house, as, content), sweep(), sweep()]);
      // Stored in the instant between the sweep's look at its age and the deletion: not acknowledged, and it says what to do next.
      if (answer.status === 503) {
        expect(answer.body).toMatchObject({ code: 'storage-busy' });
        expect((await house.ask('GET', '/api/v1/screenings?limit=100', { as })).body.items).toHaveLength(round);
        answer = await send(house, as, content);
      }
      expect(answer).toMatchObject({ status: 201, body: { screening: { sha256 } } });
      expect(await blobs.stat(sha256)).not.toBeNull();
      age(folder);
      await sweep();
      expect(await blobs.stat(sha256)).not.toBeNull();
    }
    expect(house.troubles).toEqual([]);
  });

  test('in the folder of another installation nothing is touched, and that is said', async () => {
    const first = await openHouseOn(on);
    await sweeping(first.house, { blobs: first.blobs, needed: neededBlobs })();
    const kept = (await send(first.house, first.as, randomBytes(1000))).body.screening.sha256;
    age(first.folder);
    const second = await openHouse({ on });
    const astray = sweeping(second, { blobs: first.blobs, needed: neededBlobs });
    // Before anybody is there, nobody can tell whose it is.
    await astray();
    expect(second.troubles).toEqual([]);
    await second.setUp();
    await astray();
    expect(second.troubles).toMatchObject([{ message: expect.stringContaining('another installation') }]);
    expect(await first.blobs.stat(kept)).not.toBeNull();
  });
});

test('a row that is written after the sweep has looked waits, and then finds its file, or stores it again', async () => {
  for (const stored of ['just now', 'as if long ago'] as const) {
    const { blobs, folder } = newStore();
    let put = () => {};
    const watched: Blobs = {
      ...blobs,
      put: async (source, limits) => {
        const file = await blobs.put(source, limits);
        if (stored === 'as if long ago') age(folder);
        put();
        return file;
      },
    };
    const house = await openHouse({ on: 'server', screening: { blobs: watched, workers: 0 } });
    const as = await house.setUp();
    const content = randomBytes(1000);
    const sha256 = await putOrphan(blobs, content);
    age(folder);
    let sending: ReturnType<typeof send> | undefined;
    let looked = 0;
    // The second look is the one under the lock: nobody needs it, and in that moment somebody sends it.
    const needed: NeededBlobs['needed'] = async (tx, addresses) => {
      const found = await neededBlobs(tx, addresses);
      looked += 1;
      if (looked === 2) {
        const isPut = new Promise<void>((resolve) => {
          put = resolve;
        });
        sending = send(house, as, content);
        await isPut;
      }
      return found;
    };
    await sweeping(house, { blobs, needed })();
    expect(looked).toBe(2);
    const answer = await sending;
    if (stored === 'just now') expect(answer?.status).toBe(201);
    else expect(answer).toMatchObject({ status: 503, body: { code: 'storage-busy' } });
    expect((await blobs.stat(sha256)) !== null).toBe(stored === 'just now');
    const { items } = (await house.ask('GET', '/api/v1/screenings', { as })).body;
    expect(items).toHaveLength(stored === 'just now' ? 1 : 0);
  }
});
