import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Problem } from '../../src/contract/problem.ts';
import { requireVerified } from './access.ts';
import { acceptUpload } from './intake.ts';
import type { Shimmer } from './shimmer.ts';
import { receiveUpload } from './uploads.ts';
import { renderTurn, turnKilobits } from './voices.ts';

interface Room {
  owner: string;
  /** One turn of the changed voice. */
  turn: Buffer;
  closed: AbortController;
}

const mostRooms = 100;
const paramsSchema = z.object({ id: z.string().regex(/^r-[0-9a-f]{16}$/) });

/** Rooms in which one voice speaks, changed, again and again; anybody may listen while the room is open. */
export function addRoomRoutes(server: FastifyInstance, shimmer: Shimmer): void {
  const { gaps, jobs, log, tools } = shimmer;
  const rooms = new Map<string, Room>();

  function find(params: unknown): Room & { id: string } {
    const { id } = paramsSchema.parse(params);
    const room = rooms.get(id);
    if (!room) throw new Problem('not-found', 'There is no such room.', { status: 404 });
    return { ...room, id };
  }

  server.post('/api/rooms', async (request, reply) => {
    const caller = requireVerified(request);
    if (rooms.size >= mostRooms) throw new Problem('rooms-full', 'All rooms are taken.', { status: 409 });
    const { path, discard } = await receiveUpload(request, 'voice', shimmer.folder);
    const id = `r-${randomBytes(8).toString('hex')}`;
    const folder = join(shimmer.folder, id);
    try {
      const voice = await jobs.run(() => acceptUpload(path, gaps), 'soon');
      if (voice.kind !== 'audio') throw new Problem('unreadable-media', 'The voice must be a sound.', { status: 422 });
      await mkdir(folder);
      const turn = await readFile(await jobs.run(() => renderTurn({ voice, folder, gaps, tools }), 'soon'));
      rooms.set(id, { owner: caller.name, turn, closed: new AbortController() });
      log.write(request, { account: caller.name, operation: 'room', item: id });
      return await reply.code(201).send({ id, live: `/rooms/${id}/live` });
    } finally {
      await discard();
      await rm(folder, { recursive: true, force: true });
    }
  });

  server.get('/rooms/:id/live', (request, reply) => {
    const { turn, closed } = find(request.params);
    const live = Readable.from(speak(turn, closed.signal));
    request.raw.once('close', () => live.destroy());
    return reply.type('audio/mpeg').header('cache-control', 'no-store').send(live);
  });

  server.delete('/api/rooms/:id', async (request, reply) => {
    const caller = requireVerified(request);
    const { id, owner, closed } = find(request.params);
    if (owner !== caller.name && !caller.staff)
      throw new Problem('not-yours', 'Only its owner or staff may close it.', { status: 403 });
    closed.abort();
    rooms.delete(id);
    log.write(request, { account: caller.name, operation: 'close-room', item: id });
    return reply.code(204).send();
  });

  server.addHook('preClose', async () => {
    for (const { closed } of rooms.values()) closed.abort();
  });
}

/** As fast as it is spoken: a quarter of a second at a time. */
async function* speak(turn: Buffer, closed: AbortSignal): AsyncGenerator<Buffer> {
  const step = (turnKilobits * 1000) / 8 / 4;
  const begun = performance.now();
  let spoken = 0;
  while (!closed.aborted) {
    for (let from = 0; from < turn.length && !closed.aborted; from += step) {
      yield turn.subarray(from, from + step);
      spoken += 1;
      const dueMs = begun + spoken * 250 - performance.now();
      if (dueMs > 0) await wait(dueMs);
    }
  }
}
