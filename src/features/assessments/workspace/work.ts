import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Limits } from '../../../box/pool.ts';
import type { AssessmentRecord } from '../../../contract/assessment.ts';
import type { Run } from '../../../contract/assessment-runs.ts';
import { Problem } from '../../../contract/problem.ts';
import { actAsSystem, type Database } from '../../../platform/database/database.ts';
import type { Job } from '../../../platform/jobs.ts';
import type { Allowed } from '../../../platform/safe-fetch/destination.ts';
import { guardedFetch } from '../../../platform/safe-fetch/guarded-fetch.ts';
import { type Assessment, type AssessmentTools, assess, takeAway } from '../assessments.ts';
import { type JournalLine, journalOf, lineSchema } from '../journal.ts';
import { applyRun } from './apply-run.ts';
import { hold, recordDone } from './change.ts';
import { watchRun } from './progress.ts';
import type { OneRun } from './queues.ts';
import { sha256Of } from './read.ts';
import { type BegunRun, beginRun, type EndedRun, endRun, insertLine, linesOf } from './runs-store.ts';
import { assessmentById, requirementsOf } from './store.ts';
import { openTarget } from './targets.ts';

export interface WorkSetup {
  database: Database;
  /** Of the installation: unseals how services are reached. */
  secret: string;
  /** Where samples are made, and nothing else lies. */
  folder: string;
  /** Opened when it is first needed, once for the process. */
  tools: () => Promise<AssessmentTools['labelling']>;
  limits: Limits;
  /** Hosts and networks beyond the public internet that the operator opened to probes. */
  allow: Allowed;
  now: () => Date;
  /** Ends what is under way when the process goes down; another goes on. */
  closing: AbortSignal;
  onTrouble: (error: Error) => void;
}

/** One that takes the whole process with it, every time, is given up after this many. */
const mostStarts = 5;

/** Runs the probes of one run and writes what came of it; in another process it goes on where the first one died. */
export async function work(setup: WorkSetup, { data }: Job<OneRun>): Promise<void> {
  const { database, now } = setup;
  const run = await actAsSystem(database, (tx) => beginRun(tx, data.run, now()));
  if (!run) return;
  if (run.starts > mostStarts) {
    await end(setup, run, { state: 'failed', failure: { code: 'broken-off-often', params: { times: mostStarts } } });
    return;
  }
  const folder = join(setup.folder, run.id);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await runProbes(setup, run, folder);
  } catch (error) {
    if (setup.closing.aborted) throw error;
    const foreseen = error instanceof Problem;
    if (!foreseen) setup.onTrouble(error instanceof Error ? error : new Error(String(error)));
    if (!foreseen && run.starts < mostStarts) throw error;
    await end(setup, run, { state: 'failed', failure: failureOf(error) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runProbes(setup: WorkSetup, run: BegunRun, folder: string): Promise<void> {
  const { database, now, onTrouble, closing } = setup;
  const prepared = await prepare(setup, run);
  const stop = new AbortController();
  const watching = watchRun(database, run, { onStop: () => stop.abort(), onTrouble });
  let requests = 0;
  const tools: AssessmentTools = {
    labelling: await setup.tools(),
    limits: setup.limits,
    folder,
    journal: prepared.journal,
    signal: AbortSignal.any([stop.signal, closing]),
    now,
    onProgress: watching.show,
    onAsked: (asked) => {
      requests += 1;
      watching.asked(asked);
    },
    fetch: guardedFetch({ allow: setup.allow }),
  };
  let ended: Ending;
  try {
    const record = await assess(prepared.assessment, tools);
    ended = { state: 'done', record };
  } catch (error) {
    if (!stop.signal.aborted || closing.aborted) throw error;
    // The wish to stop is not the service's fault: what it was given is taken away all the same.
    const left = await takeAway(prepared.assessment, { ...tools, signal: closing });
    ended = { state: 'stopped', left_behind: left, requests };
  } finally {
    await watching.close();
  }
  await end(setup, run, ended);
}

async function prepare({ database, secret }: WorkSetup, run: BegunRun) {
  return actAsSystem(database, async (tx) => {
    const row = await assessmentById(tx, run.assessment_id);
    const target = row && (await openTarget(tx, row.service_id, secret));
    if (!row || !target)
      throw new Problem('target-missing', 'Nobody said how the service is reached.', { status: 409 });
    const requirements = await requirementsOf(tx, run.assessment_id);
    const lines = (await linesOf(tx, run.id)).map((line) => lineSchema.parse(JSON.parse(line)));
    const append = (line: JournalLine) =>
      actAsSystem(database, (later) => insertLine(later, run, JSON.stringify(line)));
    const nameOf = (slug: string, zh: string | null, en: string | null) => ({ slug, name: { zh, en } });
    const assessment: Assessment = {
      service: nameOf(row.service_slug, row.service_name_zh, row.service_name_en),
      function:
        row.function_slug === null ? null : nameOf(row.function_slug, row.function_name_zh, row.function_name_en),
      ...target,
      rulebooks: row.rulebooks.map((rulebook) => ({
        rulebook,
        requirements: requirements.filter((one) => one.rulebook === rulebook.id).map(({ said }) => said),
      })),
      samples: run.samples,
      only: run.probes,
      search: run.search === 0 ? null : { publications: run.search },
    };
    const startedAt = (run.started_at ?? new Date()).toISOString();
    return { assessment, journal: journalOf({ run: run.id, startedAt }, lines, append) };
  });
}

type Ending =
  | { state: 'done'; record: AssessmentRecord }
  | { state: 'failed'; failure: NonNullable<Run['failure']> }
  | { state: 'stopped'; left_behind: number; requests: number };

/** Writes the end of a run, and what it means for the assessment, in one transaction. */
async function end({ database, now }: WorkSetup, run: BegunRun, ending: Ending): Promise<void> {
  await actAsSystem(database, async (tx) => {
    const held = await hold(tx, run.assessment_id);
    const at = now();
    if (!(await endRun(tx, run.id, columnsOf(ending, at)))) return;
    const caller = { actor: { organisation: run.organisation_id, person: null }, key: null };
    const doing = { tx, now: at, caller };
    if (ending.state === 'done') await applyRun(doing, held, run.id, ending.record);
    await recordDone(doing, held, { kind: `run-${ending.state}`, data: { run: run.id } });
  });
}

function columnsOf(ending: Ending, at: Date): EndedRun {
  if (ending.state !== 'done') return { ...ending, ended_at: at };
  const record = JSON.stringify(ending.record);
  return {
    state: 'done',
    record,
    record_sha256: sha256Of(record),
    requests: ending.record.requests,
    left_behind: ending.record.leftBehind.length,
    ended_at: at,
  };
}

function failureOf(error: unknown): NonNullable<Run['failure']> {
  if (!(error instanceof Problem)) return { code: 'unexpected', params: {} };
  const params = Object.entries(error.params).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value,
  ]);
  return { code: error.code, params: Object.fromEntries(params) };
}
