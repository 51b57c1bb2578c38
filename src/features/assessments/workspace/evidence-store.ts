import { sql } from 'kysely';
import type { ProbeId } from '../../../contract/assessment.ts';
import type { Evidence } from '../../../contract/assessment-evidence.ts';
import type { RuleRef } from '../../../contract/assessment-parts.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Author } from './store.ts';
import type { AssessmentTables } from './tables.ts';

export type EvidenceRow = Awaited<ReturnType<typeof evidenceRowsOf>>[number];

export function evidenceRowsOf(tx: Tx, assessment: string) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('assessment_evidence')
    .leftJoin('person', 'person.id', 'assessment_evidence.person_id')
    .leftJoin('api_key', 'api_key.id', 'assessment_evidence.key_id')
    .leftJoin('filed_document', (join) =>
      join
        .onRef('filed_document.organisation_id', '=', 'assessment_evidence.organisation_id')
        .onRef('filed_document.sha256', '=', 'assessment_evidence.document_sha256'),
    )
    .selectAll('assessment_evidence')
    .select(['person.name as person_name', 'api_key.name as key_name'])
    .select(['filed_document.name as file_name', 'filed_document.bytes as file_bytes', 'filed_document.media_type'])
    .where('assessment_id', '=', assessment)
    .orderBy('no')
    .execute();
}

export function linksOf(tx: Tx, assessment: string) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('evidence_requirement')
    .select(['evidence_id', 'rulebook', 'requirement_id'])
    .where('assessment_id', '=', assessment)
    .execute();
}

export interface NewEvidenceColumns {
  organisation: string;
  assessment: string;
  kind: Evidence['kind'];
  title: string;
  observedAt: Date;
  validUntil: Date | null;
  sha256: string | null;
  document?: string;
  url?: string;
  statement?: string;
  screening?: string;
  run?: { id: string; probe: ProbeId };
  carriedFrom?: string;
  requirements: readonly RuleRef[];
  author: Author;
  now: Date;
}

/** Numbered on from the last; the assessment must be held. */
export async function insertEvidence(tx: Tx, some: readonly NewEvidenceColumns[]): Promise<string[]> {
  const [first] = some;
  if (!first) return [];
  const db = tx.withTables<AssessmentTables>();
  const { last } = await db
    .selectFrom('assessment_evidence')
    .select(sql<number>`coalesce(max(no), 0)::int`.as('last'))
    .where('assessment_id', '=', first.assessment)
    .executeTakeFirstOrThrow();
  const rows = await db
    .insertInto('assessment_evidence')
    .values(
      some.map((one, index) => ({
        organisation_id: one.organisation,
        assessment_id: one.assessment,
        no: last + index + 1,
        kind: one.kind,
        title: one.title,
        observed_at: one.observedAt,
        received_at: one.now,
        valid_until: one.validUntil,
        sha256: one.sha256,
        document_sha256: one.document ?? null,
        url: one.url ?? null,
        statement: one.statement ?? null,
        screening_id: one.screening ?? null,
        run_id: one.run?.id ?? null,
        probe: one.run?.probe ?? null,
        carried_from: one.carriedFrom ?? null,
        ...one.author,
      })),
    )
    .returning(['id', 'no'])
    .execute();
  const ids = rows.toSorted((one, other) => one.no - other.no).map(({ id }) => id);
  const links = some.flatMap(({ organisation, assessment, requirements }, index) =>
    requirements.map(({ rulebook, id }) => ({
      evidence_id: ids[index] ?? '',
      organisation_id: organisation,
      assessment_id: assessment,
      rulebook,
      requirement_id: id,
    })),
  );
  if (links.length > 0) await db.insertInto('evidence_requirement').values(links).execute();
  return ids;
}

export async function withdrawRows(tx: Tx, ids: readonly string[], reason: string, now: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .withTables<AssessmentTables>()
    .updateTable('assessment_evidence')
    .set({ withdrawn_at: now, withdrawn_reason: reason })
    .where('id', 'in', ids)
    .where('withdrawn_at', 'is', null)
    .execute();
}
