import { MemoryLocker } from '@tus/server';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { dropBlobs, type NeededBlobs } from '../../platform/blobs/held-blobs.ts';
import type { Database, Tx } from '../../platform/database/database.ts';
import type { Caller, Endpoint } from '../../platform/http/endpoint.ts';
import type { Server } from '../../platform/http/server.ts';
import type { Jobs } from '../../platform/jobs.ts';
import { serveDirect } from './direct.ts';
import { type FetchSetup, fetchAddress } from './fetch.ts';
import { serveFiles } from './handed-out.ts';
import { dropQueue, fetchQueue, screenQueue } from './queues.ts';
import { screeningEndpoints } from './routes.ts';
import type { Screening } from './screening.ts';
import { submitFile } from './submit.ts';
import { serveUploads } from './tus.ts';
import { openUploadFiles } from './upload-files.ts';
import { sweepUploads, type UploadSetup } from './uploads.ts';
import { versionsDigest } from './versions.ts';
import { examine } from './work.ts';

export { screeningQueues } from './queues.ts';
export { mediaOf } from './reading-store.ts';
export { neededBlobs } from './store.ts';
export { keptUpload } from './uploads.ts';

export interface ServiceSetup {
  database: Database;
  jobs: Jobs;
  /** Closed with the service. For media and what is made of it, and nothing else: what nobody needs any more is removed from it. */
  blobs: Blobs;
  /** Those of its blobs that somebody needs, here or elsewhere. */
  needed: NeededBlobs['needed'];
  /** Where unfinished uploads lie. */
  uploads: string;
  /** Opens the glass box; called when it is first needed. */
  openScreening: () => Promise<Screening>;
  /** Screenings at the same time in this process; 0 leaves them to others. */
  workers: number;
  /** 10 GiB unless said otherwise. */
  maxUploadBytes?: number;
  fetching?: FetchSetup['fetching'];
  now: () => Date;
  onTrouble: (error: Error) => void;
  onScreened: (ended: { verdict: string }) => void;
}

export interface ScreeningService {
  endpoints: Endpoint[];
  /** Screens a file that is stored already, for who asks; null when it was just removed. */
  screenStored(
    tx: Tx,
    caller: Caller,
    stored: { name: string; sha256: string; bytes: number },
  ): Promise<Submitted | null>;
  serve(server: Server): void;
  /** Begins with what is waiting, also from before. */
  work(): Promise<void>;
  /** Finishes uploads whose process died and clears away abandoned ones; happens by itself at the start and every hour. */
  sweep(): Promise<void>;
  /** To be called before the jobs are stopped: what ends from then on was perhaps ended by that. */
  beginClosing(): void;
  close(): Promise<void>;
}

type Submitted = NonNullable<Awaited<ReturnType<typeof submitFile>>>;

/** Screening over HTTP: uploads, addresses, batches, records, what people decide about them. */
export function openScreeningService(setup: ServiceSetup): ScreeningService {
  const { database, jobs, blobs, workers, now, onTrouble, onScreened, fetching = {} } = setup;
  let opened: Promise<Screening> | null = null;
  const screening = () => {
    opened ??= setup.openScreening();
    return opened;
  };
  let closing = false;
  let timer: NodeJS.Timeout | null = null;
  const locker = new MemoryLocker();
  const maxBytes = setup.maxUploadBytes ?? usualMaxUploadBytes;
  const versions = async () => versionsDigest(await screening());
  const files = openUploadFiles(setup.uploads);
  const uploading: UploadSetup = { database, jobs, blobs, files, versions, maxBytes, now };
  const working: FetchSetup = {
    ...{ database, jobs, blobs, screening, now, onTrouble, onScreened, maxBytes, fetching },
    closing: () => closing,
  };
  const sweep = () => sweepUploads(uploading, (id) => locker.locks.has(id));
  return {
    endpoints: screeningEndpoints(uploading),
    screenStored: async (tx, caller, { name, ...file }) => {
      const submission = { name, declared: false, again: false };
      const given = { caller, submission, file, source: 'api', versions: await versions(), now: now() } as const;
      return submitFile(tx, setup, given);
    },
    serve: (server) => {
      serveUploads(server, uploading, locker);
      serveDirect(server, uploading);
      serveFiles(server, { database, blobs });
    },
    work: async () => {
      sweep().catch(onTrouble);
      timer = setInterval(() => void sweep().catch(onTrouble), sweepEveryMs);
      timer.unref();
      if (workers === 0) return;
      await jobs.work(screenQueue, workers, (job) => examine(working, job));
      await jobs.work(fetchQueue, fetchesAtOnce, (job) => fetchAddress(working, job));
      await jobs.work(dropQueue, 1, ({ data }) => dropBlobs(database, setup, data.addresses));
    },
    sweep,
    beginClosing: () => {
      closing = true;
    },
    close: async () => {
      closing = true;
      if (timer) clearInterval(timer);
      if (opened) await (await opened).pool.close();
      blobs.close();
    },
  };
}

export const usualMaxUploadBytes = 10 * 1024 ** 3;
const sweepEveryMs = 3_600_000;
/** They wait for others most of the time. */
const fetchesAtOnce = 4;
