import { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import * as contract from '../../contract/screenings.ts';
import { actAs, type Tx } from '../../platform/database/database.ts';
import { type Endpoint, endpoint } from '../../platform/http/endpoint.ts';
import { mayOverride, mayRemoveMedia, mayScreen, maySee } from './access.ts';
import { noSuchScreening, override, removeMedia, retry, withdrawOverride, writeNote } from './decisions.ts';
import { readWaveform } from './exhibits.ts';
import { batchOf, decisionOf, itemOf, screeningOf } from './present.ts';
import * as reading from './reading-store.ts';
import { sameBytes } from './store.ts';
import { submitAddress } from './submit.ts';
import { expiresAfterHours, findUpload, type UploadSetup } from './uploads.ts';

const tag = 'screening';
const byId = z.object({ id: z.uuid() });

export function screeningEndpoints(setup: UploadSetup): Endpoint[] {
  return [...readingEndpoints(setup), ...sendingEndpoints(setup), ...decidingEndpoints(setup)];
}

function readingEndpoints({ blobs }: UploadSetup): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/screenings',
      summary: 'Screenings of the organisation, newest first',
      tag,
      access: maySee,
      query: contract.screeningQuerySchema,
      answer: contract.screeningsSchema,
      handle: async ({ query: { after, limit, ...filters }, tx }) => {
        if (after !== undefined && !(z.uuid().safeParse(after).success && (await reading.isScreening(tx, after)))) {
          throw new Problem('cursor-unknown', 'This page is not one that was given out.', { status: 400 });
        }
        const rows = await reading.listScreenings(tx, { filters, after, limit });
        const page = rows.slice(0, limit);
        return { items: page.map(itemOf), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/screenings/{id}',
      summary: 'One screening with its record, exhibits and decisions',
      tag,
      access: maySee,
      params: byId,
      answer: contract.screeningSchema,
      handle: async ({ params: { id }, tx }) => {
        const row = await existing(tx, id);
        return screeningOf({
          row,
          record: await reading.recordOf(tx, id),
          exhibits: await reading.exhibitsOf(tx, id),
          decisions: await reading.decisionsOf(tx, id),
          same: row.sha256 === null ? [] : await sameBytes(tx, row.sha256, 21),
        });
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/screenings/{id}/waveform',
      summary: 'The peaks of its sound',
      tag,
      access: maySee,
      params: byId,
      answer: contract.waveformSchema,
      bare: async ({ params: { id }, caller, database }) => {
        const rows = await actAs(database, caller.actor, (tx) => reading.exhibitsOf(tx, id));
        const waveform = rows.find(({ kind }) => kind === 'waveform');
        if (!waveform) throw new Problem('exhibit-unknown', 'There is no such exhibit here.', { status: 404 });
        return readWaveform(blobs, waveform.sha256);
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/batches/{id}',
      summary: 'How far a batch is and what came of it',
      tag,
      access: maySee,
      params: byId,
      answer: contract.batchSchema,
      handle: async ({ params: { id }, tx }) => {
        const batch = batchOf(id, await reading.countBatch(tx, id));
        if (!batch) throw new Problem('batch-unknown', 'There is no such batch here.', { status: 404 });
        return batch;
      },
    }),
  ];
}

function sendingEndpoints(setup: UploadSetup): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/uploads',
      summary: 'How large uploads may be; the uploads themselves follow the tus protocol at this address',
      tag,
      access: mayScreen,
      answer: contract.uploadLimitsSchema,
      bare: async () => ({ maxBytes: setup.maxBytes, expiresAfterHours }),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/uploads/{id}/outcome',
      summary: 'How far an upload of the caller is, and what came of it',
      tag,
      access: mayScreen,
      params: byId,
      answer: contract.uploadSchema,
      bare: ({ params: { id }, caller }) => findUpload(setup, caller, id),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/screenings/from-address',
      summary: 'Fetch what lies at an address on the public internet, and screen it',
      tag,
      access: mayScreen,
      body: contract.fromAddressSchema,
      answer: contract.screeningItemSchema,
      status: 202,
      handle: async ({ body, caller, now, tx }) => {
        const { address, name, batch, declared } = body;
        const { username, password } = new URL(address);
        // They would be kept and shown with the address.
        if (username !== '' || password !== '') {
          throw new Problem('address-credentials', 'An address with a password is not fetched.');
        }
        const id = await submitAddress(tx, setup.jobs, { caller, now, address, name, batch, declared });
        return itemOf(await existing(tx, id));
      },
    }),
  ];
}

function decidingEndpoints({ jobs }: UploadSetup): Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/api/v1/screenings/{id}/notes',
      summary: 'Write a note beside a screening',
      tag,
      access: mayScreen,
      params: byId,
      body: contract.newNoteSchema,
      answer: contract.noteSchema,
      status: 201,
      handle: async ({ params: { id }, body: { text }, caller, now, tx }) => {
        const note = await writeNote({ tx, caller, now, id }, text);
        const { by, at } = decisionOf(await reading.decisionById(tx, note));
        return { id: note, text, by, at };
      },
    }),
    endpoint({
      method: 'PUT',
      path: '/api/v1/screenings/{id}/override',
      summary: "Put a word above the machine's verdict, with the reason; the verdict stays visible",
      tag,
      access: mayOverride,
      peopleOnly: true,
      params: byId,
      body: contract.newOverrideSchema,
      answer: contract.screeningItemSchema,
      handle: async ({ params: { id }, body, caller, now, tx }) => {
        await override({ tx, caller, now, id }, body);
        return itemOf(await existing(tx, id));
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/v1/screenings/{id}/override',
      summary: 'Withdraw the override, with the reason',
      tag,
      access: mayOverride,
      peopleOnly: true,
      params: byId,
      body: contract.reasonSchema,
      answer: contract.screeningItemSchema,
      handle: async ({ params: { id }, body: { reason }, caller, now, tx }) => {
        await withdrawOverride({ tx, caller, now, id }, reason);
        return itemOf(await existing(tx, id));
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/screenings/{id}/retry',
      summary: 'Try a failed screening again',
      tag,
      access: mayScreen,
      params: byId,
      answer: contract.screeningItemSchema,
      status: 202,
      handle: async ({ params: { id }, caller, now, tx }) => {
        await retry({ tx, caller, now, id }, jobs);
        return itemOf(await existing(tx, id));
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/v1/screenings/{id}/media',
      summary: 'Delete the media and its pictures, with the reason; the record stays',
      tag,
      access: mayRemoveMedia,
      peopleOnly: true,
      params: byId,
      body: contract.reasonSchema,
      answer: contract.screeningItemSchema,
      handle: async ({ params: { id }, body: { reason }, caller, now, tx }) => {
        await removeMedia({ tx, caller, now, id }, jobs, reason);
        return itemOf(await existing(tx, id));
      },
    }),
  ];
}

export async function existing(tx: Tx, id: string): Promise<reading.ScreeningRow> {
  const row = await reading.screeningById(tx, id);
  if (!row) throw noSuchScreening();
  return row;
}
