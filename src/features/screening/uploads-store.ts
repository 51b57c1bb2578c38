import type { Tx } from '../../platform/database/database.ts';
import type { ScreeningTables } from './tables.ts';

/** An upload belongs to who began it: a person, or a program with a key. */
export interface Owner {
  person: string | null;
  key: string | null;
}

export interface NewUpload extends Owner {
  id: string;
  organisation: string;
  name: string;
  batch: string | null;
  declared: boolean;
  again: boolean;
  purpose: 'screen' | 'label';
  metadata: string | null;
  bytes: number;
  createdAt: Date;
  expiresAt: Date;
}

export async function insertUpload(tx: Tx, upload: NewUpload): Promise<void> {
  const { organisation, person, key, batch, createdAt, expiresAt, ...same } = upload;
  await tx
    .withTables<ScreeningTables>()
    .insertInto('upload')
    .values({
      ...same,
      organisation_id: organisation,
      person_id: person,
      key_id: key,
      batch_id: batch,
      created_at: createdAt,
      expires_at: expiresAt,
    })
    .execute();
}

function uploads(tx: Tx) {
  return tx.withTables<ScreeningTables>().selectFrom('upload').selectAll();
}

export function ownUpload(tx: Tx, id: string, { person, key }: Owner) {
  return uploads(tx)
    .where('id', '=', id)
    .where('person_id', person === null ? 'is' : '=', person)
    .where('key_id', key === null ? 'is' : '=', key)
    .executeTakeFirst();
}

/** Holds the row: of two that finish one upload, the second finds it finished. */
export function uploadForFinish(tx: Tx, id: string) {
  return uploads(tx).where('id', '=', id).forUpdate().executeTakeFirst();
}

export async function countUnfinished(tx: Tx): Promise<number> {
  const { count } = await tx
    .withTables<ScreeningTables>()
    .selectFrom('upload')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('screening_id', 'is', null)
    .where('sha256', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

export async function prolong(tx: Tx, id: string, expiresAt: Date): Promise<void> {
  const db = tx.withTables<ScreeningTables>();
  await db.updateTable('upload').set({ expires_at: expiresAt }).where('id', '=', id).execute();
}

export async function markFinished(tx: Tx, id: string, screening: string, duplicate: boolean): Promise<void> {
  const db = tx.withTables<ScreeningTables>();
  await db.updateTable('upload').set({ screening_id: screening, duplicate }).where('id', '=', id).execute();
}

/** All bytes of an upload for labelling are stored. */
export async function markKept(tx: Tx, id: string, sha256: string, expiresAt: Date): Promise<void> {
  const db = tx.withTables<ScreeningTables>();
  await db.updateTable('upload').set({ sha256, expires_at: expiresAt }).where('id', '=', id).execute();
}

export async function removeUpload(tx: Tx, id: string): Promise<void> {
  await tx.withTables<ScreeningTables>().deleteFrom('upload').where('id', '=', id).execute();
}

/** Of everybody. Only outside row-level security. */
export function allUploads(tx: Tx) {
  return uploads(tx).orderBy('created_at').execute();
}
