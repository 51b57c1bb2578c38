import { sql } from 'kysely';
import type { Progress, ScreeningItem } from '../../contract/screenings.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { ScreeningTables } from './tables.ts';

type Failure = NonNullable<ScreeningItem['failure']>;

export interface NewScreening {
  id: string;
  organisation: string;
  name: string;
  file: { sha256: string; bytes: number } | null;
  source: ScreeningItem['source'];
  address: string | null;
  declared: boolean;
  batch: string | null;
  versions: string;
  duplicateOf: string | null;
  at: Date;
  person: string | null;
  key: string | null;
}

export async function insertScreening(tx: Tx, screening: NewScreening): Promise<void> {
  await tx
    .withTables<ScreeningTables>()
    .insertInto('screening')
    .values({
      id: screening.id,
      organisation_id: screening.organisation,
      name: screening.name,
      bytes: screening.file?.bytes ?? null,
      sha256: screening.file?.sha256 ?? null,
      source: screening.source,
      address: screening.address,
      declared: screening.declared,
      batch_id: screening.batch,
      state: 'queued',
      versions: screening.versions,
      duplicate_of: screening.duplicateOf,
      created_at: screening.at,
      created_by: screening.person,
      created_key: screening.key,
    })
    .execute();
}

export async function addToBatch(tx: Tx, organisation: string, batch: string, screening: string, at: Date) {
  await tx
    .withTables<ScreeningTables>()
    .insertInto('screening_batch')
    .values({ organisation_id: organisation, batch_id: batch, screening_id: screening, added_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Screenings of the same bytes in the caller's organisation that did not fail, newest first. */
export function sameBytes(tx: Tx, sha256: string, limit = 20) {
  return tx
    .withTables<ScreeningTables>()
    .selectFrom('screening')
    .select(['id', 'name', 'created_at', 'versions', 'declared', 'media_removed_at'])
    .where('sha256', '=', sha256)
    .where('state', '<>', 'failed')
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
}

/** Those of the blobs that a row of any organisation names. Only outside row-level security. */
export async function neededBlobs(tx: Tx, addresses: readonly string[]): Promise<Set<string>> {
  if (addresses.length === 0) return new Set();
  const db = tx.withTables<ScreeningTables>();
  const rows = await db
    .selectFrom('screening')
    .select('sha256')
    .where('sha256', 'in', addresses)
    .where('media_removed_at', 'is', null)
    .unionAll(db.selectFrom('screening_exhibit').select('sha256').where('sha256', 'in', addresses))
    .unionAll(db.selectFrom('upload').select('sha256').where('sha256', 'in', addresses))
    .execute();
  return new Set(rows.flatMap(({ sha256 }) => sha256 ?? []));
}

/**
 * Takes a screening into work: its row, or null when there is nothing (more) to do. Counts how often that happened. Here and below
 * without row-level security: workers act for nobody.
 */
export function beginWork(tx: Tx, id: string, stage: 'fetch' | 'start') {
  return tx
    .withTables<ScreeningTables>()
    .updateTable('screening')
    .set({ state: 'examining', stage, share: 0, starts: sql<number>`starts + 1` })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'examining'])
    .returning(['id', 'organisation_id', 'name', 'sha256', 'bytes', 'address', 'declared', 'batch_id', 'starts'])
    .executeTakeFirst();
}

export type Work = NonNullable<Awaited<ReturnType<typeof beginWork>>>;

/** False when it is no longer at work in this run. */
export async function noteProgress(tx: Tx, { id, starts }: Work, stage: Progress['stage'], share: number) {
  const { numUpdatedRows } = await tx
    .withTables<ScreeningTables>()
    .updateTable('screening')
    .set({ stage, share })
    .where('id', '=', id)
    .where('state', '=', 'examining')
    .where('starts', '=', starts)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export interface Result {
  record: string;
  versions: string;
  kind: ScreeningItem['kind'];
  format: ScreeningItem['format'];
  verdict: { word: NonNullable<ScreeningItem['overridden']>; code: string };
  propagation: NonNullable<ScreeningItem['propagation']>;
  conflicts: number;
  exhibits: Omit<ScreeningTables['screening_exhibit'], 'screening_id' | 'organisation_id' | 'number'>[];
}

/** False when another run of the same job was first: there is one result. */
export async function saveResult(tx: Tx, { id, organisation_id }: Work, result: Result, at: Date): Promise<boolean> {
  const db = tx.withTables<ScreeningTables>();
  const { numUpdatedRows } = await db
    .updateTable('screening')
    .set({
      state: 'done',
      stage: null,
      share: null,
      versions: result.versions,
      kind: result.kind,
      format: result.format,
      verdict_word: result.verdict.word,
      verdict_code: result.verdict.code,
      propagation: result.propagation,
      conflicts: result.conflicts,
      done_at: at,
    })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'examining'])
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await db
    .insertInto('screening_record')
    .values({ screening_id: id, organisation_id, record: result.record })
    .execute();
  if (result.exhibits.length > 0) {
    const rows = result.exhibits.map((exhibit, index) => ({
      ...exhibit,
      screening_id: id,
      organisation_id,
      number: index + 1,
    }));
    await db.insertInto('screening_exhibit').values(rows).execute();
  }
  return true;
}

export async function saveFailure(tx: Tx, id: string, failure: Failure, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<ScreeningTables>()
    .updateTable('screening')
    .set({ state: 'failed', stage: null, share: null, failure: JSON.stringify(failure), done_at: at })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'examining'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What was fetched is queued for its examination, with an earlier screening of the same bytes in the organisation. */
export async function saveFetched(tx: Tx, work: Work, file: { sha256: string; bytes: number }): Promise<boolean> {
  const db = tx.withTables<ScreeningTables>();
  const before = await db
    .selectFrom('screening')
    .select('id')
    .where('organisation_id', '=', work.organisation_id)
    .where('sha256', '=', file.sha256)
    .where('state', '<>', 'failed')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const { numUpdatedRows } = await db
    .updateTable('screening')
    .set({ ...file, state: 'queued', stage: null, share: null, starts: 0, duplicate_of: before?.id ?? null })
    .where('id', '=', work.id)
    .where('state', '=', 'examining')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
