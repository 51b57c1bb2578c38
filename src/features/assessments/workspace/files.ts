import { z } from 'zod';
import type { Assessment } from '../../../contract/assessments.ts';
import { langs } from '../../../contract/lang.ts';
import { Problem } from '../../../contract/problem.ts';
import type { Blobs } from '../../../platform/blobs/blobs.ts';
import { actAs, type Database } from '../../../platform/database/database.ts';
import type { Server } from '../../../platform/http/server.ts';
import type { Rulebooks } from '../../rulebooks/rulebooks.ts';
import { readers } from './access.ts';
import { assessmentUnknown } from './change.ts';
import { mediaTypes, reportParts } from './conclude.ts';
import { sha256Of } from './read.ts';
import { renderSheets } from './render.ts';
import { type Sheet, sheetsOf, signedReportOf, textsOf } from './report.ts';
import { findRequests } from './runs.ts';
import { noteRead, reportFilesOf } from './signing-store.ts';
import { assessmentById } from './store.ts';

export interface FilesSetup {
  database: Database;
  documents: Blobs;
  rulebooks: () => Rulebooks;
  now: () => Date;
}

const fileParams = z.object({ id: z.uuid(), name: z.string().max(200) });
const runParams = z.object({ id: z.uuid(), run: z.uuid() });

/** Reports go out as files: a draft drawn on the spot, or what was concluded, byte by byte. */
export function serveReports(server: Server, setup: FilesSetup): void {
  const { database, documents, now } = setup;

  // Drawing takes a processor for a second or two.
  const drawing = { access: readers, rateLimit: { max: 30, timeWindow: 60_000 } };
  server.get('/api/v1/assessments/:id/draft/:name', { config: drawing }, async (request, reply) => {
    const { caller } = request;
    if (!caller) throw signInFirst();
    const params = fileParams.safeParse(request.params);
    if (!params.success) throw fileUnknown();
    const { id, name } = params.data;
    const parts = await actAs(database, caller.actor, (tx) =>
      reportParts(tx, id, { now: now(), caller, rulebooks: setup.rulebooks() }),
    );
    const sheet = sheetOf(sheetsOf(parts), name);
    const text = sheet ? undefined : textsOf(parts, caller.lang).find((one) => one.name === name);
    if (!sheet && !text) throw fileUnknown();
    const [drawn] = sheet ? await renderSheets([sheet]) : [];
    const mediaType = sheet ? mediaTypes[sheet.kind] : (text?.mediaType ?? '');
    return reply.headers(headersFor(name, mediaType)).send(drawn ?? text?.text);
  });

  server.get('/api/v1/assessments/:id/report/:name', { config: { access: readers } }, async (request, reply) => {
    const { caller } = request;
    if (!caller) throw signInFirst();
    const params = fileParams.safeParse(request.params);
    if (!params.success) throw fileUnknown();
    const { id, name } = params.data;
    const found = await actAs(database, caller.actor, async (tx) => {
      const row = await assessmentById(tx, id);
      if (!row) throw assessmentUnknown();
      if (row.report === null) throw fileUnknown();
      if (name === 'manifest.json') return { text: row.report };
      const reportSha256 = sha256Of(row.report);
      const file = (await reportFilesOf(tx, id, reportSha256)).find((one) => one.name === name);
      if (!file) throw fileUnknown();
      const { person, organisation } = caller.actor;
      // A program that fetches a report has not read it.
      if (person !== null && organisation !== null && caller.key === null) {
        await noteRead(tx, { organisation, assessment: id, reportSha256, name, person, now: now() });
      }
      return { file };
    });
    if ('text' in found) return reply.headers(headersFor(name, 'application/json')).send(found.text);
    const { file } = found;
    return reply
      .headers({ ...headersFor(name, file.media_type), 'content-length': file.bytes })
      .send(await documents.open(file.sha256));
  });

  // Beside the report, whose own bytes were fixed before anybody signed.
  server.get('/api/v1/assessments/:id/signed/:name', { config: drawing }, async (request, reply) => {
    const { caller } = request;
    if (!caller) throw signInFirst();
    const params = fileParams.safeParse(request.params);
    if (!params.success) throw fileUnknown();
    const { id, name } = params.data;
    const parts = await actAs(database, caller.actor, (tx) =>
      reportParts(tx, id, { now: now(), caller, rulebooks: setup.rulebooks() }),
    );
    const lang = langs.find((one) => name === `signatures.${one}.pdf`);
    const signed = signedReportOf(parts, lang ?? caller.lang);
    if (!signed || (!lang && name !== 'signatures.json')) throw fileUnknown();
    if (!lang) return reply.headers(headersFor(name, 'application/json')).send(signaturesText(parts.assessment));
    const [drawn] = await renderSheets([signed]);
    return reply.headers(headersFor(name, mediaTypes.pdf)).send(drawn);
  });

  server.get('/api/v1/assessments/:id/runs/:run/requests', { config: { access: readers } }, async (request, reply) => {
    const { caller } = request;
    if (!caller) throw signInFirst();
    const params = runParams.safeParse(request.params);
    if (!params.success) throw assessmentUnknown();
    const { id, run } = params.data;
    const lines = await actAs(database, caller.actor, (tx) => findRequests(tx, id, run));
    return reply.headers(headersFor(`requests-${run}.ndjson`, 'application/x-ndjson')).send(lines);
  });
}

/** A sheet of the report; the pages of a PDF also as a picture. */
function sheetOf(sheets: readonly Sheet[], name: string): Sheet | undefined {
  const pages = name.endsWith('.svg') ? sheets.find((one) => one.name === name.replace(/svg$/, 'pdf')) : undefined;
  return pages ? { ...pages, name, kind: 'svg' } : sheets.find((one) => one.name === name);
}

/** Those that stand, for programs that check them. */
function signaturesText({ id, report, signatures }: Assessment): string {
  const standing = signatures.filter(({ voided }) => voided === null);
  const told = standing.map(({ person, role, at, publicKey, signature }) => ({
    ...{ name: person.name, role, at },
    ...{ algorithm: 'Ed25519', publicKey, signature },
  }));
  const whole = { schema: 'clearmirror.signatures/1', assessment: id, reportSha256: report?.sha256, signatures: told };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function headersFor(name: string, mediaType: string): Record<string, string> {
  // A PDF is shown by the browser; anything else is kept.
  const how = mediaType === mediaTypes.pdf || mediaType === mediaTypes.svg ? 'inline' : 'attachment';
  return {
    'content-type': mediaType,
    'content-disposition': `${how}; filename*=UTF-8''${encodeURIComponent(name)}`,
    'cache-control': 'private, no-store',
  };
}

function signInFirst(): Problem {
  return new Problem('sign-in-first', 'Nobody is signed in.', { status: 401 });
}

function fileUnknown(): Problem {
  return new Problem('report-file-unknown', 'There is no such file in the report.', { status: 404 });
}
