import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import multipart from '@fastify/multipart';
import files from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { openLabelling } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { Problem } from '../../src/contract/problem.ts';
import { openComplaints } from './complaints.ts';
import { openCredentials } from './credentials.ts';
import { addEffectRoutes } from './effect-routes.ts';
import type { Gap } from './gaps.ts';
import { openItems } from './items.ts';
import { openJobs } from './jobs.ts';
import { openKnownFakes } from './known-fakes.ts';
import { openLog } from './logs.ts';
import { addMediaRoutes } from './media-routes.ts';
import { addOfficeRoutes } from './office-routes.ts';
import { addPageRoutes } from './page-routes.ts';
import { addRoomRoutes } from './room-routes.ts';
import type { Shimmer } from './shimmer.ts';
import { maxUploadBytes, tooLarge } from './uploads.ts';

export interface PlatformOptions {
  /** 0 takes a free one. */
  port: number;
  host?: string;
  /** Weaknesses to plant; none by default. */
  gaps?: readonly Gap[];
  config?: Config;
  /** Told of failures that are nobody's fault but ours. */
  onBug?: (bug: unknown) => void;
}

export interface Platform {
  url: string;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const mediaJobs = 2;

/** Starts the sample platform. Everything it holds is in memory and in a folder that goes with it. */
export async function openPlatform(options: PlatformOptions): Promise<Platform> {
  const { port, host = '127.0.0.1', config = readConfig(process.env), onBug = () => {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'shimmer-'));
  const gaps = new Set(options.gaps);
  const now = () => new Date();
  const shimmer: Shimmer = {
    folder,
    gaps,
    now,
    tools: await openLabelling({ config, root, jobs: mediaJobs }),
    jobs: openJobs(mediaJobs),
    items: openItems(folder, onBug),
    complaints: openComplaints({ gaps, now }),
    credentials: openCredentials(now),
    knownFakes: openKnownFakes({ gaps, folder }),
    log: openLog({ gaps, now }),
  };
  const server = await openServer(shimmer, onBug);
  const close = async () => {
    await server.close();
    await shimmer.items.close();
    shimmer.tools.workshop.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { url: await server.listen({ port, host }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openServer(shimmer: Shimmer, onBug: (bug: unknown) => void): Promise<FastifyInstance> {
  const server = Fastify({ forceCloseConnections: true });
  await server.register(multipart, { limits: { files: 1, fields: 20, fileSize: maxUploadBytes } });
  await server.register(files, { root: shimmer.folder, serve: false });
  server.setErrorHandler((error, _, reply) => {
    const problem = problemOf(error);
    if (!problem) onBug(error);
    const { status, code, message } = problem ?? { status: 500, code: 'internal', message: 'Something went wrong.' };
    return reply.code(status).send({ code, message });
  });
  server.setNotFoundHandler((_, reply) => reply.code(404).send({ code: 'not-found', message: 'Nothing is here.' }));
  addMediaRoutes(server, shimmer);
  addEffectRoutes(server, shimmer);
  addRoomRoutes(server, shimmer);
  addOfficeRoutes(server, shimmer);
  addPageRoutes(server, shimmer);
  return server;
}

/** What the caller can act on; null for everything else. */
function problemOf(error: unknown): Pick<Problem, 'status' | 'code' | 'message'> | null {
  if (error instanceof Problem) return error;
  if (error instanceof z.ZodError) return { status: 400, code: 'invalid-request', message: z.prettifyError(error) };
  if (!(error instanceof Error)) return null;
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === 413) return tooLarge();
  return status < 500 ? { status, code: 'invalid-request', message: error.message } : null;
}
