import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Limits } from '../../box/pool.ts';
import type { Endpoint } from '../../platform/http/endpoint.ts';
import type { Server } from '../../platform/http/server.ts';
import type { Allowed } from '../../platform/safe-fetch/destination.ts';
import type { AssessmentTools } from './assessments.ts';
import { serveReports } from './workspace/files.ts';
import { runQueue } from './workspace/queues.ts';
import { assessmentEndpoints, type RoutesSetup } from './workspace/routes.ts';
import { type WorkSetup, work } from './workspace/work.ts';

export { neededReportFiles } from './workspace/signing-store.ts';

export const assessmentQueues = [runQueue];

type LabellingTools = AssessmentTools['labelling'];

export interface ServiceSetup extends RoutesSetup {
  /** Where samples are made while a run is under way. */
  folder: string;
  /** Opens the glass box; called when it is first needed. */
  openLabelling: () => Promise<LabellingTools>;
  /** Runs at the same time in this process; 0 leaves them to others. */
  workers: number;
  limits: Limits;
  /** Hosts and networks beyond the public internet that the operator opened to probes. */
  allow: Allowed;
  now: () => Date;
  onTrouble: (error: Error) => void;
}

export interface AssessmentService {
  endpoints: Endpoint[];
  serve(server: Server): void;
  /** Begins with what is waiting, also from before. */
  work(): Promise<void>;
  /** To be called before the jobs are stopped: runs end where they are, and another process goes on. */
  beginClosing(): void;
  close(): Promise<void>;
}

/** The assessment workspace over HTTP, and its runs of probes. */
export function openAssessmentService(setup: ServiceSetup): AssessmentService {
  const { database, jobs, folder, workers, now, onTrouble } = setup;
  let opened: Promise<LabellingTools> | null = null;
  const closing = new AbortController();
  const working: WorkSetup = {
    ...{ database, folder, now, onTrouble },
    ...{ secret: setup.secret, limits: setup.limits, allow: setup.allow },
    tools: () => {
      opened ??= setup.openLabelling();
      return opened;
    },
    closing: closing.signal,
  };
  return {
    endpoints: assessmentEndpoints(setup),
    serve: (server) => serveReports(server, setup),
    work: async () => {
      if (workers === 0) return;
      clearLeftovers(folder, now()).catch(onTrouble);
      await jobs.work(runQueue, workers, (job) => work(working, job));
    },
    beginClosing: () => closing.abort(),
    close: async () => {
      closing.abort();
      if (opened) (await opened).workshop.close();
    },
  };
}

/** Removes what processes left that died at work, here. */
async function clearLeftovers(folder: string, now: Date): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (now.getTime() - mtimeMs > restsMs) await rm(path, { recursive: true, force: true });
  }
}

/** Longer than any run may take. */
const restsMs = 24 * 3_600_000;
