import { z } from 'zod';
import * as contract from '../../contract/labellings.ts';
import { Problem } from '../../contract/problem.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import type { Tx } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import { type Caller, type Endpoint, endpoint } from '../../platform/http/endpoint.ts';
import { tell } from '../../platform/http/live.ts';
import type { Jobs } from '../../platform/jobs.ts';
import { mayLabel, mayRemoveFiles, maySee, maySetUp, organisationOf } from './access.ts';
import { detailOf, itemOf } from './present.ts';
import { dropLabelledQueue, labelQueue } from './queues.ts';
import { findSettings, saveSettings } from './settings.ts';
import * as store from './store.ts';
import { type FileSources, type StoredFile, type Submitting, submitLabelling } from './submit.ts';

const tag = 'labelling';
const byId = z.object({ id: z.uuid() });

export interface RoutesSetup {
  jobs: Jobs;
  blobs: Blobs;
  sources: FileSources;
  /** Who signs here; null where nobody does. */
  signer: contract.LabelSigner | null;
  /** Has a stored file screened; null when it was just removed. */
  screen(tx: Tx, caller: Caller, file: StoredFile): Promise<{ id: string; duplicate: boolean } | null>;
}

export function labellingEndpoints(setup: RoutesSetup): Endpoint[] {
  return [...readingEndpoints(), ...workingEndpoints(setup), ...settingsEndpoints(setup)];
}

function readingEndpoints(): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/labellings',
      summary: 'Labellings of the organisation, newest first',
      tag,
      access: maySee,
      query: contract.labellingQuerySchema,
      answer: contract.labellingsSchema,
      handle: async ({ query, tx }) => {
        const { after, limit } = query;
        if (after !== undefined && !(z.uuid().safeParse(after).success && (await store.isLabelling(tx, after)))) {
          throw new Problem('cursor-unknown', 'This page is not one that was given out.', { status: 400 });
        }
        const rows = await store.listLabellings(tx, query);
        const page = rows.slice(0, limit);
        return { items: page.map(itemOf), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/labellings/{id}',
      summary: 'One labelling with its plan and its record',
      tag,
      access: maySee,
      params: byId,
      answer: contract.labellingDetailSchema,
      handle: async ({ params: { id }, tx }) => detailOf(await existing(tx, id), await store.recordOf(tx, id)),
    }),
  ];
}

function workingEndpoints(setup: RoutesSetup): Endpoint[] {
  const { jobs, screen } = setup;
  return [
    endpoint({
      method: 'POST',
      path: '/api/v1/labellings',
      summary: 'Label a stored file: an upload with `for=label`, the media of a screening, or an earlier original',
      tag,
      access: mayLabel,
      body: contract.newLabellingSchema,
      answer: contract.labellingItemSchema,
      status: 202,
      handle: async ({ body, caller, now, tx }) =>
        itemOf(await existing(tx, await submitLabelling(setup, { tx, caller, now }, body))),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/labellings/{id}/retry',
      summary: 'Try a failed labelling again',
      tag,
      access: mayLabel,
      params: byId,
      answer: contract.labellingItemSchema,
      status: 202,
      handle: async ({ params: { id }, caller, now, tx }) => {
        await retry({ tx, caller, now }, id, jobs);
        return itemOf(await existing(tx, id));
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/labellings/{id}/screening',
      summary: 'Screen the labelled file',
      tag,
      access: mayLabel,
      params: byId,
      answer: contract.screenedLabellingSchema,
      status: 202,
      handle: async ({ params: { id }, caller, tx }) => {
        const { labelled, filesRemovedAt } = itemOf(await existing(tx, id));
        if (filesRemovedAt) throw filesRemoved();
        if (!labelled) throw notDone();
        const screened = await screen(tx, caller, labelled);
        if (!screened) throw filesRemoved();
        return { screening: screened.id, duplicate: screened.duplicate };
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/v1/labellings/{id}/files',
      summary: 'Delete the original and the labelled file, with the reason; the record stays',
      tag,
      access: mayRemoveFiles,
      peopleOnly: true,
      params: byId,
      body: contract.removeFilesSchema,
      answer: contract.labellingItemSchema,
      handle: async ({ params: { id }, body: { reason }, caller, now, tx }) => {
        await removeFiles({ tx, caller, now }, id, { jobs, reason });
        return itemOf(await existing(tx, id));
      },
    }),
  ];
}

function settingsEndpoints({ signer }: RoutesSetup): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/label-settings',
      summary: 'What the organisation says in its labels when a plan leaves it out',
      tag,
      access: maySee,
      answer: contract.labelSettingsSchema,
      handle: async ({ tx }) => ({ ...(await findSettings(tx)), signer }),
    }),
    endpoint({
      method: 'PUT',
      path: '/api/v1/label-settings',
      summary: 'Change it, over the revision that was seen (0: never saved)',
      tag,
      access: maySetUp,
      body: contract.newLabelSettingsSchema,
      answer: contract.labelSettingsSchema,
      handle: async ({ body, caller, now, tx }) => ({ ...(await saveSettings(tx, { caller, now }, body)), signer }),
    }),
  ];
}

export async function existing(tx: Tx, id: string): Promise<store.LabellingRow> {
  const row = await store.labellingById(tx, id);
  if (!row) throw noSuchLabelling();
  return row;
}

export function noSuchLabelling(): Problem {
  return new Problem('labelling-unknown', 'There is no such labelling here.', { status: 404 });
}

export function filesRemoved(): Problem {
  return new Problem('labelling-files-removed', 'The files of this labelling were deleted.', { status: 410 });
}

export function notDone(): Problem {
  return new Problem('labelling-not-done', 'There is no labelled file.', { status: 409 });
}

async function retry({ tx, caller }: Submitting, id: string, jobs: Jobs): Promise<void> {
  const row = await found(tx, id);
  if (row.state !== 'failed') {
    throw new Problem('labelling-not-failed', 'Only a failed labelling can be tried again.', { status: 409 });
  }
  if (row.files_removed_at) throw filesRemoved();
  await store.queueAgain(tx, id);
  await jobs.send(tx, labelQueue, { labelling: id });
  await recordDeed(tx, caller, { kind: 'labelling-retry', subject: { type: 'labelling', id } });
  const organisation = organisationOf(caller);
  await tell(tx, { organisation, topic: 'labelling', id, data: { state: 'queued', share: null } });
}

async function removeFiles(
  { tx, caller, now }: Submitting,
  id: string,
  { jobs, reason }: { jobs: Jobs; reason: string },
): Promise<void> {
  const { state, files_removed_at, sha256, labelled_sha256, sidecar_sha256 } = await found(tx, id);
  if (files_removed_at) throw filesRemoved();
  if (state === 'queued' || state === 'working') {
    throw new Problem('labelling-under-way', 'The labelling is still under way.', { status: 409 });
  }
  await store.setFilesRemoved(tx, id, now);
  const addresses = [sha256, labelled_sha256, sidecar_sha256].filter((address) => address !== null);
  // The files go when this is committed, and only those that nobody else needs.
  await jobs.send(tx, dropLabelledQueue, { addresses });
  await recordDeed(tx, caller, {
    kind: 'labelling-files-removed',
    subject: { type: 'labelling', id },
    data: { reason },
  });
  await tell(tx, { organisation: organisationOf(caller), topic: 'labelling', id, data: { state, share: null } });
}

async function found(tx: Tx, id: string) {
  const row = await store.labellingForChange(tx, id);
  if (!row) throw noSuchLabelling();
  return row;
}
