import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { Problem } from '../../contract/problem.ts';
import type { Database } from '../database/database.ts';
import { answerProblem } from './answers.ts';
import type { Server } from './server.ts';

export interface Probes {
  database: Database;
  /** Prometheus text. */
  metrics: () => Promise<{ contentType: string; body: string }>;
}

/**
 * `/healthz`: this process answers. `/readyz`: so does its database. `/metrics` is for a collector on this machine: it tells nobody who
 * comes from elsewhere, or through a proxy, how busy we are.
 */
export function serveProbes(server: Server, { database, metrics }: Probes): void {
  const unlimited = { rateLimit: false } as const;
  server.get('/healthz', { config: unlimited }, async (_request, reply) => reply.type('text/plain').send('ok\n'));
  server.get('/readyz', { config: unlimited }, async (_request, reply) => {
    const ready = await Promise.race([answers(database), tooLong()]);
    return reply
      .code(ready ? 200 : 503)
      .type('text/plain')
      .send(ready ? 'ready\n' : 'the database does not answer\n');
  });
  server.get('/metrics', { config: unlimited }, async (request, reply) => {
    if (!comesFromHere(request)) {
      return answerProblem(
        new Problem('not-found', 'There is nothing at this address.', { status: 404 }),
        request,
        reply,
      );
    }
    const { contentType, body } = await metrics();
    return reply.type(contentType).send(body);
  });
}

/** Not through a proxy, whichever way it says so, and not from a page whose name was pointed at this machine (DNS rebinding). */
function comesFromHere({ headers, socket }: FastifyRequest): boolean {
  const here = /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '');
  const proxied = Object.keys(headers).some((name) =>
    /^(via|forwarded|x-forwarded-.*|x-real-ip|cf-connecting-ip)$/.test(name),
  );
  return here && !proxied && /^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/i.test(headers.host ?? '');
}

async function answers({ owner }: Database): Promise<boolean> {
  try {
    await sql`select 1`.execute(owner);
    return true;
  } catch {
    // Why is in the log of the pool; a probe asks only whether.
    return false;
  }
}

function tooLong(): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), 2_000).unref();
  });
}
