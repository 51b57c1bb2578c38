import { sql } from 'kysely';
import type { HappeningKind } from '../../contract/happenings.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { RegisterTables } from './tables.ts';

function selectHappenings(tx: Tx) {
  return tx
    .withTables<RegisterTables>()
    .selectFrom('happening')
    .innerJoin('service', 'service.id', 'happening.service_id')
    .leftJoin('person', 'person.id', 'happening.person_id')
    .leftJoin('api_key', 'api_key.id', 'happening.key_id')
    .selectAll('happening')
    .select([
      'service.slug as service_slug',
      'service.name_zh as service_name_zh',
      'service.name_en as service_name_en',
    ])
    .select(sql<string | null>`coalesce(person.name, api_key.name)`.as('by'));
}

export type HappeningRow = NonNullable<Awaited<ReturnType<typeof happeningById>>>;

export function happeningById(tx: Tx, id: string) {
  return selectHappenings(tx).where('happening.id', '=', id).executeTakeFirst();
}

export interface HappeningListQuery {
  after: [string, string] | undefined;
  limit: number;
  open: boolean | undefined;
}

/** Newest first. */
export function listHappenings(tx: Tx, service: string, { after, limit, open }: HappeningListQuery) {
  let query = selectHappenings(tx)
    .where('happening.service_id', '=', service)
    .orderBy('happened_on', 'desc')
    .orderBy('happening.seq', 'desc')
    .limit(limit);
  if (after) query = query.where(sql<boolean>`(happened_on, happening.seq) < (${after[0]}, ${after[1]}::bigint)`);
  if (open !== undefined) query = query.where('settled_at', open ? 'is' : 'is not', null);
  return query.execute();
}

export interface HappeningColumns {
  organisation: string;
  service: string;
  kind: HappeningKind;
  on: string;
  details: Record<string, unknown>;
  note: string | null;
  author: { person_id: string | null; key_id: string | null };
  now: Date;
}

export async function insertHappening(tx: Tx, one: HappeningColumns): Promise<string> {
  const { id } = await tx
    .withTables<RegisterTables>()
    .insertInto('happening')
    .values({
      organisation_id: one.organisation,
      service_id: one.service,
      kind: one.kind,
      happened_on: one.on,
      details: JSON.stringify(one.details),
      note: one.note,
      recorded_at: one.now,
      ...one.author,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** False when somebody was first. */
export async function settleHappening(tx: Tx, id: string, reason: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<RegisterTables>()
    .updateTable('happening')
    .set({ settled_at: now, settled_reason: reason })
    .where('id', '=', id)
    .where('settled_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
