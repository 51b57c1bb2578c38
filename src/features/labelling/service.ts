import type { Limits } from '../../box/pool.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { dropBlobs, type NeededBlobs } from '../../platform/blobs/held-blobs.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Endpoint } from '../../platform/http/endpoint.ts';
import type { Server } from '../../platform/http/server.ts';
import type { Jobs } from '../../platform/jobs.ts';
import { serveFiles } from './files.ts';
import { clearLeftovers, type WorkSetup, work } from './jobs.ts';
import { dropLabelledQueue, labelQueue } from './queues.ts';
import type { LabellingTools } from './request.ts';
import { labellingEndpoints, type RoutesSetup } from './routes.ts';

export { labellingQueues } from './queues.ts';
export { blobsOfLabellings } from './store.ts';

export interface ServiceSetup extends Omit<RoutesSetup, 'blobs'> {
  database: Database;
  jobs: Jobs;
  /** The store of media; closed by whom it belongs to. */
  blobs: Blobs;
  /** Those of its blobs that somebody needs, here or elsewhere. */
  needed: NeededBlobs['needed'];
  /** Where new files are written before they are stored. */
  folder: string;
  /** Opens the glass box; called when it is first needed. */
  openLabelling: () => Promise<LabellingTools>;
  /** Labellings at the same time in this process; 0 leaves them to others. */
  workers: number;
  limits: Limits;
  maxBytes: number;
  now: () => Date;
  onTrouble: (error: Error) => void;
}

export interface LabellingService {
  endpoints: Endpoint[];
  serve(server: Server): void;
  /** Begins with what is waiting, also from before. */
  work(): Promise<void>;
  /** To be called before the jobs are stopped: what ends from then on was perhaps ended by that. */
  beginClosing(): void;
  close(): Promise<void>;
}

/** Labelling over HTTP: plans over stored files, the new files, what an organisation says each time. */
export function openLabellingService(setup: ServiceSetup): LabellingService {
  const { database, jobs, blobs, folder, workers, limits, maxBytes, now, onTrouble } = setup;
  let opened: Promise<LabellingTools> | null = null;
  let closing = false;
  const working: WorkSetup = {
    ...{ database, blobs, folder, limits, maxBytes, now, onTrouble },
    tools: () => {
      opened ??= setup.openLabelling();
      return opened;
    },
    closing: () => closing,
  };
  return {
    endpoints: labellingEndpoints(setup),
    serve: (server) => serveFiles(server, { database, blobs }),
    work: async () => {
      if (workers === 0) return;
      clearLeftovers(folder, now()).catch(onTrouble);
      await jobs.work(labelQueue, workers, (job) => work(working, job));
      await jobs.work(dropLabelledQueue, 1, ({ data }) => dropBlobs(database, setup, data.addresses));
    },
    beginClosing: () => {
      closing = true;
    },
    close: async () => {
      closing = true;
      if (opened) (await opened).workshop.close();
    },
  };
}
