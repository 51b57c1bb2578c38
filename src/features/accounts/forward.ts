import type { FastifyRequest } from 'fastify';
import { Problem } from '../../contract/problem.ts';
import type { Server } from '../../platform/http/server.ts';
import { type Auth, addressHeader } from './auth.ts';

/** What of better-auth is reached from outside. All else of it stays shut: members come by invitation, and leave by an administrator. */
const open = [
  'POST /sign-in/email',
  'POST /sign-in/social',
  'POST /sign-out',
  'GET /get-session',
  'POST /change-password',
  'POST /update-user',
  'GET /list-sessions',
  'POST /revoke-session',
  'POST /revoke-other-sessions',
  'POST /two-factor/enable',
  'POST /two-factor/disable',
  'POST /two-factor/verify-totp',
  'POST /two-factor/verify-backup-code',
  'POST /two-factor/generate-backup-codes',
];

/** Mounts better-auth under /api/auth. */
export function serveAuth(server: Server, auth: Auth, publicUrl: string): void {
  server.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    config: { access: 'anyone' },
    handler: async (request, reply) => {
      const path = request.url.slice('/api/auth'.length);
      const name = `${request.method} ${path.replace(/\?.*$/s, '')}`;
      if (!open.includes(name) && !/^GET \/callback\/[\w-]+$/.test(name)) {
        throw new Problem('not-found', 'There is nothing at this address.', { status: 404 });
      }
      const answer = await forwardToAuth(auth, publicUrl, request, { path, body: request.body });
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
export function forwardToAuth(
  auth: Auth,
  publicUrl: string,
  request: FastifyRequest,
  { path, body }: { path: string; body: unknown },
): Promise<Response> {
  const headers = new Headers({ origin: publicUrl, [addressHeader]: request.ip });
  for (const name of ['cookie', 'user-agent', 'accept-language'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  if (request.method !== 'GET') headers.set('content-type', 'application/json');
  return auth.handler(
    new Request(`${publicUrl}/api/auth${path}`, {
      method: request.method,
      headers,
      ...(request.method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    }),
  );
}
