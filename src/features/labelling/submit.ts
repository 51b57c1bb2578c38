import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { LabellingItem, LabelSigner, newLabellingSchema } from '../../contract/labellings.ts';
import { Problem } from '../../contract/problem.ts';
import { say } from '../../contract/words.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { holdBlobs } from '../../platform/blobs/held-blobs.ts';
import type { Tx } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import { tell } from '../../platform/http/live.ts';
import type { Jobs } from '../../platform/jobs.ts';
import { organisationOf } from './access.ts';
import { completePlan, refuseImpossible } from './plan.ts';
import { labelQueue } from './queues.ts';
import { findSettings } from './settings.ts';
import { countUnfinished, insertLabelling, labellingById } from './store.ts';

export interface StoredFile {
  name: string;
  sha256: string;
  bytes: number;
}

/** Where files come from that are not this feature's own. Each throws a Problem, or answers undefined, for what the caller may not have. */
export interface FileSources {
  keptUpload(tx: Tx, caller: Caller, id: string, now: Date): Promise<StoredFile>;
  mediaOfScreening(tx: Tx, id: string): Promise<StoredFile | undefined>;
}

export interface Submitting {
  tx: Tx;
  caller: Caller;
  now: Date;
}

/** Each may take minutes of a worker: of one organisation at the same time. */
const mostUnfinished = 2_000;

/** Takes a file and a plan in: row, event and job, in one transaction. */
export async function submitLabelling(
  { jobs, blobs, sources, signer }: { jobs: Jobs; blobs: Blobs; sources: FileSources; signer: LabelSigner | null },
  { tx, caller, now }: Submitting,
  asked: z.output<typeof newLabellingSchema>,
): Promise<string> {
  const organisation = organisationOf(caller);
  if ((await countUnfinished(tx)) >= mostUnfinished) {
    const params = { most: mostUnfinished };
    throw new Problem('labellings-too-many', 'Too many labellings are under way.', { status: 429, params });
  }
  const id = randomUUID();
  const plan = completePlan(asked.plan, await findSettings(tx), id);
  refuseImpossible(plan, (key, params) => say(caller.lang, key, params));
  if (plan.credentials && !signer) {
    throw new Problem('label-no-signer', 'Nobody signs here.', { status: 409 });
  }
  const { name, ...file } = await find(asked.file, { tx, caller, now }, sources);
  if (!(await holdBlobs(tx, blobs, [file.sha256]))) throw filesGone();
  await insertLabelling(tx, {
    ...{ id, organisation, file, name: asked.name ?? name, source: asked.file.from },
    ...{ plan: JSON.stringify(plan), lang: caller.lang, at: now },
    ...{ person: caller.key === null ? caller.actor.person : null, key: caller.key },
  });
  await recordDeed(tx, caller, {
    kind: 'labelling-submitted',
    subject: { type: 'labelling', id },
    data: { name: asked.name ?? name, source: asked.file.from, sha256: file.sha256 },
  });
  await jobs.send(tx, labelQueue, { labelling: id });
  await tell(tx, { organisation, topic: 'labelling', id, data: { state: 'queued', share: null } });
  return id;
}

async function find(
  { from, id }: { from: LabellingItem['source']; id: string },
  { tx, caller, now }: Submitting,
  { keptUpload, mediaOfScreening }: FileSources,
): Promise<StoredFile> {
  if (from === 'upload') return keptUpload(tx, caller, id, now);
  const file = from === 'screening' ? await mediaOfScreening(tx, id) : await originalOf(tx, id);
  if (!file) throw filesGone();
  return file;
}

async function originalOf(tx: Tx, id: string): Promise<StoredFile | undefined> {
  const row = await labellingById(tx, id);
  if (!row || row.files_removed_at) return undefined;
  return { name: row.name, sha256: row.sha256, bytes: row.bytes };
}

function filesGone(): Problem {
  return new Problem('labelling-file-missing', 'There is no such file here, or not any more.', { status: 404 });
}
