import { sql } from 'kysely';
import type { LabellingItem, LabellingQuery } from '../../contract/labellings.ts';
import type { Lang } from '../../contract/lang.ts';
import type { Tx } from '../../platform/database/database.ts';
import { statesBefore } from './states.ts';
import type { LabellingTables } from './tables.ts';

type Failure = NonNullable<LabellingItem['failure']>;

export interface NewLabelling {
  id: string;
  organisation: string;
  name: string;
  file: { sha256: string; bytes: number };
  source: LabellingItem['source'];
  plan: string;
  lang: Lang;
  at: Date;
  person: string | null;
  key: string | null;
}

export async function insertLabelling(tx: Tx, labelling: NewLabelling): Promise<void> {
  const { id, organisation, name, file, source, plan, lang, at, person, key } = labelling;
  await tx
    .withTables<LabellingTables>()
    .insertInto('labelling')
    .values({
      ...{ id, name, ...file, source, plan, lang, organisation_id: organisation, state: 'queued' },
      ...{ created_at: at, created_by: person, created_key: key },
    })
    .execute();
}

function labellings(tx: Tx) {
  return tx
    .withTables<LabellingTables>()
    .selectFrom('labelling')
    .leftJoin('person', 'person.id', 'labelling.created_by')
    .leftJoin('api_key', 'api_key.id', 'labelling.created_key')
    .select(['labelling.id', 'labelling.name', 'bytes', 'sha256', 'source', 'plan', 'state', 'share', 'failure'])
    .select(['kind', 'format', 'labelled_sha256', 'labelled_bytes', 'sidecar_sha256', 'sidecar_bytes', 'wrote'])
    .select(['shortfalls', 'labelling.created_at', 'done_at', 'files_removed_at'])
    .select(['labelling.created_by as person_id', 'labelling.created_key as key_id'])
    .select(['person.name as person_name', 'api_key.name as key_name']);
}

export type LabellingRow = NonNullable<Awaited<ReturnType<typeof labellingById>>>;

export function labellingById(tx: Tx, id: string) {
  return labellings(tx).where('labelling.id', '=', id).executeTakeFirst();
}

/** Newest first, and one more than asked for when there are more. */
export function listLabellings(tx: Tx, { after, limit, state, text }: LabellingQuery) {
  let query = labellings(tx);
  if (state) query = query.where('state', 'in', state);
  // What a person types is no pattern.
  if (text !== undefined) {
    query = query.where('labelling.name', 'ilike', `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`);
  }
  if (after !== undefined) {
    query = query.where('labelling.number', '<', (before) =>
      before.selectFrom('labelling as last').select('last.number').where('last.id', '=', after),
    );
  }
  return query
    .orderBy('labelling.number', 'desc')
    .limit(limit + 1)
    .execute();
}

export async function isLabelling(tx: Tx, id: string): Promise<boolean> {
  const db = tx.withTables<LabellingTables>();
  return (await db.selectFrom('labelling').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

export async function recordOf(tx: Tx, id: string): Promise<string | null> {
  const db = tx.withTables<LabellingTables>();
  const row = await db
    .selectFrom('labelling_record')
    .select('record')
    .where('labelling_id', '=', id)
    .executeTakeFirst();
  return row?.record ?? null;
}

/** Of the caller's organisation. */
export async function countUnfinished(tx: Tx): Promise<number> {
  const { count } = await tx
    .withTables<LabellingTables>()
    .selectFrom('labelling')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('state', 'in', ['queued', 'working'])
    .executeTakeFirstOrThrow();
  return count;
}

/** Those of the blobs that a row of any organisation names. Only outside row-level security. */
export async function blobsOfLabellings(tx: Tx, addresses: readonly string[]): Promise<Set<string>> {
  if (addresses.length === 0) return new Set();
  const db = tx.withTables<LabellingTables>();
  const kept = db.selectFrom('labelling').where('files_removed_at', 'is', null);
  const rows = await kept
    .select('sha256')
    .where('sha256', 'in', addresses)
    .unionAll(kept.select('labelled_sha256 as sha256').where('labelled_sha256', 'in', addresses).$castTo<Named>())
    .unionAll(kept.select('sidecar_sha256 as sha256').where('sidecar_sha256', 'in', addresses).$castTo<Named>())
    .execute();
  return new Set(rows.map(({ sha256 }) => sha256));
}

/** Asked for by its value, it is not null. */
type Named = { sha256: string };

/**
 * Takes a labelling into work: its row, or null when there is nothing (more) to do. Counts how often that happened. Here and below
 * without row-level security: workers act for nobody.
 */
export function beginWork(tx: Tx, id: string) {
  return tx
    .withTables<LabellingTables>()
    .updateTable('labelling')
    .set({ state: 'working', share: 0, starts: sql<number>`starts + 1` })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('working'))
    .returning(['id', 'organisation_id', 'name', 'sha256', 'bytes', 'plan', 'lang', 'starts'])
    .executeTakeFirst();
}

export type Work = NonNullable<Awaited<ReturnType<typeof beginWork>>>;

/** False when it is no longer at work in this run. */
export async function noteProgress(tx: Tx, { id, starts }: Work, share: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<LabellingTables>()
    .updateTable('labelling')
    .set({ share })
    .where('id', '=', id)
    .where('state', '=', 'working')
    .where('starts', '=', starts)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export interface Result {
  record: string;
  kind: NonNullable<LabellingItem['kind']>;
  format: NonNullable<LabellingItem['format']>;
  labelled: { sha256: string; bytes: number };
  sidecar: { sha256: string; bytes: number } | null;
  wrote: string[];
  shortfalls: number;
}

/** False when another run of the same job was first: there is one result. */
export async function saveResult(tx: Tx, { id, organisation_id }: Work, result: Result, at: Date): Promise<boolean> {
  const { record, kind, format, labelled, sidecar, wrote, shortfalls } = result;
  const db = tx.withTables<LabellingTables>();
  const { numUpdatedRows } = await db
    .updateTable('labelling')
    .set({
      ...{ state: 'done', share: null, done_at: at, kind, format, wrote, shortfalls },
      ...{ labelled_sha256: labelled.sha256, labelled_bytes: labelled.bytes },
      ...{ sidecar_sha256: sidecar?.sha256 ?? null, sidecar_bytes: sidecar?.bytes ?? null },
    })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('done'))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await db.insertInto('labelling_record').values({ labelling_id: id, organisation_id, record }).execute();
  return true;
}

export async function saveFailure(
  tx: Tx,
  { id }: Work,
  { state, failure }: { state: 'refused' | 'failed'; failure: Failure },
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<LabellingTables>()
    .updateTable('labelling')
    .set({ state, share: null, failure: JSON.stringify(failure), done_at: at })
    .where('id', '=', id)
    .where('state', 'in', statesBefore(state))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Held until the transaction ends. */
export function labellingForChange(tx: Tx, id: string) {
  return tx
    .withTables<LabellingTables>()
    .selectFrom('labelling')
    .select(['state', 'sha256', 'labelled_sha256', 'sidecar_sha256', 'files_removed_at'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export async function queueAgain(tx: Tx, id: string): Promise<void> {
  const db = tx.withTables<LabellingTables>();
  await db
    .updateTable('labelling')
    .set({ state: 'queued', failure: null, starts: 0, done_at: null })
    .where('id', '=', id)
    .where('state', 'in', statesBefore('queued'))
    .execute();
}

export async function setFilesRemoved(tx: Tx, id: string, at: Date): Promise<void> {
  const db = tx.withTables<LabellingTables>();
  await db.updateTable('labelling').set({ files_removed_at: at }).where('id', '=', id).execute();
}
