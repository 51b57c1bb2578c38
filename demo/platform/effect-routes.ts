import type { FastifyInstance } from 'fastify';
import { Problem } from '../../src/contract/problem.ts';
import { requireVerified } from './access.ts';
import { exportFormats, swapFace } from './effects.ts';
import { acceptUpload } from './intake.ts';
import { describe } from './media-routes.ts';
import type { Shimmer } from './shimmer.ts';
import { receiveUpload } from './uploads.ts';

/** The face-swap effect: answered when its exports are made. */
export function addEffectRoutes(server: FastifyInstance, shimmer: Shimmer): void {
  const { gaps, items, jobs, log, tools } = shimmer;

  server.get('/api/effects', async () => ({ effects: [{ name: 'face-swap', formats: exportFormats }] }));

  server.post('/api/effects/face-swap', async (request, reply) => {
    const caller = requireVerified(request);
    const { path: face, discard } = await receiveUpload(request, 'face', shimmer.folder);
    try {
      const { kind } = await jobs.run(() => acceptUpload(face, gaps), 'soon');
      if (kind !== 'image') throw new Problem('unreadable-media', 'The face must be a picture.', { status: 422 });
      const item = await items.begin({ owner: caller.name, at: shimmer.now(), listed: false });
      log.write(request, { account: caller.name, operation: 'effect', item: item.id });
      await items.settle(item, async () => {
        const { id, folder } = item;
        const exports = await jobs.run(() => swapFace({ face, id, folder, gaps, tools }), 'soon');
        return { state: 'ready', sign: 'confirmed', renditions: exports };
      });
      const { id, state, renditions } = describe(item);
      if (state !== 'ready') throw new Error('the effect failed');
      return reply.code(201).send({ id, exports: renditions.map(({ name, url }) => ({ format: name, url })) });
    } finally {
      await discard();
    }
  });
}
