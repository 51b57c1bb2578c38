import { sql } from 'kysely';
import type { RuleRef } from '../../../contract/assessment-parts.ts';
import type { HazardState } from '../../../contract/hazards.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Author } from './store.ts';
import type { AssessmentTables, SeenHazard } from './tables.ts';

function selectHazards(tx: Tx) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('hazard')
    .innerJoin('assessment', 'assessment.id', 'hazard.assessment_id')
    .innerJoin('service', 'service.id', 'assessment.service_id')
    .leftJoin('service_function', 'service_function.id', 'assessment.function_id')
    .leftJoin('person as owner', 'owner.id', 'hazard.owner_id')
    .selectAll('hazard')
    .select([
      'assessment.state as assessment_state',
      'assessment.service_id',
      'service.slug as service_slug',
      'service.name_zh as service_name_zh',
      'service.name_en as service_name_en',
      'assessment.function_id',
      'service_function.slug as function_slug',
      'service_function.name_zh as function_name_zh',
      'service_function.name_en as function_name_en',
      'owner.name as owner_name',
    ]);
}

export type HazardRow = NonNullable<Awaited<ReturnType<typeof hazardById>>>;

export function hazardById(tx: Tx, id: string) {
  return selectHazards(tx).where('hazard.id', '=', id).executeTakeFirst();
}

export function hazardRowsOf(tx: Tx, assessment: string) {
  return selectHazards(tx).where('hazard.assessment_id', '=', assessment).orderBy('hazard.no').execute();
}

export interface HazardListQuery {
  after: string | undefined;
  limit: number;
  assessment: string | undefined;
  service: string | undefined;
  state: HazardState | undefined;
  owner: string | undefined;
  open: boolean | undefined;
}

/** Newest first. */
export function listHazards(tx: Tx, { after, limit, assessment, service, state, owner, open }: HazardListQuery) {
  let query = selectHazards(tx).orderBy('hazard.seq', 'desc').limit(limit);
  if (after !== undefined) query = query.where('hazard.seq', '<', Number(after));
  if (assessment) query = query.where('hazard.assessment_id', '=', assessment);
  if (service) query = query.where('assessment.service_id', '=', service);
  if (state) query = query.where('hazard.state', '=', state);
  if (owner) query = query.where('hazard.owner_id', '=', owner);
  if (open === true) query = query.where('hazard.state', '<>', 'verified').where('assessment.state', '<>', 'abandoned');
  if (open === false) query = query.where('hazard.state', '=', 'verified');
  return query.execute();
}

export type HazardStepRow = Awaited<ReturnType<typeof stepsOf>>[number];

export function stepsOf(tx: Tx, hazards: readonly string[]) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('hazard_step')
    .leftJoin('person', 'person.id', 'hazard_step.person_id')
    .leftJoin('api_key', 'api_key.id', 'hazard_step.key_id')
    .selectAll('hazard_step')
    .select(['person.name as person_name', 'api_key.name as key_name'])
    .where('hazard_id', '=', sql<string>`any(${[...hazards]}::uuid[])`)
    .orderBy('hazard_step.id')
    .execute();
}

export interface NewHazardColumns {
  organisation: string;
  assessment: string;
  key: string | null;
  title: string | null;
  seen: SeenHazard | null;
  reproduce: string[];
  requirements: RuleRef[];
  severity: HazardRow['severity'];
  verifiedRule: boolean;
  foundAt: Date;
}

/** Numbered on from the last; the assessment must be held. */
export async function insertHazard(tx: Tx, one: NewHazardColumns): Promise<string> {
  const db = tx.withTables<AssessmentTables>();
  const { id } = await db
    .insertInto('hazard')
    .values(({ selectFrom }) => ({
      organisation_id: one.organisation,
      assessment_id: one.assessment,
      no: selectFrom('hazard')
        .select(sql<number>`coalesce(max(no), 0) + 1`.as('no'))
        .where('assessment_id', '=', one.assessment),
      key: one.key,
      title: one.title,
      seen: one.seen && JSON.stringify(one.seen),
      reproduce: one.reproduce,
      requirements: JSON.stringify(one.requirements),
      severity: one.severity,
      verified_rule: one.verifiedRule,
      state: 'open' as const,
      found_at: one.foundAt,
    }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export interface HazardColumns {
  state?: HazardState;
  seen?: SeenHazard;
  severity?: HazardRow['severity'];
  verified_rule?: boolean;
  owner_id?: string | null;
  plan?: string | null;
  planned_at?: Date | null;
  first_due_on?: string | null;
  due_on?: string | null;
  done_at?: Date | null;
  verified_at?: Date | null;
}

export async function updateHazard(tx: Tx, id: string, { seen, ...columns }: HazardColumns): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .updateTable('hazard')
    .set({ ...columns, ...(seen ? { seen: JSON.stringify(seen) } : {}) })
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

export interface NewHazardStep {
  organisation: string;
  hazard: string;
  to: HazardStepRow['to'];
  dueOn?: string;
  note?: string;
  run?: string;
  author: Author;
  now: Date;
}

export async function insertHazardStep(tx: Tx, one: NewHazardStep): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .insertInto('hazard_step')
    .values({
      organisation_id: one.organisation,
      hazard_id: one.hazard,
      to: one.to,
      at: one.now,
      due_on: one.dueOn ?? null,
      note: one.note ?? null,
      run_id: one.run ?? null,
      ...one.author,
    })
    .execute();
}
