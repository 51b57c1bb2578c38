import { sql } from 'kysely';
import type { ProbeId } from '../../../contract/assessment.ts';
import type { ProbeProgress, Run } from '../../../contract/assessment-runs.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Author } from './store.ts';
import type { AssessmentTables } from './tables.ts';

function selectRuns(tx: Tx) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('assessment_run')
    .leftJoin('person', 'person.id', 'assessment_run.person_id')
    .leftJoin('api_key', 'api_key.id', 'assessment_run.key_id')
    .select([
      'assessment_run.id',
      'assessment_run.organisation_id',
      'assessment_id',
      'state',
      'samples',
      'probes',
      'search',
    ])
    .select(['step', 'progress', 'failure', 'starts', 'stop_asked', 'requests', 'left_behind', 'record_sha256'])
    .select(['assessment_run.created_at', 'started_at', 'ended_at', 'assessment_run.person_id', 'key_id'])
    .select(['person.name as person_name', 'api_key.name as key_name']);
}

export type RunRow = NonNullable<Awaited<ReturnType<typeof runById>>>;

export function runById(tx: Tx, id: string) {
  return selectRuns(tx).where('assessment_run.id', '=', id).executeTakeFirst();
}

/** Newest first, without their records. */
export function runsOf(tx: Tx, assessment: string) {
  return selectRuns(tx).where('assessment_id', '=', assessment).orderBy('seq', 'desc').execute();
}

export async function recordOf(tx: Tx, run: string): Promise<string | null> {
  const db = tx.withTables<AssessmentTables>();
  const row = await db.selectFrom('assessment_run').select('record').where('id', '=', run).executeTakeFirst();
  return row?.record ?? null;
}

/** Records of the runs that came to their end, oldest first. */
export async function recordsOf(tx: Tx, assessment: string): Promise<{ id: string; record: string }[]> {
  const rows = await tx
    .withTables<AssessmentTables>()
    .selectFrom('assessment_run')
    .select(['id', 'record'])
    .where('assessment_id', '=', assessment)
    .where('record', 'is not', null)
    .orderBy('seq')
    .execute();
  return rows.flatMap(({ id, record }) => (record === null ? [] : [{ id, record }]));
}

export async function insertRun(
  tx: Tx,
  run: {
    organisation: string;
    assessment: string;
    samples: number;
    probes: ProbeId[] | null;
    search: number;
    author: Author;
    now: Date;
  },
): Promise<string | null> {
  const row = await tx
    .withTables<AssessmentTables>()
    .insertInto('assessment_run')
    .values({
      organisation_id: run.organisation,
      assessment_id: run.assessment,
      state: 'queued',
      samples: run.samples,
      probes: run.probes,
      search: run.search,
      created_at: run.now,
      ...run.author,
    })
    .onConflict((conflict) => conflict.column('assessment_id').where('state', 'in', ['queued', 'working']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Work on it begins, perhaps again; undefined when there is nothing left to do. */
export function beginRun(tx: Tx, id: string, now: Date) {
  return tx
    .withTables<AssessmentTables>()
    .updateTable('assessment_run')
    .set(({ eb, ref }) => ({
      state: 'working' as const,
      starts: eb('starts', '+', 1),
      started_at: eb.fn.coalesce(ref('started_at'), eb.val(now)),
    }))
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'working'])
    .returning(['id', 'organisation_id', 'assessment_id', 'samples', 'probes', 'search', 'starts', 'started_at'])
    .executeTakeFirst();
}
export type BegunRun = NonNullable<Awaited<ReturnType<typeof beginRun>>>;

/** Returns whether somebody wants it to stop. */
export async function noteProgress(
  tx: Tx,
  id: string,
  { step, progress }: { step: NonNullable<Run['step']>; progress: ProbeProgress[] },
): Promise<boolean> {
  const row = await tx
    .withTables<AssessmentTables>()
    .updateTable('assessment_run')
    .set({ step, progress: JSON.stringify(progress) })
    .where('id', '=', id)
    .where('state', '=', 'working')
    .returning('stop_asked')
    .executeTakeFirst();
  return row?.stop_asked ?? true;
}

export interface EndedRun {
  state: 'done' | 'failed' | 'stopped';
  failure?: NonNullable<Run['failure']>;
  requests?: number;
  left_behind?: number;
  record?: string;
  record_sha256?: string;
  ended_at: Date;
}

/** False when it had ended already. */
export async function endRun(tx: Tx, id: string, { failure, ...columns }: EndedRun): Promise<boolean> {
  const row = await tx
    .withTables<AssessmentTables>()
    .updateTable('assessment_run')
    .set({ ...columns, step: null, ...(failure ? { failure: JSON.stringify(failure) } : {}) })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'working'])
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function askToStop(tx: Tx, id: string): Promise<boolean> {
  const row = await tx
    .withTables<AssessmentTables>()
    .updateTable('assessment_run')
    .set({ stop_asked: true })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'working'])
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function linesOf(tx: Tx, run: string): Promise<string[]> {
  const db = tx.withTables<AssessmentTables>();
  const rows = await db
    .selectFrom('assessment_run_line')
    .select('line')
    .where('run_id', '=', run)
    .orderBy('id')
    .execute();
  return rows.map(({ line }) => line);
}

export async function insertLine(tx: Tx, run: { id: string; organisation_id: string }, line: string): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .insertInto('assessment_run_line')
    .values({ run_id: run.id, organisation_id: run.organisation_id, line })
    .execute();
}

export async function insertRequests(
  tx: Tx,
  run: { id: string; organisation_id: string },
  lines: string,
): Promise<void> {
  await tx
    .withTables<AssessmentTables>()
    .insertInto('assessment_run_requests')
    .values({ run_id: run.id, organisation_id: run.organisation_id, lines })
    .execute();
}

/** All requests of a run, one JSON object a line. */
export async function requestsOf(tx: Tx, run: string): Promise<string> {
  const { text } = await tx
    .withTables<AssessmentTables>()
    .selectFrom('assessment_run_requests')
    .select(sql<string>`coalesce(string_agg(lines, '' order by id), '')`.as('text'))
    .where('run_id', '=', run)
    .executeTakeFirstOrThrow();
  return text;
}
