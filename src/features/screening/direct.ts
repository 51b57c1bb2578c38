import type { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import { submissionSchema, type submittedSchema } from '../../contract/screenings.ts';
import { actAs } from '../../platform/database/database.ts';
import { parsePart } from '../../platform/http/endpoint.ts';
import type { Server } from '../../platform/http/server.ts';
import { mayScreen } from './access.ts';
import { itemOf } from './present.ts';
import { existing } from './routes.ts';
import { submitFile } from './submit.ts';
import type { UploadSetup } from './uploads.ts';

/** One request, one file: the body is the bytes. For programs, and for files that one request can carry in its time. */
export function serveDirect(server: Server, setup: UploadSetup): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.post('/api/v1/screenings', { config: { access: mayScreen } }, async (request, reply) => {
      const { caller, raw, headers } = request;
      if (!caller) throw new Problem('sign-in-first', 'Nobody is signed in.', { status: 401 });
      // An answer before the end of the body: what is still being sent must not be read as the next request.
      reply.header('connection', 'close');
      const submission = parsePart(submissionSchema, request.query, { where: '/query', lang: caller.lang });
      if (Number(headers['content-length'] ?? 0) > setup.maxBytes) throw tooLarge(setup.maxBytes);
      const file = await setup.blobs.put(raw, { maxBytes: setup.maxBytes }).catch((error: unknown) => {
        if (error instanceof Problem || !(raw.readableAborted || raw.errored)) throw error;
        throw new Problem('upload-broken-off', 'The upload broke off.', { status: 400, cause: error });
      });
      reply.removeHeader('connection');
      const { database, now } = setup;
      const given = {
        caller,
        submission,
        file,
        source: 'api',
        versions: await setup.versions(),
        now: now(),
      } as const;
      const answer = await actAs(database, caller.actor, async (tx) => {
        const submitted = await submitFile(tx, setup, given);
        return submitted && { screening: itemOf(await existing(tx, submitted.id)), duplicate: submitted.duplicate };
      });
      if (!answer) throw new Problem('storage-busy', 'The same file was just being deleted.', { status: 503 });
      const body: z.infer<typeof submittedSchema> = answer;
      reply.header('cache-control', 'no-store').header('location', `/api/v1/screenings/${body.screening.id}`);
      return reply.code(body.duplicate ? 200 : 201).send(body);
    });
  });
}

function tooLarge(maxBytes: number): Problem {
  const params = { reason: 'content', megabytes: Math.round(maxBytes / 100_000) / 10 };
  return new Problem('too-large', 'That is larger than is taken here.', { status: 413, params });
}
