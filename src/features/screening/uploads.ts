import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Lang } from '../../contract/lang.ts';
import { parseIn } from '../../contract/parse-in.ts';
import { Problem } from '../../contract/problem.ts';
import { uploadMetadataSchema, type uploadSchema } from '../../contract/screenings.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { holdBlobs } from '../../platform/blobs/held-blobs.ts';
import { actAs, actAsSystem, type Database, type Tx } from '../../platform/database/database.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import type { Jobs } from '../../platform/jobs.ts';
import { organisationOf } from './access.ts';
import { submitFile } from './submit.ts';
import type { UploadFiles } from './upload-files.ts';
import * as store from './uploads-store.ts';

export interface UploadSetup {
  database: Database;
  jobs: Jobs;
  blobs: Blobs;
  files: UploadFiles;
  versions: () => Promise<string>;
  maxBytes: number;
  now: () => Date;
}

export type Upload = z.infer<typeof uploadSchema> & { metadata: string | null };
type Sender = Pick<Caller, 'actor' | 'key'>;

/** Abandoned after this long without a new byte. */
export const expiresAfterHours = 24;
/** Of one organisation at the same time: each may fill the disk up to the largest size. */
const mostUnfinished = 500;

export interface NewUpload {
  id: string;
  bytes: number;
  /** As it was sent, and as it was read. */
  metadata: string | null;
  said: Record<string, string | null>;
}

/** Begins an upload; its bytes come piece by piece. */
export async function beginUpload(
  setup: UploadSetup,
  caller: Pick<Caller, 'actor' | 'key' | 'lang'>,
  { id, bytes, metadata, said }: NewUpload,
): Promise<void> {
  const submission = readSubmission(said, caller.lang);
  const now = setup.now();
  await actAs(setup.database, caller.actor, async (tx) => {
    if ((await store.countUnfinished(tx)) >= mostUnfinished) {
      const params = { most: mostUnfinished };
      throw new Problem('uploads-too-many', 'Too many uploads are under way.', { status: 429, params });
    }
    await store.insertUpload(tx, {
      ...ownerOf(caller),
      ...{ id, bytes, metadata, createdAt: now, expiresAt: expiryFrom(now), organisation: organisationOf(caller) },
      ...{ name: submission.name, batch: submission.batch ?? null },
      ...{ declared: submission.declared, again: submission.again, purpose: submission.for },
    });
  });
}

function readSubmission(said: Record<string, string | null>, lang: Lang) {
  // The clients of the protocol call the name `filename`.
  const named = { ...said, name: said['name'] ?? said['filename'] ?? undefined };
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== null));
  const parsed = parseIn(uploadMetadataSchema, given, lang);
  if (parsed.success) return parsed.data;
  throw new Problem('upload-metadata-invalid', 'Upload-Metadata does not say what it may say.', {
    status: 400,
    fields: parsed.issues.map(({ path, code, message }) => ({ path: `/${path.join('/')}`, code, message })),
  });
}

/** The caller's own upload, or `upload-unknown`, whoever else it may belong to. */
export async function findUpload(setup: UploadSetup, caller: Sender, id: string): Promise<Upload> {
  const look = () => actAs(setup.database, caller.actor, (tx) => store.ownUpload(tx, id, ownerOf(caller)));
  let row = isId(id) ? await look() : undefined;
  const received = isId(id) ? await setup.files.received(id) : null;
  // Its file goes when it is finished: perhaps between the two looks.
  if (row && received === null) row = await look();
  if (!row) throw unknown();
  if (row.screening_id === null && row.expires_at <= setup.now()) {
    throw new Problem('upload-expired', 'This upload was abandoned.', { status: 410 });
  }
  const { name, bytes, metadata, duplicate, purpose, sha256 } = row;
  const expiresAt = row.expires_at.toISOString();
  const soFar = isFinished(row) ? bytes : (received ?? 0);
  return {
    ...{ id, name, bytes, received: soFar, expiresAt, for: purpose, sha256 },
    ...{ screening: row.screening_id, duplicate, metadata },
  };
}

export async function prolongUpload({ database, now }: UploadSetup, caller: Sender, id: string): Promise<void> {
  await actAs(database, caller.actor, (tx) => store.prolong(tx, id, expiryFrom(now())));
}

export async function endUpload({ database, files }: UploadSetup, caller: Sender, id: string): Promise<void> {
  await actAs(database, caller.actor, (tx) => store.removeUpload(tx, id));
  await files.remove(id);
}

/** What became of a complete upload: a screening, or a stored file that waits to be labelled. */
export type Finished = { screening: string; duplicate: boolean } | { kept: string };

/** Makes a complete upload a screening, or keeps it for a labelling: once, however often it is asked. */
export async function finishUpload(
  setup: UploadSetup,
  sender: Sender,
  { id, bytes }: { id: string; bytes: number },
): Promise<Finished> {
  const { database, blobs, files, now } = setup;
  for (let tries = 0; tries < 3; tries += 1) {
    const before = await actAs(database, sender.actor, (tx) => finished(tx, id));
    if (before) return before;
    const received = await files.received(id);
    if (received === null && bytes > 0) continue;
    const file = await blobs.put(bytes === 0 ? Readable.from([]) : files.read(id), { maxBytes: bytes });
    if (file.bytes !== bytes) throw new Error(`upload ${id} has ${file.bytes} bytes instead of ${bytes}`);
    const versions = await setup.versions();
    const done = await actAs(database, sender.actor, async (tx): Promise<Finished | null> => {
      const row = await store.uploadForFinish(tx, id);
      if (!row) throw unknown();
      const before = finishedAs(row);
      if (before) return before;
      if (row.purpose === 'label') {
        if (!(await holdBlobs(tx, blobs, [file.sha256]))) return null;
        await store.markKept(tx, id, file.sha256, expiryFrom(now()));
        return { kept: file.sha256 };
      }
      const { name, declared, again, batch_id } = row;
      const submission = { name, declared, again, ...(batch_id === null ? {} : { batch: batch_id }) };
      const given = { caller: sender, submission, file, source: 'upload', versions, now: now() } as const;
      const submitted = await submitFile(tx, setup, given);
      if (!submitted) return null;
      await store.markFinished(tx, id, submitted.id, submitted.duplicate);
      return { screening: submitted.id, duplicate: submitted.duplicate };
    });
    if (done) {
      await files.remove(id);
      return done;
    }
  }
  throw new Error(`what upload ${id} stored was removed as it was stored`);
}

async function finished(tx: Tx, id: string): Promise<Finished | null> {
  const row = await store.uploadForFinish(tx, id);
  if (!row) throw unknown();
  return finishedAs(row);
}

function finishedAs({ screening_id, duplicate, sha256 }: UploadRow): Finished | null {
  if (screening_id !== null) return { screening: screening_id, duplicate };
  return sha256 === null ? null : { kept: sha256 };
}

function isFinished(row: UploadRow): boolean {
  return finishedAs(row) !== null;
}

type UploadRow = Pick<
  NonNullable<Awaited<ReturnType<typeof store.uploadForFinish>>>,
  'screening_id' | 'duplicate' | 'sha256'
>;

/** The caller's own complete upload for a labelling. Throws `upload-unknown`, `upload-expired`, `upload-not-for-label`, `upload-incomplete`. */
export async function keptUpload(
  tx: Tx,
  caller: Sender,
  id: string,
  now: Date,
): Promise<{ name: string; sha256: string; bytes: number }> {
  const row = await store.ownUpload(tx, id, ownerOf(caller));
  if (!row) throw unknown();
  const { name, sha256, bytes, purpose } = row;
  if (purpose !== 'label')
    throw new Problem('upload-not-for-label', 'This upload was for a screening.', { status: 409 });
  if (row.expires_at <= now) throw new Problem('upload-expired', 'This upload was abandoned.', { status: 410 });
  if (sha256 === null)
    throw new Problem('upload-incomplete', 'Not all bytes of this upload are here.', { status: 409 });
  return { name, sha256, bytes };
}

/** Finishes what is complete (its process died before it could), and clears away what was abandoned. */
export async function sweepUploads(setup: UploadSetup, isBusy: (id: string) => boolean): Promise<void> {
  const { database, files, now } = setup;
  const listed = await files.list();
  const rows = await actAsSystem(database, store.allUploads);
  for (const row of rows) {
    if (isBusy(row.id)) continue;
    if (!isFinished(row) && ((await files.received(row.id)) ?? 0) === row.bytes) {
      const actor = { organisation: row.organisation_id, person: row.person_id };
      await finishUpload(setup, { actor, key: row.key_id }, row);
    } else if (row.expires_at <= now()) {
      await actAsSystem(database, (tx) => store.removeUpload(tx, row.id));
      await files.remove(row.id);
    }
  }
  // A row comes before its file: a file whose row we do not find has lost it.
  const known = new Set(rows.map(({ id }) => id));
  for (const id of listed) if (isId(id) && !known.has(id) && !isBusy(id)) await files.remove(id);
}

function ownerOf({ actor, key }: Sender): store.Owner {
  return key === null ? { person: actor.person, key } : { person: null, key };
}

export function expiryFrom(now: Date): Date {
  return new Date(now.getTime() + expiresAfterHours * 3_600_000);
}

export function isId(id: string): boolean {
  return z.uuid().safeParse(id).success;
}

function unknown(): Problem {
  return new Problem('upload-unknown', 'There is no such upload.', { status: 404 });
}
