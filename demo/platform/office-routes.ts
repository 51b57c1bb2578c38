import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf, requireCaller, requireStaff } from './access.ts';
import type { Complaint } from './complaints.ts';
import type { Shimmer } from './shimmer.ts';

const complaintSchema = z.object({ item: z.string().min(1).max(200), text: z.string().min(1).max(5_000) });
const idSchema = z.object({ id: z.string() });
const logQuerySchema = z.object({
  after: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(100),
  order: z.enum(['newest', 'oldest']).default('newest'),
});

/** Signing in, complaints, and what staff see. */
export function addOfficeRoutes(server: FastifyInstance, { complaints, log, now }: Shimmer): void {
  server.post('/api/session', async (request) => {
    const { name, verified, staff } = requireCaller(request);
    log.write(request, { account: name, operation: 'sign-in', item: null });
    return { account: name, verified, staff };
  });

  server.post('/api/complaints', async (request, reply) => {
    const { item } = complaintSchema.parse(request.body);
    const { id, receivedAt } = complaints.file();
    log.write(request, { account: callerOf(request)?.name ?? 'anonymous', operation: 'complaint', item });
    return reply.code(201).send({ id, state: 'received', receivedAt });
  });

  server.get('/api/complaints', async (request) => {
    requireStaff(request);
    const all = complaints.all().map((complaint) => {
      const { id, receivedAt, acknowledgedAt } = complaint;
      return { id, receivedAt, acknowledgedAt, handledAt: handledBy(complaint, now()) };
    });
    return { complaints: all };
  });

  server.get('/api/complaints/:id', async ({ params }) => {
    const complaint = complaints.find(idSchema.parse(params).id);
    const handledAt = handledBy(complaint, now());
    const { id, receivedAt } = complaint;
    return { id, state: handledAt ? 'handled' : 'received', receivedAt, handledAt };
  });

  server.get('/api/logs', async (request) => {
    requireStaff(request);
    const { after, limit, order } = logQuerySchema.parse(request.query);
    const since = after === undefined ? 0 : Date.parse(after);
    const entries = log.entries().filter(({ at }) => at.getTime() > since);
    return { entries: (order === 'newest' ? entries : entries.reverse()).slice(0, limit) };
  });
}

function handledBy({ handledAt }: Complaint, now: Date): Date | null {
  return handledAt !== null && handledAt <= now ? handledAt : null;
}
