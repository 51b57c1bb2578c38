import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { Problem } from '../../src/contract/problem.ts';
import { listPage, reportPage, watchPage } from './pages.ts';
import type { Shimmer } from './shimmer.ts';

const idSchema = z.object({ id: z.string() });
const listedItems = 50;

/** What people see. */
export function addPageRoutes(server: FastifyInstance, { gaps, items }: Shimmer): void {
  const choices = {
    report: !gaps.has('complaints-hidden'),
    sign: !gaps.has('page-without-sign'),
    signSeen: !gaps.has('page-sign-unseen'),
  };

  server.get('/', async (_, reply) => html(reply, listPage(items.newest(listedItems), choices)));

  server.get('/watch/:id', async ({ params }, reply) =>
    html(reply, watchPage(items.find(idSchema.parse(params).id), choices)),
  );

  server.get('/report', async (_, reply) => {
    if (!choices.report) throw new Problem('not-found', 'There is no such page.', { status: 404 });
    return html(reply, reportPage(choices));
  });
}

function html(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .send(page);
}
