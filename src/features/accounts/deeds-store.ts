import type { Kysely } from 'kysely';
import type { Tx } from '../../platform/database/database.ts';
import type { AccountTables } from './tables.ts';

export const demoBegun = 'demo-begun';

export async function isDemo(owner: Kysely<object>): Promise<boolean> {
  const row = await owner
    .withTables<AccountTables>()
    .selectFrom('event')
    .select('id')
    .where('organisation_id', 'is', null)
    .where('kind', '=', demoBegun)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface EventQuery {
  before: number | undefined;
  limit: number;
  kind: string | undefined;
  subject: { type: string; id: string } | undefined;
}

export async function listEvents(tx: Tx, { before, limit, kind, subject }: EventQuery) {
  let query = tx
    .withTables<AccountTables>()
    .selectFrom('event')
    .leftJoin('person', 'person.id', 'event.person_id')
    .leftJoin('api_key', 'api_key.id', 'event.key_id')
    .select(['event.id', 'event.at', 'event.kind', 'subject_type', 'subject_id', 'data'])
    .select(['person.name as person', 'api_key.name as key'])
    .orderBy('event.id', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('event.id', '<', before);
  if (kind !== undefined) query = query.where('event.kind', '=', kind);
  if (subject) query = query.where('subject_type', '=', subject.type).where('subject_id', '=', subject.id);
  return query.execute();
}
