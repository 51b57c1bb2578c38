import { holdBlobs } from '../../platform/blobs/held-blobs.ts';
import { actAsSystem } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import type { Job } from '../../platform/jobs.ts';
import { type FetchRules, fetchToStream } from '../../platform/safe-fetch/safe-fetch.ts';
import { reportProgress, tellState } from './progress.ts';
import { type OneScreening, screenQueue } from './queues.ts';
import { saveFetched, type Work } from './store.ts';
import { begin, failOrThrow, type WorkSetup } from './work.ts';

export interface FetchSetup extends WorkSetup {
  maxBytes: number;
  /** What the operator opened beyond the public internet, and for tests the names' addresses. */
  fetching: Pick<FetchRules, 'allow' | 'resolve' | 'authorities'>;
}

const timeoutMs = 30 * 60_000;

/** Fetches what lies at the address of a screening and queues its examination. What the guard refuses, fails with the guard's code. */
export async function fetchAddress(setup: FetchSetup, { data }: Job<OneScreening>): Promise<void> {
  const work = await begin(setup, data.screening, 'fetch');
  if (!work) return;
  try {
    for (let tries = 0; tries < 3; tries += 1) if (await take(setup, work)) return;
    throw new Error(`what screening ${work.id} fetched was removed as it was stored`);
  } catch (error) {
    await failOrThrow(setup, work, error);
  }
}

async function take(setup: FetchSetup, work: Work): Promise<boolean> {
  const { database, blobs, jobs, maxBytes, fetching } = setup;
  const { stream, bytes, url } = await fetchToStream(work.address ?? '', { ...fetching, maxBytes, timeoutMs });
  const progress = reportProgress(database, work, setup.onTrouble);
  const share = (seen: number) => progress.reached({ stage: 'fetch', share: bytes ? Math.min(1, seen / bytes) : 0 });
  const file = await blobs.put(counted(stream, share), { maxBytes }).finally(progress.stop);
  return actAsSystem(database, async (tx) => {
    if (!(await holdBlobs(tx, blobs, [file.sha256]))) return false;
    if (!(await saveFetched(tx, work, file))) return true;
    await recordDeed(
      tx,
      { actor: { organisation: work.organisation_id, person: null }, key: null },
      {
        kind: 'screening-fetched',
        subject: { type: 'screening', id: work.id },
        data: { ...file, from: url },
      },
    );
    await tellState(tx, work, { state: 'queued' });
    await jobs.send(tx, screenQueue, { screening: work.id });
    return true;
  });
}

async function* counted(stream: AsyncIterable<Uint8Array>, seen: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    seen(bytes);
    yield piece;
  }
}
