import { randomUUID } from 'node:crypto';
import type { Submission } from '../../contract/screenings.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { holdBlobs } from '../../platform/blobs/held-blobs.ts';
import type { StoredBlob } from '../../platform/blobs/write.ts';
import type { Tx } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import { holdLock } from '../../platform/database/named-lock.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import { tell } from '../../platform/http/live.ts';
import type { Jobs } from '../../platform/jobs.ts';
import { organisationOf } from './access.ts';
import { fetchQueue, screenQueue } from './queues.ts';
import { addToBatch, insertScreening, type NewScreening, sameBytes } from './store.ts';

export interface Submitter {
  caller: Pick<Caller, 'actor' | 'key'>;
  now: Date;
}

export interface FileSubmission extends Submitter {
  submission: Submission;
  file: StoredBlob;
  source: 'upload' | 'api';
  /** Digest of what would examine it now. */
  versions: string;
}

/**
 * Takes a stored file in: its row, its event and its job, or the screening that these bytes already have. Null when the stored file was
 * removed in the meantime (platform/blobs/held-blobs.ts): then it has to be stored again.
 */
export async function submitFile(
  tx: Tx,
  { jobs, blobs }: { jobs: Jobs; blobs: Blobs },
  { caller, submission, file, source, versions, now }: FileSubmission,
): Promise<{ id: string; duplicate: boolean } | null> {
  const organisation = organisationOf(caller);
  // Two that send the same bytes at once: the second sees what the first did.
  await holdLock(tx, `screening ${organisation} ${file.sha256}`);
  const before = await sameBytes(tx, file.sha256);
  const { name, batch, declared, again } = submission;
  const known = before.find(
    (one) => one.versions === versions && one.declared === declared && one.media_removed_at === null,
  );
  if (known && !again) {
    if (batch) await addToBatch(tx, organisation, batch, known.id, now);
    return { id: known.id, duplicate: true };
  }
  if (!(await holdBlobs(tx, blobs, [file.sha256]))) return null;
  const id = randomUUID();
  await begin(
    tx,
    { caller, now },
    {
      ...{ id, organisation, name, file, source, declared, versions },
      address: null,
      batch: batch ?? null,
      duplicateOf: before[0]?.id ?? null,
    },
  );
  await jobs.send(tx, screenQueue, { screening: id });
  return { id, duplicate: false };
}

export interface AddressSubmission extends Submitter {
  address: string;
  name: string | undefined;
  batch: string | undefined;
  declared: boolean;
}

/** Takes an address in; a job fetches what lies there. */
export async function submitAddress(tx: Tx, jobs: Jobs, given: AddressSubmission): Promise<string> {
  const { caller, now, address, batch, declared } = given;
  const id = randomUUID();
  await begin(
    tx,
    { caller, now },
    {
      ...{ id, organisation: organisationOf(caller), address, declared },
      // Set with the result: who knows what will examine it by then.
      versions: '',
      name: given.name ?? nameFrom(address),
      file: null,
      source: 'address',
      batch: batch ?? null,
      duplicateOf: null,
    },
  );
  await jobs.send(tx, fetchQueue, { screening: id });
  return id;
}

async function begin(
  tx: Tx,
  { caller, now }: Submitter,
  screening: Omit<NewScreening, 'at' | 'person' | 'key'>,
): Promise<void> {
  const { id, organisation, name, file, source, batch } = screening;
  const person = caller.key === null ? caller.actor.person : null;
  await insertScreening(tx, { ...screening, at: now, person, key: caller.key });
  if (batch) await addToBatch(tx, organisation, batch, id, now);
  await recordDeed(tx, caller, {
    kind: 'screening-submitted',
    subject: { type: 'screening', id },
    data: { name, source, sha256: file?.sha256 ?? null, ...(screening.address ? { address: screening.address } : {}) },
  });
  await tell(tx, { organisation, topic: 'screening', id, data: { state: 'queued', stage: null, share: null, batch } });
}

/** The last part of the path, as a person would name the file. */
function nameFrom(address: string): string {
  const { hostname, pathname } = new URL(address);
  const last = pathname.split('/').findLast((part) => part !== '') ?? '';
  const name = decoded(last)
    .replace(/[\p{Cc}\0]+/gu, ' ')
    .trim();
  return name.slice(0, 500).toWellFormed() || hostname;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
