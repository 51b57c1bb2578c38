import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import { mediaTypeOf } from '../../engine/media/media-types.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { actAs, type Database } from '../../platform/database/database.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import { dispose, handOut, quiet } from '../../platform/http/hand-out.ts';
import type { Server } from '../../platform/http/server.ts';
import { maySee } from './access.ts';
import { detailOf } from './present.ts';
import { existing, filesRemoved, noSuchLabelling, notDone } from './routes.ts';
import { type LabellingRow, recordOf } from './store.ts';

/** What is handed out as it is and not as JSON: the new file, what stands beside it, the original, the record as a file. */
export function serveFiles(server: Server, { database, blobs }: { database: Database; blobs: Blobs }): void {
  const config = { access: maySee };
  const rowFor = (request: FastifyRequest) => {
    const { id } = idOf(request);
    return actAs(database, callerOf(request).actor, (tx) => existing(tx, id));
  };

  server.get('/api/v1/labellings/:id/file', { config }, async (request, reply) => {
    const row = await here(rowFor(request));
    const { labelled } = detailOf(row, null);
    if (!labelled) throw notDone();
    const { shown, contentType } = mediaTypeOf(row);
    const download = !shown || 'download' in Object(request.query);
    return handOut({ request, reply, blobs }, { ...labelled, contentType, download });
  });

  server.get('/api/v1/labellings/:id/sidecar', { config }, async (request, reply) => {
    const { sidecar } = detailOf(await here(rowFor(request)), null);
    if (!sidecar) throw new Problem('labelling-no-sidecar', 'Nothing stands beside this file.', { status: 404 });
    return handOut({ request, reply, blobs }, { ...sidecar, contentType: 'application/c2pa', download: true });
  });

  server.get('/api/v1/labellings/:id/original', { config }, async (request, reply) => {
    const { sha256, bytes, name } = await here(rowFor(request));
    // Nobody has looked at its content before it is done: it goes out as nothing in particular.
    const whole = { sha256, bytes, name, contentType: 'application/octet-stream', download: true };
    return handOut({ request, reply, blobs }, whole);
  });

  server.get('/api/v1/labellings/:id/record.json', { config }, async (request, reply) => {
    const { id } = idOf(request);
    const { name, record } = await actAs(database, callerOf(request).actor, async (tx) => ({
      ...(await existing(tx, id)),
      record: await recordOf(tx, id),
    }));
    if (record === null) throw notDone();
    quiet(reply).header('content-disposition', dispose(true, `${name}.labelling.json`));
    return reply.type('application/json; charset=utf-8').send(`${record}\n`);
  });
}

async function here(looking: Promise<LabellingRow>): Promise<LabellingRow> {
  const row = await looking;
  if (row.files_removed_at) throw filesRemoved();
  return row;
}

function idOf(request: FastifyRequest): { id: string } {
  const parsed = z.object({ id: z.uuid() }).safeParse(request.params);
  if (parsed.success) return parsed.data;
  throw noSuchLabelling();
}

function callerOf({ caller }: FastifyRequest): Caller {
  if (!caller) throw new Problem('sign-in-first', 'Nobody is signed in.', { status: 401 });
  return caller;
}
