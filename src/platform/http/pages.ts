import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { Problem } from '../../contract/problem.ts';
import { answerProblem } from './answers.ts';
import { contentPolicy, type Server } from './server.ts';

/** Serves the built web application: its files for a year, and its one page, with a fresh nonce, at every address that is not a file. */
export async function servePages(server: Server, folder: string): Promise<void> {
  const page = join(folder, 'index.html');
  if (!existsSync(page)) return;
  const text = readFileSync(page, 'utf8');
  await server.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    // Names carry a hash of the content.
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
    index: false,
    decorateReply: false,
  });
  await server.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    serve: false,
    decorateReply: true,
  });
  server.get('/favicon.svg', (_request, reply) => reply.sendFile('favicon.svg', folder));
  // A route, since the server's own "not found" handler stands already and there can be only one.
  server.get('/*', (request, reply) => {
    const asksForPage = !/^\/(api|assets)\//.test(request.url);
    if (!asksForPage || !String(request.headers.accept ?? '').includes('text/html')) {
      return answerProblem(
        new Problem('not-found', 'There is nothing at this address.', { status: 404 }),
        request,
        reply,
      );
    }
    const nonce = randomBytes(18).toString('base64');
    return reply
      .header('content-security-policy', contentPolicy(nonce))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(text.replaceAll('__CSP_NONCE__', nonce));
  });
}
