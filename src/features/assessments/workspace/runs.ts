import type { z } from 'zod';
import { assessmentRecordSchema, type ProbeId } from '../../../contract/assessment.ts';
import type { newRunSchema, runDetailSchema } from '../../../contract/assessment-runs.ts';
import type { Assessment } from '../../../contract/assessments.ts';
import { Problem } from '../../../contract/problem.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { tell } from '../../../platform/http/live.ts';
import type { Jobs } from '../../../platform/jobs.ts';
import { authorOf, type Change, hold, holdWorkable, recordDone } from './change.ts';
import { runQueue } from './queues.ts';
import { readAssessment } from './read.ts';
import { askToStop, insertRun, recordOf, requestsOf, runById } from './runs-store.ts';
import { showRun } from './show.ts';
import { targetRow } from './targets-store.ts';

/** Queues a run of the probes. Throws `target-missing`, `run-under-way`. */
export async function askForRun(
  change: Change,
  assessment: string,
  { samples, probes, search }: z.output<typeof newRunSchema>,
  jobs: Jobs,
): Promise<Assessment> {
  const { tx, now, caller } = change;
  const held = await holdWorkable(tx, assessment);
  if (!(await targetRow(tx, held.service_id))) {
    throw new Problem('target-missing', 'Nobody said yet how the service is reached.', { status: 409 });
  }
  const own: ProbeId[] | null = probes ? [...new Set(probes)] : null;
  const organisation = held.organisation_id;
  const run = await insertRun(tx, {
    ...{ organisation, assessment, samples, probes: own, search, now },
    author: authorOf(caller),
  });
  if (run === null) throw new Problem('run-under-way', 'A run is under way.', { status: 409 });
  await jobs.send(tx, runQueue, { run });
  await recordDone(change, held, { kind: 'run-asked', data: { run, samples, probes: own, search } });
  return readAssessment(tx, assessment, { now, person: caller.actor.person });
}

/** Asks a run to end where it is; what it published is taken away again. */
export async function stopRun(change: Change, assessment: string, run: string): Promise<Assessment> {
  const { tx, now, caller } = change;
  const held = await hold(tx, assessment);
  const row = await runById(tx, run);
  if (row?.assessment_id !== assessment) throw runUnknown();
  if (!(await askToStop(tx, run))) throw new Problem('run-ended', 'The run has ended.', { status: 409 });
  await recordDone(change, held, { kind: 'run-stop-asked', data: { run } });
  const organisation = held.organisation_id;
  await tell(tx, { organisation, topic: 'assessment-run', id: run, data: { assessment, stop: 'asked' } });
  return readAssessment(tx, assessment, { now, person: caller.actor.person });
}

export async function findRun(tx: Tx, assessment: string, run: string): Promise<z.input<typeof runDetailSchema>> {
  const row = await runById(tx, run);
  if (row?.assessment_id !== assessment) throw runUnknown();
  const record = await recordOf(tx, run);
  return {
    ...showRun(row),
    assessment,
    record: record === null ? null : assessmentRecordSchema.parse(JSON.parse(record)),
  };
}

/** Every request of a run, a line each. */
export async function findRequests(tx: Tx, assessment: string, run: string): Promise<string> {
  const row = await runById(tx, run);
  if (row?.assessment_id !== assessment) throw runUnknown();
  return requestsOf(tx, run);
}

function runUnknown(): Problem {
  return new Problem('run-unknown', 'There is no such run.', { status: 404 });
}
