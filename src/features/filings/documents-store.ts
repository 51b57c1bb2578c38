import type { StoredDocument } from '../../contract/filings.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { FilingTables } from './tables.ts';

export interface DocumentColumns extends StoredDocument {
  organisation: string;
  author: { person_id: string | null; key_id: string | null };
  now: Date;
}

/** Handed in again, it keeps the name it had. */
export async function insertDocument(tx: Tx, one: DocumentColumns): Promise<void> {
  const { organisation, sha256, name, bytes, mediaType, author, now } = one;
  await tx
    .withTables<FilingTables>()
    .insertInto('filed_document')
    .values({ organisation_id: organisation, sha256, name, bytes, media_type: mediaType, stored_at: now, ...author })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'sha256']).doNothing())
    .execute();
}

/** Those of the documents that somebody handed in. Only outside row-level security. */
export async function neededDocuments(tx: Tx, addresses: readonly string[]): Promise<Set<string>> {
  const db = tx.withTables<FilingTables>();
  const rows = await db.selectFrom('filed_document').select('sha256').where('sha256', 'in', addresses).execute();
  return new Set(rows.map(({ sha256 }) => sha256));
}

export function documentBySha256(tx: Tx, sha256: string) {
  return tx
    .withTables<FilingTables>()
    .selectFrom('filed_document')
    .select(['sha256', 'name', 'bytes', 'media_type as mediaType'])
    .where('sha256', '=', sha256)
    .executeTakeFirst();
}
