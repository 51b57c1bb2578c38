import type { z } from 'zod';
import { problemBodySchema } from '../contract/problem-body.ts';
import type { Server } from '../platform/http/server.ts';

/** Somebody who is signed in: the cookie of the session. Everybody here belongs to one organisation. */
export type SignedIn = { cookie: string };
/** A program with a key. */
export type WithKey = { key: string };

export interface Question<T extends z.ZodType> {
  as?: SignedIn | WithKey;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  /** Bytes are sent as they are, all else as JSON. */
  body?: unknown;
  answer: T;
}

/**
 * The server's own front door: what the demo shows went through the checks, rows and events that everybody's requests go through. Any
 * answer but a yes throws: the story is ours, so a refusal is our mistake.
 */
export interface Door {
  ask<T extends z.ZodType>(question: Question<T>): Promise<z.output<T>>;
  /** The same, for answers that carry a session. */
  enter<T extends z.ZodType>(question: Question<T>): Promise<SignedIn>;
}

/** Thrown when the server is told to stop while it is asked. */
export class Stopped extends Error {}

export function openDoor(server: Server, { publicUrl, stopped }: { publicUrl: string; stopped: () => boolean }): Door {
  const send = async ({ as, method = 'GET', path, query, body }: Question<z.ZodType>) => {
    if (stopped()) throw new Stopped('stopped while the demo was being filled');
    const bytes = Buffer.isBuffer(body);
    const answer = await server.inject({
      method,
      url: path,
      // Not the newcomer's address: its limits for signing in are not to be used up by us.
      remoteAddress: '127.0.0.2',
      ...(query ? { query } : {}),
      headers: {
        origin: publicUrl,
        'user-agent': 'clearmirror demo',
        ...(as && 'cookie' in as ? { cookie: as.cookie } : {}),
        ...(as && 'key' in as ? { authorization: `Bearer ${as.key}` } : {}),
        ...(bytes ? { 'content-type': 'application/octet-stream' } : {}),
        ...(body !== undefined && !bytes ? { 'content-type': 'application/json' } : {}),
      },
      ...(body === undefined ? {} : { payload: bytes ? body : JSON.stringify(body) }),
    });
    if (answer.statusCode < 300) return answer;
    throw new Error(`${method} ${path} was answered ${answer.statusCode}: ${sayRefusal(answer.body)}`);
  };
  return {
    ask: async (question) => {
      const { body } = await send(question);
      return question.answer.parse(body === '' ? null : JSON.parse(body));
    },
    enter: async (question) => {
      const { headers } = await send(question);
      const cookies = [headers['set-cookie'] ?? []].flat();
      return { cookie: cookies.map((cookie) => String(cookie).split(';')[0]).join('; ') };
    },
  };
}

/** Code, sentence and fields, never what was sent: that may be a password. */
function sayRefusal(text: string): string {
  try {
    const problem = problemBodySchema.safeParse(JSON.parse(text));
    if (!problem.success) return '–';
    const { code, title, fields = [] } = problem.data;
    return [`${code}: ${title}`, ...fields.map(({ path, message }) => `${path} ${message}`)].join('; ');
  } catch {
    return '–';
  }
}
