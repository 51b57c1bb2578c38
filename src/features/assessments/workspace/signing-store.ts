import type { Tx } from '../../../platform/database/database.ts';
import type { AssessmentTables } from './tables.ts';

export function keysOf(tx: Tx, person: string) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('signing_key')
    .selectAll()
    .where('person_id', '=', person)
    .orderBy('made_at', 'desc')
    .execute();
}

export function keyById(tx: Tx, id: string) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('signing_key')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function insertKey(
  tx: Tx,
  key: { organisation: string; person: string; name: string; publicKey: Buffer; now: Date },
): Promise<string | null> {
  const row = await tx
    .withTables<AssessmentTables>()
    .insertInto('signing_key')
    .values({
      organisation_id: key.organisation,
      person_id: key.person,
      name: key.name,
      public_key: key.publicKey,
      made_at: key.now,
    })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'public_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function revokeKey(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .updateTable('signing_key')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute();
}

export function signaturesOf(tx: Tx, assessment: string) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('assessment_signature')
    .leftJoin('person', 'person.id', 'assessment_signature.person_id')
    .selectAll('assessment_signature')
    .select('person.name as person_name')
    .where('assessment_id', '=', assessment)
    .orderBy('at')
    .execute();
}

export async function insertSignature(
  tx: Tx,
  one: {
    organisation: string;
    assessment: string;
    person: string;
    role: string;
    key: string;
    publicKey: Buffer;
    reportSha256: string;
    signature: Buffer;
    now: Date;
  },
): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .insertInto('assessment_signature')
    .values({
      organisation_id: one.organisation,
      assessment_id: one.assessment,
      person_id: one.person,
      role: one.role,
      key_id: one.key,
      public_key: one.publicKey,
      report_sha256: one.reportSha256,
      signature: one.signature,
      at: one.now,
    })
    .execute();
}

/** Returns how many stood. */
export async function voidSignatures(tx: Tx, assessment: string, reason: string, now: Date): Promise<number> {
  const rows = await tx
    .withTables<AssessmentTables>()
    .updateTable('assessment_signature')
    .set({ voided_at: now, voided_reason: reason })
    .where('assessment_id', '=', assessment)
    .where('voided_at', 'is', null)
    .returning('id')
    .execute();
  return rows.length;
}

export interface ReportFileRow {
  name: string;
  sha256: string;
  bytes: number;
  media_type: string;
}

export function reportFilesOf(tx: Tx, assessment: string, reportSha256: string): Promise<ReportFileRow[]> {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('report_file')
    .select(['name', 'sha256', 'bytes', 'media_type'])
    .where('assessment_id', '=', assessment)
    .where('report_sha256', '=', reportSha256)
    .orderBy('name')
    .execute();
}

export async function insertReportFiles(
  tx: Tx,
  { organisation, assessment, reportSha256 }: { organisation: string; assessment: string; reportSha256: string },
  files: readonly ReportFileRow[],
): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .insertInto('report_file')
    .values(
      files.map((file) => ({
        organisation_id: organisation,
        assessment_id: assessment,
        report_sha256: reportSha256,
        ...file,
      })),
    )
    // Concluded again without a change it is the same report.
    .onConflict((conflict) => conflict.columns(['assessment_id', 'report_sha256', 'name']).doNothing())
    .execute();
}

/** Those of the blobs that a report of any organisation names. Only outside row-level security. */
export async function neededReportFiles(tx: Tx, addresses: readonly string[]): Promise<Set<string>> {
  const db = tx.withTables<AssessmentTables>();
  const rows = await db.selectFrom('report_file').select('sha256').where('sha256', 'in', addresses).execute();
  return new Set(rows.map(({ sha256 }) => sha256));
}

export async function readBy(tx: Tx, assessment: string, reportSha256: string, person: string): Promise<string[]> {
  const rows = await tx
    .withTables<AssessmentTables>()
    .selectFrom('report_read')
    .select('name')
    .where('assessment_id', '=', assessment)
    .where('report_sha256', '=', reportSha256)
    .where('person_id', '=', person)
    .execute();
  return rows.map(({ name }) => name);
}

export async function noteRead(
  tx: Tx,
  read: { organisation: string; assessment: string; reportSha256: string; name: string; person: string; now: Date },
): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .insertInto('report_read')
    .values({
      organisation_id: read.organisation,
      assessment_id: read.assessment,
      report_sha256: read.reportSha256,
      name: read.name,
      person_id: read.person,
      at: read.now,
    })
    .onConflict((conflict) => conflict.columns(['assessment_id', 'report_sha256', 'name', 'person_id']).doNothing())
    .execute();
}
