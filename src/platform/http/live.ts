import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Database, notify, type Tx } from '../database/database.ts';
import type { Caller } from './endpoint.ts';

/** Something that changed. Small: who hears it reads the rows, with their own rights. */
export interface LiveEvent {
  organisation: string;
  /** What changed, e.g. `screening`. */
  topic: string;
  id: string;
  data?: Record<string, string | number | null>;
}

export interface Live {
  /** Answers with a stream of server-sent events of the caller's organisation. */
  follow(request: FastifyRequest, reply: FastifyReply, stillAllowed: () => Promise<Caller | null>): void;
  close(): Promise<void>;
}

const channel = 'live';

/** Tells every page that is open for that organisation, in every process, once the transaction is committed. */
export function tell(tx: Tx, event: LiveEvent): Promise<void> {
  return notify(tx, channel, JSON.stringify(event));
}

export async function openLive(database: Database): Promise<Live> {
  const followers = new Map<FastifyReply, string>();
  const stop = await database.listen(channel, (payload) => {
    const { organisation, ...event }: LiveEvent = JSON.parse(payload);
    for (const [reply, of] of followers) {
      if (of === organisation) reply.raw.write(`event: ${event.topic}\ndata: ${JSON.stringify(event)}\n\n`);
    }
  });
  return {
    follow: (request, reply, stillAllowed) => {
      const organisation = request.caller?.actor.organisation;
      if (!organisation) return;
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Proxies that gather answers would hold the events back.
        'x-accel-buffering': 'no',
      });
      reply.raw.write('retry: 2000\n\n');
      followers.set(reply, organisation);
      // Also tells a connection that died without a word. Who has lost the right in the meantime is sent away.
      const beat = setInterval(async () => {
        const caller = await stillAllowed().catch(() => null);
        if (caller?.actor.organisation === organisation) reply.raw.write(': here\n\n');
        else reply.raw.end();
      }, 20_000);
      reply.raw.on('close', () => {
        clearInterval(beat);
        followers.delete(reply);
      });
    },
    close: async () => {
      for (const reply of followers.keys()) reply.raw.end();
      await stop();
    },
  };
}
