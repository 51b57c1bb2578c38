import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { ScreeningFilters } from '../../contract/screenings.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { ScreeningTables } from './tables.ts';

function screenings(tx: Tx) {
  return tx
    .withTables<ScreeningTables>()
    .selectFrom('screening')
    .leftJoin('person', 'person.id', 'screening.created_by')
    .leftJoin('api_key', 'api_key.id', 'screening.created_key')
    .select(['screening.id', 'screening.name', 'bytes', 'sha256', 'source', 'address', 'declared', 'batch_id', 'state'])
    .select(['stage', 'share', 'failure', 'kind', 'format', 'verdict_word', 'verdict_code', 'propagation', 'conflicts'])
    .select(['duplicate_of', 'note_count', 'override_word', 'screening.created_at', 'done_at', 'media_removed_at'])
    .select([
      'screening.created_by',
      'screening.created_key',
      'person.name as person_name',
      'api_key.name as key_name',
    ]);
}

export type ScreeningRow = NonNullable<Awaited<ReturnType<typeof screeningById>>>;

export function screeningById(tx: Tx, id: string) {
  return screenings(tx).where('screening.id', '=', id).executeTakeFirst();
}

export interface ListQuery {
  filters: ScreeningFilters;
  /** The last one of the page before. */
  after: string | undefined;
  limit: number;
}

/** Newest first, and one more than asked for when there are more. */
export function listScreenings(tx: Tx, { filters, after, limit }: ListQuery) {
  let query = screenings(tx).where((eb) => eb.and(conditions(eb, filters)));
  if (after !== undefined) {
    query = query.where('screening.number', '<', (before) =>
      before.selectFrom('screening as last').select('last.number').where('last.id', '=', after),
    );
  }
  return query
    .orderBy('screening.number', 'desc')
    .limit(limit + 1)
    .execute();
}

export async function isScreening(tx: Tx, id: string): Promise<boolean> {
  const db = tx.withTables<ScreeningTables>();
  return (await db.selectFrom('screening').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

type Conditions = ExpressionBuilder<ScreeningTables, 'screening'>;

function conditions(eb: Conditions, filters: ScreeningFilters): Expression<SqlBool>[] {
  const { state, verdict, kind, propagation, source, text, batch, from, to, by, overridden, noted, conflicts } =
    filters;
  return [
    state && eb('state', 'in', state),
    verdict && eb('verdict_word', 'in', verdict),
    kind && eb('kind', 'in', kind),
    propagation && eb('propagation', 'in', propagation),
    source && eb('source', 'in', source),
    text !== undefined && eb.or([eb('screening.name', 'ilike', `%${literal(text)}%`), ...startOfHash(eb, text)]),
    batch &&
      eb(
        'screening.id',
        'in',
        eb.selectFrom('screening_batch').select('screening_id').where('screening_batch.batch_id', '=', batch),
      ),
    from && eb('screening.created_at', '>=', new Date(from)),
    to && eb('screening.created_at', '<', new Date(to)),
    by && eb.or([eb('screening.created_by', '=', by), ...(isUuid(by) ? [eb('created_key', '=', by)] : [])]),
    overridden !== undefined && eb('override_word', overridden ? 'is not' : 'is', null),
    noted !== undefined && eb('note_count', noted ? '>' : '=', 0),
    conflicts !== undefined && eb('conflicts', conflicts ? '>' : '=', 0),
  ].filter((condition) => typeof condition === 'object');
}

function startOfHash(eb: Conditions, text: string): Expression<SqlBool>[] {
  return /^[0-9a-f]{6,64}$/i.test(text) ? [eb('sha256', 'like', `${text.toLowerCase()}%`)] : [];
}

/** What a person types is no pattern. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

export async function recordOf(tx: Tx, id: string): Promise<string | null> {
  const db = tx.withTables<ScreeningTables>();
  const row = await db
    .selectFrom('screening_record')
    .select('record')
    .where('screening_id', '=', id)
    .executeTakeFirst();
  return row?.record ?? null;
}

export function exhibitsOf(tx: Tx, id: string) {
  return tx
    .withTables<ScreeningTables>()
    .selectFrom('screening_exhibit')
    .select(['number', 'kind', 'sha256', 'at_ms', 'duration_ms', 'max_hz', 'width', 'height'])
    .where('screening_id', '=', id)
    .orderBy('number')
    .execute();
}

export type ExhibitRow = Awaited<ReturnType<typeof exhibitsOf>>[number];

function decisions(tx: Tx) {
  return tx
    .withTables<ScreeningTables>()
    .selectFrom('screening_decision')
    .leftJoin('person', 'person.id', 'screening_decision.person_id')
    .leftJoin('api_key', 'api_key.id', 'screening_decision.key_id')
    .select(['screening_decision.id', 'screening_decision.kind', 'word', 'reason', 'at', 'person_id', 'key_id'])
    .select(['person.name as person_name', 'api_key.name as key_name']);
}

export function decisionsOf(tx: Tx, screening: string) {
  return decisions(tx).where('screening_id', '=', screening).orderBy('screening_decision.number').execute();
}

export function decisionById(tx: Tx, id: string) {
  return decisions(tx).where('screening_decision.id', '=', id).executeTakeFirstOrThrow();
}

export type DecisionRow = Awaited<ReturnType<typeof decisionsOf>>[number];

/** How many there are of each state and verdict in a batch. */
export function countBatch(tx: Tx, batch: string) {
  return tx
    .withTables<ScreeningTables>()
    .selectFrom('screening_batch')
    .innerJoin('screening', 'screening.id', 'screening_batch.screening_id')
    .select(({ fn }) => [
      fn.countAll<number>().as('files'),
      fn.sum<number | null>('bytes').as('bytes'),
      fn.min('added_at').as('first_at'),
      fn.max('added_at').as('last_at'),
    ])
    .select(['state', 'verdict_word', 'verdict_code'])
    .where('screening_batch.batch_id', '=', batch)
    .groupBy(['state', 'verdict_word', 'verdict_code'])
    .execute();
}

/** The stored media of a screening of the caller's organisation; undefined when there is none, or none any more. */
export async function mediaOf(
  tx: Tx,
  id: string,
): Promise<{ name: string; sha256: string; bytes: number } | undefined> {
  const row = await screeningById(tx, id);
  if (!row || row.sha256 === null || row.bytes === null || row.media_removed_at) return undefined;
  return { name: row.name, sha256: row.sha256, bytes: row.bytes };
}
