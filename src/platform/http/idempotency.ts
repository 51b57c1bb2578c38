import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { Problem } from '../../contract/problem.ts';
import type { Tx } from '../database/database.ts';
import type { Caller } from './endpoint.ts';
import { seal, unseal } from './sealed.ts';

interface Sent {
  key: string;
  caller: Caller;
  method: string;
  url: string;
  body: unknown;
  /** The installation's: an answer may hold an API key or a one-time link, which are kept nowhere else. */
  secret: string;
}

/**
 * Does the work once for one `Idempotency-Key` of one caller, in its transaction, and answers the same again when the request is sent
 * again within 24 hours (draft-ietf-httpapi-idempotency-key-header). Another request under the same key is refused.
 */
export async function once(tx: Tx, sent: Sent, work: () => Promise<unknown>): Promise<unknown> {
  const { key, caller } = sent;
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new Problem('idempotency-key-invalid', 'Idempotency-Key is 1 to 200 visible ASCII characters.', {
      status: 400,
    });
  }
  const { organisation } = caller.actor;
  const who = caller.key ?? caller.actor.person ?? '';
  // People may ask for no organisation, and are still heard once.
  const here = organisation === null ? sql`organisation_id is null` : sql`organisation_id = ${organisation}`;
  const request = createHash('sha256')
    .update(JSON.stringify([sent.method, sent.url, sent.body ?? null]))
    .digest();
  const keyHash = createHash('sha256').update(key).digest();
  const sealing = { secret: sent.secret, key, owner: `${organisation} ${who}` };
  // Two of the same at once: the second waits here until the first is committed.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${organisation} ${who} ${key}`}, 0))`.execute(tx);
  const { rows } = await sql<{ request_sha256: Uint8Array; sealed: Uint8Array }>`select request_sha256, sealed
    from idempotency where ${here} and caller = ${who} and key_sha256 = ${keyHash}
    and created_at > now() - interval '24 hours'`.execute(tx);
  const before = rows[0];
  if (before) {
    if (Buffer.compare(Buffer.from(before.request_sha256), request) === 0)
      return JSON.parse(unseal(before.sealed, sealing));
    throw new Problem('idempotency-key-reused', 'That Idempotency-Key was used for another request.', { status: 422 });
  }
  const body = await work();
  // What is too old to be asked for goes with the next write: a table of answers must not grow for ever.
  await sql`with old as (delete from idempotency where ${here}
      and created_at <= now() - interval '24 hours' and key_sha256 <> ${keyHash})
    insert into idempotency (organisation_id, caller, key_sha256, request_sha256, sealed)
    values (${organisation}, ${who}, ${keyHash}, ${request}, ${seal(JSON.stringify(body ?? null), sealing)})
    on conflict (organisation_id, caller, key_sha256) do update
    set request_sha256 = excluded.request_sha256, sealed = excluded.sealed, created_at = now()`.execute(tx);
  return body;
}

/** Refuses a key that nobody here would look at: who sends it again after a broken connection counts on being heard once. */
export function refuseUnkept({ method, headers, routeOptions }: FastifyRequest): void {
  if (headers['idempotency-key'] === undefined || routeOptions.config.repeated !== undefined) return;
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  throw new Problem('idempotency-key-not-taken', 'This address keeps no Idempotency-Key.', { status: 400 });
}
