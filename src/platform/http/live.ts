import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../contract/problem.ts';
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
  /** Answers with a stream of server-sent events of the caller's organisation. Throws `too-many-requests` when the caller has too many open. */
  follow(request: FastifyRequest, reply: FastifyReply, stillAllowed: () => Promise<Caller | null>): void;
  close(): Promise<void>;
}

const channel = 'live';
/** PostgreSQL takes less than 8,000 bytes in one notification. */
const maxPayloadBytes = 7_900;
/** Tabs of one person, or watchers of one key. */
const maxOfOne = 30;
/** What may wait for somebody who does not read: some thousand events of one large change. Cut off, they come back and read the rows anew. */
const maxWaitingBytes = 1024 * 1024;

/** Tells every page that is open for that organisation, in every process, once the transaction is committed. */
export function tell(tx: Tx, event: LiveEvent): Promise<void> {
  const whole = JSON.stringify(event);
  if (Buffer.byteLength(whole) <= maxPayloadBytes) return notify(tx, channel, whole);
  // Too much to tell must not undo what was done: that something changed is enough, the rows say what.
  const { organisation, topic, id } = event;
  return notify(tx, channel, JSON.stringify({ organisation, topic, id }));
}

export async function openLive(database: Database, { beatMs = 20_000 }: { beatMs?: number } = {}): Promise<Live> {
  const followers = new Map<FastifyReply, { organisation: string; who: string }>();
  const say = (reply: FastifyReply, text: string): void => {
    if (reply.raw.writableLength > maxWaitingBytes) reply.raw.destroy();
    else reply.raw.write(text);
  };
  const stop = await database.listen(channel, (payload) => {
    const { organisation, ...event }: LiveEvent = JSON.parse(payload);
    const text = `event: ${event.topic}\ndata: ${JSON.stringify(event)}\n\n`;
    for (const [reply, follower] of followers) if (follower.organisation === organisation) say(reply, text);
  });
  return {
    follow: (request, reply, stillAllowed) => {
      const { caller } = request;
      const organisation = caller?.actor.organisation;
      if (!caller || !organisation) return;
      const who = caller.key ?? caller.actor.person ?? '';
      if ([...followers.values()].filter((follower) => follower.who === who).length >= maxOfOne) {
        throw new Problem('too-many-requests', 'Too many pages listen at once.', { status: 429 });
      }
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Proxies that gather answers would hold the events back.
        'x-accel-buffering': 'no',
      });
      reply.raw.write('retry: 2000\n\n');
      followers.set(reply, { organisation, who });
      // Also tells a connection that died without a word. Who has lost the right in the meantime is sent away.
      const beat = setInterval(async () => {
        const now = await stillAllowed().catch(() => null);
        if (now?.actor.organisation === organisation) say(reply, ': here\n\n');
        else sendAway(reply);
      }, beatMs);
      reply.raw.on('close', () => {
        clearInterval(beat);
        followers.delete(reply);
      });
    },
    close: async () => {
      for (const reply of followers.keys()) sendAway(reply);
      await stop();
    },
  };
}

/** Who does not read would never come to the end. */
function sendAway(reply: FastifyReply): void {
  if (reply.raw.writableLength > 0) reply.raw.destroy();
  else reply.raw.end();
}
