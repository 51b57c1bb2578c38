import createClient from 'openapi-fetch';
import { currentLang } from '../words/words.ts';
import { actingFor } from './acting-for.ts';
import { readProblem } from './problem.ts';
import { reachServer } from './reach.ts';
import type { paths } from './schema.d.ts';

/** The typed client of our own interface: `await ask(api.GET('/api/v1/members', { params: { query: { limit: 50 } } }))`. */
export const api = createClient<paths>({ fetch: reachServer, credentials: 'same-origin' });

/** The answer itself. Throws an ApiProblem for what the server refuses and Unreachable when it is silent. */
export async function ask<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await call;
  if (!response.ok) throw await readProblem(response);
  if (data === undefined && response.status !== 204 && response.headers.get('content-length') !== '0') {
    throw await readProblem(response);
  }
  // With 204 the schema says "no content", and T is undefined.
  return data as T;
}

/** What each call carries, also those that do not go through `api`: uploads, event streams. */
export function callHeaders(method: string): Record<string, string> {
  const organisation = actingFor();
  return {
    'accept-language': currentLang(),
    ...(organisation !== null && { 'clearmirror-organisation': organisation }),
    ...(method !== 'GET' && method !== 'HEAD' && { 'idempotency-key': newKey() }),
  };
}

api.use({
  async onRequest({ request }) {
    for (const [name, value] of Object.entries(callHeaders(request.method))) {
      if (!request.headers.has(name)) request.headers.set(name, value);
    }
    return request;
  },
  async onResponse({ response }) {
    // openapi-fetch reads the body of a failure itself; a clone keeps it for readProblem.
    if (!response.ok) throw await readProblem(response);
    return response;
  },
});

/** `crypto.randomUUID` exists on https and localhost only; this also serves a machine in the house reached over http. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
