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
/** Forgotten after a day without another. */
const memoryMs = 24 * 3_600_000;

/** Until when that address must wait, if it must. */
export async function lockedFor(owner: Kysely<object>, email: string, now: Date): Promise<Date | null> {
  const row = await owner
    .withTables<AccountTables>()
    .selectFrom('sign_in_failure')
    .select('locked_until')
    .where('email_sha256', '=', hashEmail(email))
    .where('locked_until', '>', now)
    .executeTakeFirst();
  return row?.locked_until ?? null;
}

export async function noteFailure(owner: Kysely<object>, email: string, now: Date): Promise<void> {
  const forgotten = new Date(now.getTime() - memoryMs);
  // Counted in the database: two guesses at once are two.
  const { rows } = await sql<{ failures: number }>`insert into sign_in_failure as f (email_sha256, failures, last_at)
    values (${hashEmail(email)}, 1, ${now})
    on conflict (email_sha256) do update
    set failures = case when f.last_at < ${forgotten} then 1 else f.failures + 1 end, last_at = ${now}
    returning failures`.execute(owner);
  const wait = waitAfter(rows[0]?.failures ?? 1);
  if (wait === 0) return;
  await owner
    .withTables<AccountTables>()
    .updateTable('sign_in_failure')
    .set({ locked_until: new Date(now.getTime() + wait) })
    .where('email_sha256', '=', hashEmail(email))
    .execute();
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
