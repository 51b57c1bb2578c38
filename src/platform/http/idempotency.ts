import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { Problem } from '../../contract/problem.ts';
import type { Tx } from '../database/database.ts';
import type { Caller } from './endpoint.ts';

interface Sent {
  key: string;
  caller: Caller;
  method: string;
  url: string;
  body: unknown;
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
  const who = caller.key ?? caller.actor.person ?? '';
  const request = createHash('sha256')
    .update(JSON.stringify([sent.method, sent.url, sent.body ?? null]))
    .digest();
  // Two of the same at once: the second waits here until the first is committed.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${caller.actor.organisation} ${who} ${key}`}, 0))`.execute(
    tx,
  );
  const { rows } = await sql<{ request_sha256: Uint8Array; body: unknown }>`select request_sha256, body from idempotency
    where organisation_id = ${caller.actor.organisation} and caller = ${who} and key = ${key}
    and created_at > now() - interval '24 hours'`.execute(tx);
  const before = rows[0];
  if (before) {
    if (Buffer.compare(Buffer.from(before.request_sha256), request) === 0) return before.body;
    throw new Problem('idempotency-key-reused', 'That Idempotency-Key was used for another request.', { status: 422 });
  }
  const body = await work();
  await sql`insert into idempotency (organisation_id, caller, key, request_sha256, body)
    values (${caller.actor.organisation}, ${who}, ${key}, ${request}, ${JSON.stringify(body ?? null)}::jsonb)
    on conflict (organisation_id, caller, key) do update
    set request_sha256 = excluded.request_sha256, body = excluded.body, created_at = now()`.execute(tx);
  return body;
}
