import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Limits } from '../../box/pool.ts';
import { type Labelling, labelPlanSchema } from '../../contract/labelling.ts';
import type { LabellingItem } from '../../contract/labellings.ts';
import { Problem } from '../../contract/problem.ts';
import { speaker } from '../../contract/words.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { holdBlobs } from '../../platform/blobs/held-blobs.ts';
import type { StoredBlob } from '../../platform/blobs/write.ts';
import { actAsSystem, type Database } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import type { Job } from '../../platform/jobs.ts';
import { labelFile } from './labelling.ts';
import { labelledName, sidecarName } from './names.ts';
import { reportProgress, tellState } from './progress.ts';
import type { OneLabelling } from './queues.ts';
import type { LabellingTools } from './request.ts';
import { beginWork, type Result, saveFailure, saveResult, type Work } from './store.ts';

export interface WorkSetup {
  database: Database;
  blobs: Blobs;
  /** Where new files are written before they are stored, and nothing else lies. */
  folder: string;
  /** Opened when it is first needed, once for the process. */
  tools: () => Promise<LabellingTools>;
  limits: Limits;
  maxBytes: number;
  now: () => Date;
  /** True once the process is going down: what ends now was perhaps ended by that. */
  closing: () => boolean;
  onTrouble: (error: Error) => void;
}

/** A file that takes the whole process with it, every time, is given up after this many. */
const mostStarts = 5;

/** Labels one file and stores what came of it; may run again at any point, and stores one. */
export async function work(setup: WorkSetup, { data }: Job<OneLabelling>): Promise<void> {
  const begun = await begin(setup, data.labelling);
  if (!begun) return;
  try {
    const folder = join(setup.folder, begun.id);
    await empty(folder);
    try {
      const { record, output, sidecar } = await label(setup, begun, folder);
      // A box that was ended from outside says nothing about the file.
      if (setup.closing()) throw new Error('the process is going down');
      await save(setup, begun, { record, output, sidecar });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    await endOrThrow(setup, begun, error);
  }
}

/** Removes what processes left that died at work, here. */
export async function clearLeftovers(folder: string, now: Date): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (now.getTime() - mtimeMs > restsMs) await rm(path, { recursive: true, force: true });
  }
}

/** Longer than any job may take. */
const restsMs = 24 * 3_600_000;

async function begin({ database, now }: WorkSetup, id: string): Promise<Work | null> {
  const begun = await actAsSystem(database, async (tx) => {
    const row = await beginWork(tx, id);
    if (row) await tellState(tx, row, 'working', 0);
    return row;
  });
  if (!begun) return null;
  if (begun.starts <= mostStarts) return begun;
  const failure = { code: 'broken-off-often', params: { times: mostStarts } };
  await end(database, begun, { state: 'failed', failure }, now());
  return null;
}

async function empty(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

interface Made {
  record: Labelling;
  output: string;
  sidecar: string | null;
}

async function label(setup: WorkSetup, begun: Work, folder: string): Promise<Made> {
  const { database, blobs, limits, onTrouble } = setup;
  const output = join(folder, 'labelled');
  const file = await blobs.materialise(begun.sha256);
  // What is plain text is known as Markdown by its name alone, and stored files have none.
  const input = join(folder, /\.(md|markdown)$/i.test(begun.name) ? 'original.md' : 'original');
  const progress = reportProgress(database, begun, onTrouble);
  try {
    await symlink(resolve(file.path), input);
    const record = await labelFile(
      {
        input,
        output,
        overwrite: false,
        plan: labelPlanSchema.parse(JSON.parse(begun.plan)),
        limits,
        // Storing it tells its hash: it need not be read twice.
        hashLimit: -1,
        say: speaker(begun.lang),
        onProgress: (_step, fraction) => progress.reached(fraction),
      },
      await setup.tools(),
    );
    const beside = (await readdir(folder)).find((name) => name === 'labelled.c2pa');
    return { record, output, sidecar: beside === undefined ? null : join(folder, beside) };
  } finally {
    await progress.stop();
    await file.release();
  }
}

async function save(setup: WorkSetup, begun: Work, { record, output, sidecar }: Made): Promise<void> {
  const { database, blobs, maxBytes, now } = setup;
  const put = (path: string) => blobs.put(createReadStream(path), { maxBytes: maxBytes + roomForLabels });
  for (let tries = 0; tries < 3; tries += 1) {
    const labelled = await put(output);
    const beside = sidecar === null ? null : await put(sidecar);
    const result = resultOf(record, begun, { labelled, beside });
    const saved = await actAsSystem(database, async (tx) => {
      // The original too: it is what a second look compares with.
      const stored = [begun.sha256, labelled.sha256, ...(beside ? [beside.sha256] : [])];
      if (!(await holdBlobs(tx, blobs, stored))) return false;
      if (!(await saveResult(tx, begun, result, now()))) return true;
      await recordDeed(tx, machineOf(begun), {
        kind: 'labelling-done',
        subject: { type: 'labelling', id: begun.id },
        data: { sha256: labelled.sha256, wrote: result.wrote },
      });
      await tellState(tx, begun, 'done');
      return true;
    });
    if (saved) return;
  }
  throw new Error(`the files of labelling ${begun.id} were removed as they were stored`);
}

/** A file at the limit grows by what is written into it. */
const roomForLabels = 256 * 1024 * 1024;

/** The record as `clearmirror label --json` prints it, with the names people know instead of ours. */
function resultOf(
  made: Labelling,
  { name }: Work,
  { labelled, beside }: { labelled: StoredBlob; beside: StoredBlob | null },
): Result {
  const record: Labelling = {
    ...made,
    input: { ...made.input, name },
    output: { ...made.output, name: labelledName(name), sha256: labelled.sha256 },
    steps: made.steps.map((step) =>
      step.step === 'credentials' && step.sidecar !== null ? { ...step, sidecar: sidecarName(name) } : step,
    ),
  };
  return {
    record: JSON.stringify(record),
    kind: made.input.kind,
    format: made.input.format,
    labelled,
    sidecar: beside,
    wrote: [...new Set(made.steps.map(({ step }) => step))],
    shortfalls: made.cannot.length,
  };
}

/** What the file or the plan is to blame for is refused; what nobody foresaw is told, and tried again until it was tried often enough. */
async function endOrThrow(setup: WorkSetup, begun: Work, error: unknown): Promise<void> {
  const foreseen = error instanceof Problem;
  if (setup.closing() && (!foreseen || isOurs(error))) throw error;
  if (!foreseen) setup.onTrouble(error instanceof Error ? error : new Error(String(error)));
  if (!foreseen && begun.starts < mostStarts) throw error;
  const state = foreseen && !isOurs(error) ? 'refused' : 'failed';
  await end(setup.database, begun, { state, failure: failureOf(error, begun) }, setup.now());
}

/** Another try may go well: a fallen box, a full disk, a stored file that is away. */
function isOurs({ code }: Problem): boolean {
  return oursAmongRefusals.has(code) || !/^(labels?|seal)-/.test(code);
}

const oursAmongRefusals: ReadonlySet<string> = new Set([
  'label-box-fell',
  'label-disk-full',
  'label-input-changed',
  'label-input-no-file',
  'label-input-unreadable',
  'label-output-exists',
  'label-output-folder',
  'label-output-unwritable',
  'label-read-back',
]);

async function end(
  database: Database,
  begun: Work,
  ended: { state: 'refused' | 'failed'; failure: NonNullable<LabellingItem['failure']> },
  at: Date,
): Promise<void> {
  await actAsSystem(database, async (tx) => {
    if (!(await saveFailure(tx, begun, ended, at))) return;
    await recordDeed(tx, machineOf(begun), {
      kind: `labelling-${ended.state}`,
      subject: { type: 'labelling', id: begun.id },
      data: { code: ended.failure.code },
    });
    await tellState(tx, begun, ended.state);
  });
}

function failureOf(reason: unknown, { name }: Work): NonNullable<LabellingItem['failure']> {
  if (!(reason instanceof Problem)) return { code: 'unexpected', params: {} };
  const params = Object.entries(reason.params).map(([key, value]) => {
    // Where our own files lie tells nobody anything.
    if (key === 'path' && isOurs(reason)) return [key, name];
    return [key, typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value];
  });
  return { code: reason.code, params: Object.fromEntries(params) };
}

/** Nobody did it: it happened in the organisation. */
function machineOf({ organisation_id }: Work) {
  return { actor: { organisation: organisation_id, person: null }, key: null };
}
