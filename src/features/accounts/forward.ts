import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { Problem } from '../../contract/problem.ts';
import type { Database } from '../../platform/database/database.ts';
import { langOf } from '../../platform/http/answers.ts';
import { parsePart } from '../../platform/http/endpoint.ts';
import { networkOf } from '../../platform/http/network.ts';
import type { Server } from '../../platform/http/server.ts';
import { type Auth, addressHeader } from './auth.ts';
import { doorsOf } from './doors.ts';

export interface Forwarding {
  auth: Auth;
  database: Database;
  publicUrl: string;
}

/** Mounts better-auth under /api/auth. */
export function serveAuth(server: Server, forwarding: Forwarding): void {
  const doors = doorsOf(forwarding.publicUrl);
  server.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    config: { access: 'anyone' },
    handler: async (request, reply) => {
      const path = request.url.slice('/api/auth'.length);
      const door = doors(request.method, path.replace(/\?.*$/s, ''));
      if (!door) throw new Problem('not-found', 'There is nothing at this address.', { status: 404 });
      const body =
        request.method === 'GET' ? undefined : parsePart(door, request.body, { where: '', lang: langOf(request) });
      const answer = await forwardToAuth(forwarding, request, { path, body });
      reply.code(answer.status).header('cache-control', 'no-store');
      answer.headers.forEach((value, header) => {
        if (header !== 'set-cookie') reply.header(header, value);
      });
      const cookies = answer.headers.getSetCookie();
      if (cookies.length > 0) reply.header('set-cookie', cookies);
      return reply.send(Buffer.from(await answer.arrayBuffer()));
    },
  });
}

/** Asks better-auth as if the request had come to it, with the address that we saw and not one that the client claims. */
export async function forwardToAuth(
  { auth, database, publicUrl }: Forwarding,
  request: FastifyRequest,
  { path, body }: { path: string; body: unknown },
): Promise<Response> {
  const headers = new Headers({ origin: publicUrl, [addressHeader]: networkOf(request.ip) });
  for (const name of ['cookie', 'user-agent', 'accept-language'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  if (request.method !== 'GET') headers.set('content-type', 'application/json');
  const answer = await auth.handler(
    new Request(`${publicUrl}/api/auth${path}`, {
      method: request.method,
      headers,
      ...(request.method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    }),
  );
  if (answer.status < 500) return answer;
  // It does not tell why. Where the database is away, asking it ourselves throws what we can say.
  await sql`select 1`.execute(database.owner);
  throw new Error(`better-auth answered ${answer.status} to ${path.replace(/\?.*$/s, '')}`);
}
