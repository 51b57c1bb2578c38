import { sql } from 'kysely';
import type { Actor, Tx } from './database.ts';

/** What was done, to what. `data` names before and after where something changed; never secrets, never media. */
export interface Deed {
  /** Stable, e.g. `member-invited`. */
  kind: string;
  subject: { type: string; id: string };
  data?: Record<string, unknown>;
}

/** Writes what was done into the events of the organisation, in the transaction that does it. Events are never changed. */
export async function recordDeed(tx: Tx, by: { actor: Actor; key: string | null }, deed: Deed): Promise<void> {
  await sql`insert into event (organisation_id, person_id, key_id, kind, subject_type, subject_id, data) values (
    ${by.actor.organisation}, ${by.actor.person}, ${by.key}, ${deed.kind}, ${deed.subject.type}, ${deed.subject.id},
    ${JSON.stringify(deed.data ?? {})}::jsonb)`.execute(tx);
}
