import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { AccountTables } from './tables.ts';

/**
 * After five wrong passwords in a row the address waits: one minute, then two, four … up to an hour. Short enough that nobody can shut a
 * colleague out for a day, long enough that 100 guesses take days (NIST SP 800-63B-4 §3.2.2). An address that nobody has waits the same.
 */
export function waitAfter(failures: number): number {
  const minutes = failures < freeFailures ? 0 : Math.min(60, 2 ** (failures - freeFailures));
  return minutes * 60_000;
}

const freeFailures = 5;
const longestWaitMs = 60 * 60_000;
/** Seconds, for the first failure, the second, … until they grow no more. */
const waits = Array.from({ length: 12 }, (_, index) => sql.lit(waitAfter(index + 1) / 1000));
/** Forgotten after a day without another. */
const memoryMs = 24 * 3_600_000;

/**
 * Takes one guess from what that address has left, before the password is looked at: of fifty guesses at once, five are looked at. The
 * guess is given back by `clearFailures` when it was right. Returns until when the address must wait, and takes nothing, if it must.
 */
export async function takeGuess(owner: Kysely<object>, email: string, now: Date): Promise<Date | null> {
  const forgotten = new Date(now.getTime() - memoryMs);
  // A clock that ran ahead and was set back must not lock anybody for the difference.
  const latest = new Date(now.getTime() + longestWaitMs);
  const failures = sql`(case when f.last_at < ${forgotten} then 1 else f.failures + 1 end)`;
  const { rows } = await sql`with old as (delete from sign_in_failure
      where last_at < ${forgotten} and email_sha256 <> ${hashEmail(email)})
    insert into sign_in_failure as f (email_sha256, failures, last_at) values (${hashEmail(email)}, 1, ${now})
    on conflict (email_sha256) do update
    set failures = ${failures}, last_at = ${now}, locked_until = case when ${failures} < ${freeFailures} then null
      else ${now}::timestamptz + make_interval(secs => (array[${sql.join(waits)}])[least(${failures}, ${waits.length})]) end
    where f.locked_until is null or f.locked_until <= ${now} or f.locked_until > ${latest}
    returning failures`.execute(owner);
  return rows.length > 0 ? null : ((await lockOf(owner, email)) ?? now);
}

async function lockOf(owner: Kysely<object>, email: string): Promise<Date | null> {
  const row = await owner
    .withTables<AccountTables>()
    .selectFrom('sign_in_failure')
    .select('locked_until')
    .where('email_sha256', '=', hashEmail(email))
    .executeTakeFirst();
  return row?.locked_until ?? null;
}

export async function clearFailures(owner: Kysely<object>, email: string): Promise<void> {
  await owner
    .withTables<AccountTables>()
    .deleteFrom('sign_in_failure')
    .where('email_sha256', '=', hashEmail(email))
    .execute();
}

/** Addresses that people mistype here are none of our business. */
export function hashEmail(email: string): Buffer {
  return createHash('sha256').update(email.trim().toLowerCase()).digest();
}
