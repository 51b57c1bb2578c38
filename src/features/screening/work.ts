import { Problem } from '../../contract/problem.ts';
import type { ScreeningItem } from '../../contract/screenings.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { holdBlobs } from '../../platform/blobs/held-blobs.ts';
import { actAsSystem, type Database } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import type { Job, Jobs } from '../../platform/jobs.ts';
import { storeExhibits } from './exhibits.ts';
import { limitsFor, usualHashLimit, usualMemoryMb, usualTimeSeconds, usualWindowSeconds } from './limits.ts';
import { reportProgress, shareAt, tellState } from './progress.ts';
import type { OneScreening } from './queues.ts';
import { type Screened, type Screening, screenFiles } from './screening.ts';
import { beginWork, type Result, saveFailure, saveResult, type Work } from './store.ts';
import { versionsDigest } from './versions.ts';
import type { FoundFile } from './walk.ts';

export interface WorkSetup {
  database: Database;
  jobs: Jobs;
  blobs: Blobs;
  /** Opened when it is first needed, once for the process. */
  screening: () => Promise<Screening>;
  now: () => Date;
  /** True once the process is going down: what ends now was perhaps ended by that. */
  closing: () => boolean;
  onTrouble: (error: Error) => void;
  /** Counts what came to an end, by its verdict. */
  onScreened: (ended: { verdict: string }) => void;
}

/** A file that takes the whole process with it, every time, is given up after this many. */
export const mostStarts = 5;

/** Examines one screening and saves its record; may run again at any point, and saves one. */
export async function examine(setup: WorkSetup, { data }: Job<OneScreening>): Promise<void> {
  const { blobs } = setup;
  const work = await begin(setup, data.screening, 'start');
  if (!work) return;
  try {
    const { sha256 } = work;
    if (sha256 === null) throw new Error(`screening ${work.id} has no file`);
    const file = await blobs.materialise(sha256);
    try {
      const { screened, versions } = await screen(setup, work, file.path);
      // Examiners that were ended from outside say nothing about the file.
      if (setup.closing()) throw new Error('the process is going down');
      await save(setup, work, screened, versions);
    } finally {
      await file.release();
    }
  } catch (error) {
    await failOrThrow(setup, work, error);
  }
}

/** Takes it into work, or gives it up when that happened too often. */
export async function begin({ database, now }: WorkSetup, id: string, stage: 'fetch' | 'start'): Promise<Work | null> {
  const work = await actAsSystem(database, async (tx) => {
    const begun = await beginWork(tx, id, stage);
    if (begun) await tellState(tx, begun, { state: 'examining', stage, share: 0 });
    return begun;
  });
  if (!work) return null;
  if (work.starts <= mostStarts) return work;
  const tooOften = new Problem('broken-off-often', 'It was broken off again and again.', {
    params: { times: mostStarts },
  });
  await fail(database, work, tooOften, now());
  return null;
}

async function screen(setup: WorkSetup, work: Work, path: string): Promise<{ screened: Screened; versions: string }> {
  const { database, onTrouble } = setup;
  const screening = await setup.screening();
  const progress = reportProgress(database, work, onTrouble);
  try {
    const file: FoundFile = { path: Buffer.from(path), name: work.name, named: true, link: false };
    // As `clearmirror screen` does it unless told otherwise: the same bytes get the same record.
    const options = {
      exhibits: true,
      declared: work.declared,
      hashLimit: usualHashLimit,
      windowSeconds: usualWindowSeconds,
      limits: limitsFor({ memoryMb: usualMemoryMb, timeSeconds: usualTimeSeconds }),
      onStage: (_file: FoundFile, stage: keyof typeof shareAt) => progress.reached({ stage, share: shareAt[stage] }),
      onBug: (_file: FoundFile, bug: unknown) => onTrouble(asError(bug)),
    };
    for await (const screened of screenFiles(only(file), screening, options)) {
      return { screened, versions: versionsDigest(screening) };
    }
    throw new Error('nothing was screened');
  } finally {
    await progress.stop();
  }
}

async function* only(file: FoundFile): AsyncGenerator<FoundFile> {
  yield file;
}

async function save(setup: WorkSetup, work: Work, { record, exhibits }: Screened, versions: string): Promise<void> {
  const { database, blobs, now } = setup;
  for (let tries = 0; tries < 3; tries += 1) {
    const result: Result = {
      record: JSON.stringify(record),
      versions,
      kind: record.file.kind,
      format: record.file.format,
      verdict: record.verdict,
      propagation: record.propagation.status,
      conflicts: record.conflicts.length,
      exhibits: await storeExhibits(blobs, exhibits),
    };
    const saved = await actAsSystem(database, async (tx) => {
      if (
        !(await holdBlobs(
          tx,
          blobs,
          result.exhibits.map(({ sha256 }) => sha256),
        ))
      )
        return false;
      if (!(await saveResult(tx, work, result, now()))) return true;
      await recordDeed(tx, machineOf(work), {
        kind: 'screening-done',
        subject: { type: 'screening', id: work.id },
        data: { word: record.verdict.word, code: record.verdict.code, propagation: record.propagation.status },
      });
      await tellState(tx, work, { state: 'done' });
      return true;
    });
    if (saved) {
      setup.onScreened({ verdict: record.verdict.word });
      return;
    }
  }
  throw new Error(`the pictures of screening ${work.id} were removed as they were stored`);
}

/** What a person can act on ends it. What nobody foresaw is told, and tried again until it was tried often enough. */
export async function failOrThrow(setup: WorkSetup, work: Work, error: unknown): Promise<void> {
  const foreseen = error instanceof Problem;
  if (setup.closing() && !foreseen) throw error;
  if (!foreseen) setup.onTrouble(asError(error));
  if (!foreseen && work.starts < mostStarts) throw error;
  await fail(setup.database, work, error, setup.now());
}

/** Ends it without a record, with the reason; a person can try it again. */
async function fail(database: Database, work: Work, reason: unknown, at: Date): Promise<void> {
  const failure = failureOf(reason);
  await actAsSystem(database, async (tx) => {
    if (!(await saveFailure(tx, work.id, failure, at))) return;
    await recordDeed(tx, machineOf(work), {
      kind: 'screening-failed',
      subject: { type: 'screening', id: work.id },
      data: { code: failure.code },
    });
    await tellState(tx, work, { state: 'failed' });
  });
}

function failureOf(reason: unknown): NonNullable<ScreeningItem['failure']> {
  if (!(reason instanceof Problem)) return { code: 'unexpected', params: {} };
  const params = Object.entries(reason.params).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value,
  ]);
  return { code: reason.code, params: Object.fromEntries(params) };
}

/** Nobody did it: it happened in the organisation. */
function machineOf({ organisation_id }: Work) {
  return { actor: { organisation: organisation_id, person: null }, key: null };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
