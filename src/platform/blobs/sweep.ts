import { z } from 'zod';
import { actAsSystem, type Database, type Tx } from '../database/database.ts';
import type { Jobs, Queue } from '../jobs.ts';
import { dropBlobs, type NeededBlobs } from './held-blobs.ts';

const nothing = z.object({});

export const sweepQueue: Queue<z.infer<typeof nothing>> = {
  name: 'sweep-blobs',
  retryLimit: 2,
  expireInSeconds: 3600,
  parse: (data) => nothing.parse(data),
};

export interface SweepSetup {
  database: Database;
  jobs: Jobs;
  stores: readonly NeededBlobs[];
  /** Tells this installation from others, also after a backup was restored; null as long as there is nothing to tell. */
  installation: (tx: Tx) => Promise<string | null>;
  now: () => Date;
  onTrouble: (error: Error) => void;
}

export interface BlobSweep {
  /** Sweeps now and every hour. */
  work(): Promise<void>;
  /** Queues a sweep. */
  sweep(): Promise<void>;
  close(): void;
}

/** Removes what a process that died between storing a blob and writing its row left behind. */
export function openBlobSweep(setup: SweepSetup): BlobSweep {
  const { database, jobs, stores, onTrouble } = setup;
  const sweep = () => actAsSystem(database, (tx) => jobs.send(tx, sweepQueue, {}));
  let timer: NodeJS.Timeout | null = null;
  return {
    work: async () => {
      await jobs.work(sweepQueue, 1, async ({ signal }) => {
        for (const store of stores) await sweepBlobs(setup, store, signal);
      });
      await sweep();
      timer = setInterval(() => void sweep().catch(onTrouble), everyMs);
      timer.unref();
    },
    sweep,
    close: () => {
      if (timer) clearInterval(timer);
    },
  };
}

/** Removes every blob of the store that was stored more than a day ago and that no row names. */
export async function sweepBlobs(
  { database, installation, now, onTrouble }: Pick<SweepSetup, 'database' | 'installation' | 'now' | 'onTrouble'>,
  store: NeededBlobs,
  signal?: AbortSignal,
): Promise<void> {
  const owner = await actAsSystem(database, installation);
  if (owner === null) return;
  // A database that was started on the folder of another one names none of its blobs, and would remove them all.
  if (!(await store.blobs.belongsTo(owner))) {
    onTrouble(
      new Error('A folder of media or documents belongs to another installation: nothing is cleared away there.'),
    );
    return;
  }
  const before = new Date(now().getTime() - restsMs);
  for await (const addresses of inPages(store.blobs.list(before))) {
    if (signal?.aborted) return;
    const needed = await actAsSystem(database, (tx) => store.needed(tx, addresses));
    // One at a time: others wait while it is held, and there are few.
    for (const address of addresses) if (!needed.has(address)) await dropBlobs(database, store, [address], before);
  }
}

/** Longer than any transaction, upload or clock that goes wrong. */
const restsMs = 24 * 3_600_000;
const everyMs = 3_600_000;
const page = 500;

async function* inPages(addresses: AsyncIterable<string>): AsyncGenerator<string[]> {
  let here: string[] = [];
  for await (const address of addresses) {
    here.push(address);
    if (here.length < page) continue;
    yield here;
    here = [];
  }
  if (here.length > 0) yield here;
}
