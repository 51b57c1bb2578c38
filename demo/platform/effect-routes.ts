import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../src/contract/problem.ts';
import { requireVerified } from './access.ts';
import { exportFormats, swapFace } from './effects.ts';
import { type Accepted, acceptUpload } from './intake.ts';
import type { Item } from './items.ts';
import { describe } from './media-routes.ts';
import type { Rendition } from './renditions.ts';
import type { Shimmer } from './shimmer.ts';
import { receiveUpload } from './uploads.ts';
import { changeVoice, voiceFormats } from './voices.ts';

/** Face swap and voice changer: answered when their exports are made. */
export function addEffectRoutes(server: FastifyInstance, shimmer: Shimmer): void {
  const { gaps, tools } = shimmer;

  server.get('/api/effects', async () => ({
    effects: [
      { name: 'face-swap', formats: exportFormats },
      { name: 'voice-changer', formats: voiceFormats },
    ],
  }));

  server.post('/api/effects/face-swap', (request, reply) =>
    apply(request, reply, shimmer, {
      field: 'face',
      takes: (upload) => {
        if (upload.kind !== 'image')
          throw new Problem('unreadable-media', 'The face must be a picture.', { status: 422 });
        return ({ id, folder }) => swapFace({ face: upload.path, id, folder, gaps, tools });
      },
    }),
  );

  server.post('/api/effects/voice-changer', (request, reply) =>
    apply(request, reply, shimmer, {
      field: 'voice',
      takes: (upload) => {
        if (upload.kind !== 'audio')
          throw new Problem('unreadable-media', 'The voice must be a sound.', { status: 422 });
        return ({ id, folder }) => changeVoice({ voice: upload, id, folder, gaps, tools });
      },
    }),
  );
}

interface Effect {
  /** Of the form: the file. */
  field: string;
  /** Refuses what it cannot work on, before anything is begun. */
  takes(upload: Accepted): (item: Item) => Promise<Rendition[]>;
}

async function apply(request: FastifyRequest, reply: FastifyReply, shimmer: Shimmer, { field, takes }: Effect) {
  const { gaps, items, jobs, log } = shimmer;
  const caller = requireVerified(request);
  const { path, discard } = await receiveUpload(request, field, shimmer.folder);
  try {
    const make = takes(await jobs.run(() => acceptUpload(path, gaps), 'soon'));
    const item = await items.begin({ owner: caller.name, at: shimmer.now(), listed: false });
    log.write(request, { account: caller.name, operation: 'effect', item: item.id });
    await items.settle(item, async () => ({
      state: 'ready',
      sign: 'confirmed',
      renditions: await jobs.run(() => make(item), 'soon'),
    }));
    const { id, state, renditions } = describe(item);
    if (state !== 'ready') throw new Error('the effect failed');
    return await reply.code(201).send({ id, exports: renditions.map(({ name, url }) => ({ format: name, url })) });
  } finally {
    await discard();
  }
}
