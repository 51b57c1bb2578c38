import { z } from 'zod';
import { maxDocumentBytes, type StoredDocument } from '../../contract/filings.ts';
import { Problem } from '../../contract/problem.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { holdBlobs } from '../../platform/blobs/held-blobs.ts';
import { actAs, type Database } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import type { Server } from '../../platform/http/server.ts';
import { authorOf } from '../register/register.ts';
import { movers, readers } from './access.ts';
import { documentBySha256, insertDocument } from './documents-store.ts';

export interface DocumentSetup {
  database: Database;
  /** Copies of what was filed. What was handed in stays; what no row names is removed. */
  documents: Blobs;
  now: () => Date;
}

const nameQuery = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069/\\]*$/),
});
const addressParams = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** Copies of what was filed go in and out as they are: never opened, never shown as a page. */
export function serveDocuments(server: Server, setup: DocumentSetup): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    // The same bytes are one document.
    scope.post(
      '/api/v1/filing-documents',
      { config: { access: movers, repeated: 'harmless' } },
      async (request, reply) => {
        const { caller, raw, query, headers } = request;
        if (!caller) throw new Problem('sign-in-first', 'Nobody is signed in.', { status: 401 });
        // An answer before the end of the body: what is still being sent must not be read as the next request.
        reply.header('connection', 'close');
        const named = nameQuery.safeParse(query);
        if (!named.success) throw nameMissing();
        if (Number(headers['content-length'] ?? 0) > maxDocumentBytes) throw tooLarge();
        const { sha256, bytes } = await setup.documents.put(raw, { maxBytes: maxDocumentBytes });
        reply.removeHeader('connection');
        const mediaType = String(headers['content-type'] ?? 'application/octet-stream').slice(0, 100);
        const stored = await keepDocument(setup, caller, { sha256, bytes, name: named.data.name, mediaType });
        return reply.header('cache-control', 'no-store').code(201).send(stored);
      },
    );
  });

  server.get('/api/v1/filing-documents/:sha256', { config: { access: readers } }, async (request, reply) => {
    const { caller, params } = request;
    if (!caller) throw new Problem('sign-in-first', 'Nobody is signed in.', { status: 401 });
    const address = addressParams.safeParse(params);
    const found = address.success
      ? await actAs(setup.database, caller.actor, (tx) => documentBySha256(tx, address.data.sha256))
      : undefined;
    if (!found) throw new Problem('document-unknown', 'That file was not handed in.', { status: 404 });
    return reply
      .headers({
        'content-type': 'application/octet-stream',
        'content-length': found.bytes,
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`,
        'cache-control': 'private, no-store',
      })
      .send(await setup.documents.open(found.sha256));
  });
}

/** Writes down whose it is; the bytes are there already. */
function keepDocument(
  { database, documents, now }: DocumentSetup,
  caller: Caller,
  document: StoredDocument,
): Promise<StoredDocument> {
  const { organisation } = caller.actor;
  if (organisation === null) throw new Error('documents are handed in for an organisation');
  return actAs(database, caller.actor, async (tx) => {
    if (!(await holdBlobs(tx, documents, [document.sha256]))) {
      throw new Problem('storage-busy', 'The same file was just being deleted.', { status: 503 });
    }
    await insertDocument(tx, { ...document, organisation, author: authorOf(caller), now: now() });
    const { sha256, ...data } = document;
    await recordDeed(tx, caller, { kind: 'document-handed-in', subject: { type: 'document', id: sha256 }, data });
    return (await documentBySha256(tx, sha256)) ?? document;
  });
}

function nameMissing(): Problem {
  return new Problem('document-name-missing', 'The file needs a name.', {
    status: 400,
    fields: [{ path: '/query/name', code: 'document-name-missing', message: '1 to 200 characters, no slashes' }],
  });
}

function tooLarge(): Problem {
  const params = { reason: 'content', megabytes: Math.round(maxDocumentBytes / 100_000) / 10 };
  return new Problem('too-large', 'That is larger than is taken here.', { status: 413, params });
}
