import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { DataStore, type MemoryLocker, Metadata, Server as TusServer, Upload } from '@tus/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import type { Server } from '../../platform/http/server.ts';
import { mayScreen } from './access.ts';
import type { Checksum, UploadFiles } from './upload-files.ts';
import {
  beginUpload,
  endUpload,
  expiryFrom,
  type Finished,
  findUpload,
  finishUpload,
  isId,
  type Upload as OurUpload,
  prolongUpload,
  type UploadSetup,
} from './uploads.ts';

const path = '/api/v1/uploads';
const version = '1.0.0';

/** Uploads that can be taken up again where they broke off: tus 1.0.0 (https://tus.io/protocols/resumable-upload). */
export function serveUploads(server: Server, setup: UploadSetup, locker: MemoryLocker): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The body is a stream, and the protocol reads it.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    const handler = (request: FastifyRequest, reply: FastifyReply) => answer(setup, locker, request, reply);
    const config = { access: mayScreen };
    scope.route({ method: ['POST', 'OPTIONS'], url: path, config, handler });
    scope.route({ method: ['HEAD', 'PATCH', 'DELETE'], url: `${path}/:id`, config, handler });
  });
}

async function answer(setup: UploadSetup, locker: MemoryLocker, request: FastifyRequest, reply: FastifyReply) {
  const { caller, method } = request;
  if (!caller) throw new Problem('sign-in-first', 'Nobody is signed in.', { status: 401 });
  reply.header('Tus-Resumable', version).header('cache-control', 'no-store');
  if (method !== 'OPTIONS' && request.headers['tus-resumable'] !== version) {
    reply.header('Tus-Version', version);
    throw new Problem('tus-version', 'Tus-Resumable has to be 1.0.0.', { status: 412 });
  }
  const uploads = new Uploads(setup, caller, checksumOf(request));
  let trouble: unknown = null;
  const tus = new TusServer({
    path,
    datastore: uploads,
    locker,
    relativeLocation: true,
    allowedOrigins: [],
    maxSize: setup.maxBytes,
    namingFunction: () => randomUUID(),
    disableTerminationForFinishedUploads: true,
    getFileIdFromRequest: (_request, last) => (last !== undefined && isId(last) ? last : undefined),
    onUploadFinish: async (_request, { id, size = 0 }) => ({
      headers: outcome(await finishUpload(setup, caller, { id, bytes: size })),
    }),
    onResponseError: (_request, error) => {
      trouble = error;
      return undefined;
    },
  });
  const response = await tus.handleWeb(asWeb(request));
  for (const [name, value] of response.headers) {
    if (!/^(access-control-|content-|tus-resumable$)/.test(name)) reply.header(name, value);
  }
  if (response.status >= 400) {
    // What is still being sent would otherwise be read as the next request of this connection.
    if (method === 'PATCH' || method === 'POST') reply.header('connection', 'close');
    throw problemOf(trouble, response.status, await response.text(), { method, maxBytes: setup.maxBytes });
  }
  if (method === 'OPTIONS') reply.header('Tus-Checksum-Algorithm', 'sha1,sha256');
  // All bytes are here and nothing came of them: the process died in between. What is told to be complete has to be.
  if (method === 'HEAD') await finishComplete(setup, caller, request, reply);
  const isFinished = reply.hasHeader('clearmirror-screening') || reply.hasHeader('clearmirror-kept');
  if ((method === 'PATCH' || method === 'POST') && !isFinished) {
    reply.header('Upload-Expires', expiryFrom(setup.now()).toUTCString());
  }
  return reply.code(response.status).send();
}

const byId = z.object({ id: z.string() });

async function finishComplete(setup: UploadSetup, caller: Caller, request: FastifyRequest, reply: FastifyReply) {
  const { id } = byId.parse(request.params);
  const upload = await findUpload(setup, caller, id);
  if (upload.received === upload.bytes) reply.headers(outcome(await finishUpload(setup, caller, upload)));
  else reply.header('Upload-Expires', new Date(upload.expiresAt).toUTCString());
}

function outcome(finished: Finished): Record<string, string> {
  if ('kept' in finished) return { 'Clearmirror-Kept': finished.kept };
  const { screening, duplicate } = finished;
  return { 'Clearmirror-Screening': screening, 'Clearmirror-Duplicate': String(duplicate) };
}

/** What the protocol keeps, for one caller and one request: nobody else's upload can be reached through it. */
class Uploads extends DataStore {
  override extensions = ['creation', 'creation-with-upload', 'expiration', 'termination', 'checksum'];
  readonly #setup: UploadSetup;
  readonly #caller: Caller;
  readonly #checksum: Checksum | null;

  constructor(setup: UploadSetup, caller: Caller, checksum: Checksum | null) {
    super();
    this.#setup = setup;
    this.#caller = caller;
    this.#checksum = checksum;
  }

  override async create(upload: Upload): Promise<Upload> {
    const { id, size = 0, metadata = {} } = upload;
    const sent = Object.keys(metadata).length > 0 ? Metadata.stringify(metadata) : null;
    await beginUpload(this.#setup, this.#caller, { id, bytes: size, metadata: sent, said: metadata });
    return upload;
  }

  override async getUpload(id: string): Promise<Upload> {
    const { bytes, received, metadata }: OurUpload = await findUpload(this.#setup, this.#caller, id);
    return new Upload({
      id,
      size: bytes,
      offset: received,
      ...(metadata ? { metadata: Metadata.parse(metadata) } : {}),
    });
  }

  override async write(source: Readable, id: string, offset: number): Promise<number> {
    const { screening, sha256 } = await findUpload(this.#setup, this.#caller, id);
    if (screening !== null || sha256 !== null) return offset;
    const files: UploadFiles = this.#setup.files;
    const received = await files.append(id, offset, source, this.#checksum);
    await prolongUpload(this.#setup, this.#caller, id);
    return received;
  }

  override async remove(id: string): Promise<void> {
    await findUpload(this.#setup, this.#caller, id);
    await endUpload(this.#setup, this.#caller, id);
  }
}

function checksumOf({ headers }: FastifyRequest): Checksum | null {
  const sent = headers['upload-checksum'];
  if (sent === undefined) return null;
  const [, algorithm, value] = /^(\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(String(sent)) ?? [];
  if (value !== undefined && (algorithm === 'sha1' || algorithm === 'sha256')) return { algorithm, value };
  throw new Problem('checksum-unsupported', 'Upload-Checksum is sha1 or sha256, then base64.', { status: 400 });
}

function asWeb({ method, raw, headers }: FastifyRequest): Request {
  const own = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') own.set(name, value);
  const url = new URL(raw.url ?? path, 'http://localhost');
  const hasBody = method === 'PATCH' || method === 'POST';
  return new Request(`${url.origin}${url.pathname}`, {
    method,
    headers: own,
    ...(hasBody ? { body: Readable.toWeb(raw), duplex: 'half' } : {}),
  });
}

interface Asked {
  method: string;
  maxBytes: number;
}

/** The protocol answers in words of its own; ours have codes, and both languages. */
function problemOf(trouble: unknown, status: number, words: string, { method, maxBytes }: Asked): unknown {
  if (trouble instanceof Problem) return trouble;
  if (status === 413 && method === 'POST') {
    const params = { reason: 'content', megabytes: Math.round(maxBytes / 100_000) / 10 };
    return new Problem('too-large', 'That is larger than is taken here.', { status, params });
  }
  const code = codes[status];
  // The protocol's library forbids what is only badly said.
  if (code !== undefined) return new Problem(code, words.trim(), { status: status === 403 ? 400 : status });
  return trouble instanceof Error ? trouble : new Error(words);
}

const codes: Record<number, string> = {
  400: 'upload-request-invalid',
  403: 'upload-request-invalid',
  404: 'upload-unknown',
  409: 'upload-offset-differs',
  410: 'upload-expired',
  413: 'upload-too-long',
  501: 'upload-extension-unsupported',
};
