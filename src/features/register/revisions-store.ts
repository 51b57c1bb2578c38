import { sql } from 'kysely';
import type { Tx } from '../../platform/database/database.ts';
import { holdLock } from '../../platform/database/named-lock.ts';
import type { RegisterTables } from './tables.ts';

/** What was done to a row after that revision, newest first. */
export function deedsSince(tx: Tx, subject: { type: string; id: string }, revision: number) {
  return tx
    .withTables<RegisterTables>()
    .selectFrom('event')
    .leftJoin('person', 'person.id', 'event.person_id')
    .leftJoin('api_key', 'api_key.id', 'event.key_id')
    .select(['event.at', 'event.data'])
    .select(sql<string | null>`coalesce(person.name, api_key.name)`.as('by'))
    .where('subject_type', '=', subject.type)
    .where('subject_id', '=', subject.id)
    .where(sql<boolean>`(event.data ->> 'revision')::int > ${revision}`)
    .orderBy('event.id', 'desc')
    .limit(20)
    .execute();
}

/**
 * Edits of one organisation's register take turns: a plan that was looked at under this lock holds until the transaction ends.
 */
export async function holdRegister(tx: Tx, organisation: string): Promise<void> {
  await holdLock(tx, `register ${organisation}`);
}
