import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { z } from 'zod';
import { founderOf, type IdentityProvider, keepDemoMark, openAccounts } from './features/accounts/accounts.ts';
import {
  type ServiceSetup as AssessmentSetup,
  assessmentQueues,
  neededReportFiles,
  openAssessmentService,
} from './features/assessments/service.ts';
import {
  documentBySha256,
  filedVersions,
  filingAbout,
  isFiled,
  neededDocuments,
  openFilings,
} from './features/filings/filings.ts';
import {
  blobsOfLabellings,
  type ServiceSetup as LabellingSetup,
  labellingQueues,
  openLabellingService,
} from './features/labelling/service.ts';
import { openQuestion } from './features/question/question.ts';
import { openRegister } from './features/register/register.ts';
import { openRulebooks } from './features/rulebooks/rulebooks.ts';
import { limitsFor } from './features/screening/limits.ts';
import {
  keptUpload,
  mediaOf,
  neededBlobs,
  openScreeningService,
  type ScreeningService,
  type ServiceSetup,
  screeningQueues,
  usualMaxUploadBytes,
} from './features/screening/service.ts';
import type { Blobs } from './platform/blobs/blobs.ts';
import { openBlobSweep, sweepQueue } from './platform/blobs/sweep.ts';
import type { Database, Tx } from './platform/database/database.ts';
import { migrate } from './platform/database/migrate.ts';
import { type Endpoint, endpoint } from './platform/http/endpoint.ts';
import { openLive } from './platform/http/live.ts';
import { describeApi } from './platform/http/openapi.ts';
import { servePages } from './platform/http/pages.ts';
import { serveProbes } from './platform/http/probes.ts';
import { openServer, type Server } from './platform/http/server.ts';
import { type Jobs, openJobs } from './platform/jobs.ts';
import { createMetrics, type Metrics } from './platform/metrics.ts';
import { productVersion } from './version.ts';

const anything = z.record(z.string(), z.unknown());

export interface InstallationSetup {
  root: string;
  /** Open already; it is closed with the installation. */
  database: Database;
  /** Copies of what was filed; closed with the installation. */
  documents: Blobs;
  /** Signs sessions and encrypts second factors; the same for every process of one installation. */
  secret: string;
  publicUrl: string;
  providers: IdentityProvider[];
  now: () => Date;
  demo?: boolean;
  trustProxy?: boolean;
  perMinute?: number;
  logger?: FastifyBaseLogger;
  /** Folders of the operator's own rulebooks. */
  rulebooks?: string[];
  /** The built web application, if there is one. */
  pages?: string;
  /** Where media and unfinished uploads lie, and how a file is examined. */
  screening: Pick<ServiceSetup, 'blobs' | 'uploads' | 'openScreening' | 'workers' | 'maxUploadBytes' | 'fetching'>;
  /** Where labelled files are written before they are stored, and how a file is labelled. */
  labelling: Pick<LabellingSetup, 'folder' | 'openLabelling' | 'workers' | 'signer'>;
  /** Where samples are made while probes run, and what the operator opened to them beyond the public internet. */
  assessments: Pick<AssessmentSetup, 'folder' | 'allow' | 'workers'>;
  onTrouble: (error: Error) => void;
  metrics?: Metrics;
}

/** What every process of an installation works off, and a backup keeps. */
export const installationQueues = [...screeningQueues, ...labellingQueues, ...assessmentQueues];

export interface Installation {
  server: Server;
  database: Database;
  jobs: Jobs;
  endpoints: Endpoint[];
  /** OpenAPI 3.1 of the endpoints; docs/api/openapi.json holds it. */
  description(): Record<string, unknown>;
  screening: Pick<ScreeningService, 'sweep'>;
  /** Queues the removal of blobs that no row names; happens by itself at the start and every hour. */
  sweepBlobs(): Promise<void>;
  setupLink(): Promise<string | null>;
  /** Answers what has begun, takes nothing new, and leaves the rest for the next start. */
  close(): Promise<void>;
}

/** Wires the server by hand: database, jobs, features, HTTP. */
export async function openInstallation(setup: InstallationSetup): Promise<Installation> {
  const { root, database, now, onTrouble, publicUrl } = setup;
  await migrate(database, join(root, 'migrations'));
  const version = productVersion(root);
  const metrics = setup.metrics ?? createMetrics({ version });
  const jobs = await openJobs({
    database,
    queues: [...installationQueues, sweepQueue],
    onTrouble,
    onEnded: metrics.jobEnded,
  });
  const live = await openLive(database);
  const demo = await keepDemoMark(database, setup.demo ?? false);
  const accounts = openAccounts({ ...setup, demo, version });
  const screening = openScreeningService({
    ...setup.screening,
    ...{ database, jobs, now, onTrouble, needed: neededMedia },
    onScreened: metrics.screened,
  });
  const labelling = openLabellingService({
    ...setup.labelling,
    ...{ database, jobs, now, onTrouble, blobs: setup.screening.blobs, needed: neededMedia },
    // As `clearmirror label` does it unless told otherwise.
    limits: limitsFor({ memoryMb: 1_536, timeSeconds: 3_600 }),
    maxBytes: setup.screening.maxUploadBytes ?? usualMaxUploadBytes,
    sources: { keptUpload, mediaOfScreening: mediaOf },
    screen: screening.screenStored,
  });
  const sweep = openBlobSweep({
    ...{ database, jobs, now, onTrouble, installation: founderOf },
    stores: [
      { blobs: setup.screening.blobs, needed: neededMedia },
      { blobs: setup.documents, needed: neededFiles },
    ],
  });
  const shelf = openRulebooks({ folders: [join(root, 'rulebooks'), ...(setup.rulebooks ?? [])], lang: 'en' });
  // A rulebook that is broken from the start is said at the start: left out silently it would be a duty missed.
  shelf.current();
  const isRulebook = (id: string) => shelf.current().rulebooks.some((rulebook) => rulebook.id === id);
  const filings = openFilings({ ...setup, isRulebook });
  const assessments = openAssessmentService({
    ...setup.assessments,
    ...{ database, jobs, now, onTrouble, secret: setup.secret, documents: setup.documents },
    openLabelling: setup.labelling.openLabelling,
    limits: limitsFor({ memoryMb: 1_536, timeSeconds: 120 }),
    rulebooks: shelf.current,
    sources: { document: documentBySha256, screening: mediaOf },
    findFiling: filingAbout,
  });
  const endpoints = [
    ...accounts.endpoints,
    ...screening.endpoints,
    ...labelling.endpoints,
    ...openRegister({ isFiled, filedVersions }).endpoints,
    ...filings.endpoints,
    ...openQuestion({ shelf }).endpoints,
    ...assessments.endpoints,
  ];
  // A fifth of a start, and only who asks for it needs it.
  let described: Record<string, unknown> | undefined;
  const description = () => {
    described ??= describeApi(endpoints, {
      title: 'Clearmirror 明鉴',
      version,
      description: 'Screens media, keeps the register, answers whether a launch must be assessed.',
    });
    return described;
  };
  const server = await openServer({
    database,
    endpoints: [...endpoints, referenceEndpoint(description)],
    identify: accounts.identify,
    origins: () => ownOrigins(publicUrl),
    now,
    secret: setup.secret,
    onAnswered: metrics.requestAnswered,
    ...(setup.logger ? { logger: setup.logger } : {}),
    ...(setup.trustProxy ? { trustProxy: true } : {}),
    ...(setup.perMinute ? { perMinute: setup.perMinute } : {}),
  });
  accounts.serve(server);
  filings.serve(server);
  screening.serve(server);
  labelling.serve(server);
  assessments.serve(server);
  server.get('/api/v1/live', { config: { access: ['member'] } }, (request, reply) =>
    live.follow(request, reply, () => accounts.identify(request)),
  );
  serveProbes(server, { database, metrics: metrics.render });
  if (setup.pages) await servePages(server, setup.pages);
  await screening.work();
  await labelling.work();
  await assessments.work();
  if (setup.screening.workers > 0) await sweep.work();
  return {
    server,
    database,
    jobs,
    endpoints,
    description,
    screening,
    sweepBlobs: sweep.sweep,
    setupLink: accounts.setupLink,
    close: async () => {
      await live.close();
      await server.close();
      screening.beginClosing();
      labelling.beginClosing();
      assessments.beginClosing();
      sweep.close();
      await jobs.stop(10_000);
      await labelling.close();
      await assessments.close();
      await screening.close();
      setup.documents.close();
      await database.close();
    },
  };
}

/** Media is one store: what was screened and what was labelled lie side by side, and may be the same bytes. */
async function neededMedia(tx: Tx, addresses: readonly string[]): Promise<Set<string>> {
  return (await neededBlobs(tx, addresses)).union(await blobsOfLabellings(tx, addresses));
}

/** What was handed in and what was concluded lie in one store. */
async function neededFiles(tx: Tx, addresses: readonly string[]): Promise<Set<string>> {
  return (await neededDocuments(tx, addresses)).union(await neededReportFiles(tx, addresses));
}

/** Where our own pages come from. This machine has several names. */
function ownOrigins(publicUrl: string): string[] {
  const { protocol, hostname, port } = new URL(publicUrl);
  if (hostname !== 'localhost' && hostname !== '127.0.0.1') return [publicUrl];
  return ['localhost', '127.0.0.1', '[::1]'].map((name) => `${protocol}//${name}${port ? `:${port}` : ''}`);
}

function referenceEndpoint(description: () => Record<string, unknown>): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/openapi.json',
    summary: 'This interface, as OpenAPI 3.1',
    tag: 'installation',
    access: 'anyone',
    answer: anything,
    bare: async () => description(),
  });
}
