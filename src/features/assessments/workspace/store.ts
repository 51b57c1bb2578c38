import { sql } from 'kysely';
import type { AssessmentState } from '../../../contract/assessment-parts.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { AssessmentTables, KeptRulebook, SaidRequirement } from './tables.ts';

export interface Author {
  person_id: string | null;
  key_id: string | null;
}

function selectAssessments(tx: Tx) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('assessment')
    .innerJoin('service', 'service.id', 'assessment.service_id')
    .leftJoin('service_function', 'service_function.id', 'assessment.function_id')
    .leftJoin('person', 'person.id', 'assessment.person_id')
    .leftJoin('api_key', 'api_key.id', 'assessment.key_id')
    .selectAll('assessment')
    .select([
      'service.slug as service_slug',
      'service.name_zh as service_name_zh',
      'service.name_en as service_name_en',
    ])
    .select([
      'service_function.slug as function_slug',
      'service_function.name_zh as function_name_zh',
      'service_function.name_en as function_name_en',
    ])
    .select(['person.name as person_name', 'api_key.name as key_name'])
    .select((eb) => [
      eb
        .selectFrom('assessment_requirement')
        .whereRef('assessment_requirement.assessment_id', '=', 'assessment.id')
        .select(sql<number>`count(*)::int`.as('count'))
        .as('requirements'),
      eb
        .selectFrom('assessment_requirement')
        .whereRef('assessment_requirement.assessment_id', '=', 'assessment.id')
        .where('result', '<>', 'open')
        .select(sql<number>`count(*)::int`.as('count'))
        .as('settled'),
      eb
        .selectFrom('assessment_requirement')
        .whereRef('assessment_requirement.assessment_id', '=', 'assessment.id')
        .where('result', '=', 'fails')
        .select(sql<number>`count(*)::int`.as('count'))
        .as('fails'),
      eb
        .selectFrom('hazard')
        .whereRef('hazard.assessment_id', '=', 'assessment.id')
        .where('hazard.state', '<>', 'verified')
        .select(sql<number>`count(*)::int`.as('count'))
        .as('open_hazards'),
      eb
        .selectFrom('assessment_run')
        .whereRef('assessment_run.assessment_id', '=', 'assessment.id')
        .where('assessment_run.state', 'in', ['queued', 'working'])
        .select(sql<number>`count(*)::int`.as('count'))
        .as('running'),
    ]);
}

export type AssessmentRow = NonNullable<Awaited<ReturnType<typeof assessmentById>>>;

export function assessmentById(tx: Tx, id: string) {
  return selectAssessments(tx).where('assessment.id', '=', id).executeTakeFirst();
}

export interface ListQuery {
  after: string | undefined;
  limit: number;
  service: string | undefined;
  function: string | undefined;
  state: AssessmentState | undefined;
}

/** Newest first. */
export function listAssessments(tx: Tx, { after, limit, service, function: one, state }: ListQuery) {
  let query = selectAssessments(tx).orderBy('assessment.seq', 'desc').limit(limit);
  if (after !== undefined) query = query.where('assessment.seq', '<', Number(after));
  if (service) query = query.where('assessment.service_id', '=', service);
  if (one) query = query.where('assessment.function_id', '=', one);
  if (state) query = query.where('assessment.state', '=', state);
  return query.execute();
}

export type HeldAssessment = NonNullable<Awaited<ReturnType<typeof holdAssessment>>>;

/** The row itself, held until the transaction ends: whoever changes anything in it comes one after the other. */
export function holdAssessment(tx: Tx, id: string) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('assessment')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export interface NewAssessmentColumns {
  organisation: string;
  service: string;
  function: string | null;
  version: number | null;
  rulebooks: KeptRulebook[];
  previous: string | null;
  author: Author;
  now: Date;
}

export async function insertAssessment(tx: Tx, one: NewAssessmentColumns): Promise<string> {
  const { id } = await tx
    .withTables<AssessmentTables>()
    .insertInto('assessment')
    .values({
      organisation_id: one.organisation,
      state: 'draft',
      service_id: one.service,
      function_id: one.function,
      version: one.version,
      rulebooks: JSON.stringify(one.rulebooks),
      previous_id: one.previous,
      created_at: one.now,
      updated_at: one.now,
      ...one.author,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export interface AssessmentColumns {
  state?: AssessmentState;
  conclusion?: string | null;
  answers?: Record<string, string>;
  signatories?: { person: string; role: string }[];
  report?: string | null;
  report_at?: Date | null;
  filing_id?: string;
}

/** `isEdit`: of what carries its own revision; else only of something within it. */
export async function updateAssessment(
  tx: Tx,
  id: string,
  { answers, signatories, ...columns }: AssessmentColumns,
  { now, isEdit }: { now: Date; isEdit: boolean },
): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .updateTable('assessment')
    .set({
      ...columns,
      ...(answers ? { answers: JSON.stringify(answers) } : {}),
      ...(signatories ? { signatories: JSON.stringify(signatories) } : {}),
      updated_at: now,
    })
    .set(({ eb }) => ({
      changes: eb('changes', '+', 1),
      ...(isEdit ? { revision: eb('revision', '+', 1) } : {}),
    }))
    .where('id', '=', id)
    .execute();
}

export interface NewRequirement {
  rulebook: string;
  said: SaidRequirement;
  assignee: string | null;
  before: { result: 'conforms' | 'fails' | 'not-applicable' | 'open'; reason: string | null } | null;
  changed: ('added' | 'text')[];
}

export async function insertRequirements(
  tx: Tx,
  { organisation, assessment }: { organisation: string; assessment: string },
  some: readonly NewRequirement[],
): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .insertInto('assessment_requirement')
    .values(
      some.map(({ rulebook, said, assignee, before, changed }, position) => ({
        assessment_id: assessment,
        organisation_id: organisation,
        position,
        rulebook,
        requirement_id: said.id,
        said: JSON.stringify(said),
        result: 'open' as const,
        assignee_id: assignee,
        before: before && JSON.stringify(before),
        changed,
        person_id: null,
        key_id: null,
      })),
    )
    .execute();
}

export type RequirementRow = Awaited<ReturnType<typeof requirementsOf>>[number];

export function requirementsOf(tx: Tx, assessment: string) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('assessment_requirement')
    .leftJoin('person', 'person.id', 'assessment_requirement.person_id')
    .leftJoin('person as assignee', 'assignee.id', 'assessment_requirement.assignee_id')
    .leftJoin('api_key', 'api_key.id', 'assessment_requirement.key_id')
    .selectAll('assessment_requirement')
    .select(['person.name as person_name', 'api_key.name as key_name', 'assignee.name as assignee_name'])
    .where('assessment_id', '=', assessment)
    .orderBy('position')
    .execute();
}

export interface RequirementColumns {
  result?: RequirementRow['result'];
  reason?: string | null;
  tested?: NonNullable<RequirementRow['tested']>;
  answered_by?: 'probe' | 'person' | null;
  answered_at?: Date | null;
  person_id?: string | null;
  key_id?: string | null;
  assignee_id?: string | null;
  due_on?: string | null;
}

export async function updateRequirement(
  tx: Tx,
  { assessment, rulebook, id }: { assessment: string; rulebook: string; id: string },
  { tested, ...columns }: RequirementColumns,
): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .updateTable('assessment_requirement')
    .set({ ...columns, ...(tested ? { tested: JSON.stringify(tested) } : {}) })
    .where('assessment_id', '=', assessment)
    .where('rulebook', '=', rulebook)
    .where('requirement_id', '=', id)
    .execute();
}

export function commentsOf(tx: Tx, assessment: string) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('assessment_comment')
    .leftJoin('person', 'person.id', 'assessment_comment.person_id')
    .leftJoin('api_key', 'api_key.id', 'assessment_comment.key_id')
    .selectAll('assessment_comment')
    .select(['person.name as person_name', 'api_key.name as key_name'])
    .where('assessment_id', '=', assessment)
    .orderBy('seq')
    .execute();
}

export async function insertComment(
  tx: Tx,
  comment: {
    organisation: string;
    assessment: string;
    text: string;
    requirement: { rulebook: string; id: string } | null;
    hazard: string | null;
    author: Author;
    now: Date;
  },
): Promise<string> {
  const { id } = await tx
    .withTables<AssessmentTables>()
    .insertInto('assessment_comment')
    .values({
      organisation_id: comment.organisation,
      assessment_id: comment.assessment,
      text: comment.text,
      rulebook: comment.requirement?.rulebook ?? null,
      requirement_id: comment.requirement?.id ?? null,
      hazard_id: comment.hazard,
      at: comment.now,
      ...comment.author,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Those of the ids that are people of this organisation. */
export async function knownPeople(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const db = tx.withTables<AssessmentTables>();
  const rows = await db.selectFrom('person').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
