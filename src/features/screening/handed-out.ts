import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Lang, langs } from '../../contract/lang.ts';
import { Problem } from '../../contract/problem.ts';
import type { Exhibits } from '../../contract/screening.ts';
import { screeningFiltersSchema } from '../../contract/screenings.ts';
import { speaker } from '../../contract/words.ts';
import { mediaTypeOf } from '../../engine/media/media-types.ts';
import { fileSection, pageFoot, pageHead } from '../../engine/reports/screening-page/screening-page.ts';
import type { PeopleSaid } from '../../engine/reports/screening-page/section.ts';
import type { Blobs } from '../../platform/blobs/blobs.ts';
import { actAs, type Database, type Tx } from '../../platform/database/database.ts';
import { type Caller, parsePart } from '../../platform/http/endpoint.ts';
import { dispose, handOut, quiet } from '../../platform/http/hand-out.ts';
import type { Server } from '../../platform/http/server.ts';
import { maySee } from './access.ts';
import { csvHead, csvRow } from './csv.ts';
import { mediaRemoved } from './decisions.ts';
import { loadExhibits, readPicture } from './exhibits.ts';
import { itemOf, peopleSaid, readRecord } from './present.ts';
import * as reading from './reading-store.ts';
import { existing } from './routes.ts';

export interface HandingOut {
  database: Database;
  blobs: Blobs;
}

const byId = z.object({ id: z.uuid() });

/** What is handed out as it is and not as JSON: media, pictures, the record as a file, the report, tables. */
export function serveFiles(server: Server, { database, blobs }: HandingOut): void {
  const config = { access: maySee };
  const see = <T>(caller: Caller, work: (tx: Tx) => Promise<T>) => actAs(database, caller.actor, work);

  server.get('/api/v1/screenings/:id/media', { config }, async (request, reply) => {
    const { id } = idOf(request);
    const row = await see(callerOf(request), (tx) => existing(tx, id));
    if (row.media_removed_at) throw mediaRemoved();
    if (row.sha256 === null || row.bytes === null) {
      throw new Problem('media-not-there', 'The media is not here yet.', { status: 404 });
    }
    const { sha256, bytes, name } = row;
    const { shown, contentType } = mediaTypeOf(row);
    const download = !shown || 'download' in Object(request.query);
    return handOut({ request, reply, blobs }, { sha256, bytes, name, contentType, download });
  });

  server.get('/api/v1/screenings/:id/exhibits/:number', { config }, async (request, reply) => {
    const { id, number } = exhibitOf(request);
    const rows = await see(callerOf(request), (tx) => reading.exhibitsOf(tx, id));
    const row = rows.find((one) => one.number === number);
    if (!row) throw new Problem('exhibit-unknown', 'There is no such exhibit here.', { status: 404 });
    const { contentType, bytes } = await readPicture(blobs, row);
    return quiet(reply).type(contentType).header('content-disposition', 'inline').send(bytes);
  });

  server.get('/api/v1/screenings/:id/record.json', { config }, async (request, reply) => {
    const { id } = idOf(request);
    const { name, record } = await see(callerOf(request), (tx) => withRecord(tx, id));
    quiet(reply).header('content-disposition', dispose(true, `${name}.record.json`));
    return reply.type('application/json; charset=utf-8').send(`${record}\n`);
  });

  server.get('/api/v1/screenings/:id/report.html', { config }, async (request, reply) => {
    const { id } = idOf(request);
    const caller = callerOf(request);
    const { name, record, exhibits, people } = await see(caller, async (tx) => ({
      ...(await withRecord(tx, id)),
      exhibits: await reading.exhibitsOf(tx, id),
      people: peopleSaid(await reading.decisionsOf(tx, id)),
    }));
    const shown = { record, exhibits: await loadExhibits(blobs, exhibits), people };
    const page = drawReport(shown, langAsked(request) ?? caller.lang);
    // A page that leaves the house: it runs where it is opened, not here.
    quiet(reply).header('content-disposition', dispose(true, `${name}.report.html`));
    return reply.type('text/html; charset=utf-8').send(page);
  });

  server.get('/api/v1/exports/screenings.csv', { config }, async (request, reply) => {
    const caller = callerOf(request);
    const filters = parsePart(screeningFiltersSchema, request.query, { where: '/query', lang: caller.lang });
    const page = (after: string | undefined) =>
      see(caller, (tx) => reading.listScreenings(tx, { filters, after, limit: csvPage }));
    quiet(reply).header('content-disposition', dispose(true, 'screenings.csv'));
    return reply.type('text/csv; charset=utf-8').send(Readable.from(table(page, caller.lang)));
  });
}

const csvPage = 500;

/** Page by page: no transaction is held while a slow reader reads. */
async function* table(page: (after: string | undefined) => ReturnType<typeof reading.listScreenings>, lang: Lang) {
  yield csvHead(lang);
  for (let after: string | undefined; ; ) {
    const rows = await page(after);
    const here = rows.slice(0, csvPage);
    yield here.map((row) => csvRow(itemOf(row))).join('');
    if (rows.length <= csvPage) return;
    after = here.at(-1)?.id;
  }
}

function drawReport(shown: { record: string; exhibits: Exhibits; people: PeopleSaid }, lang: Lang): string {
  const { exhibits, people } = shown;
  const record = readRecord(shown.record);
  const say = speaker(lang);
  const { word, code } = record.verdict;
  const counts = { [code === 'unexaminable' ? code : word]: 1 };
  return [
    pageHead({ lang, generatedBy: record.versions.clearmirror }),
    fileSection({ lang, record, exhibits, people, index: 1, say }),
    pageFoot({ lang, counts, say }),
  ].join('');
}

async function withRecord(tx: Tx, id: string): Promise<{ name: string; record: string }> {
  const { name } = await existing(tx, id);
  const record = await reading.recordOf(tx, id);
  if (record === null) throw new Problem('screening-not-done', 'There is no verdict yet.', { status: 409 });
  return { name, record };
}

function idOf(request: FastifyRequest): { id: string } {
  const parsed = byId.safeParse(request.params);
  if (parsed.success) return parsed.data;
  throw new Problem('screening-unknown', 'There is no such screening here.', { status: 404 });
}

function exhibitOf(request: FastifyRequest): { id: string; number: number } {
  const parsed = byId.extend({ number: z.coerce.number().int().positive().max(100_000) }).safeParse(request.params);
  if (parsed.success) return parsed.data;
  throw new Problem('exhibit-unknown', 'There is no such exhibit here.', { status: 404 });
}

function callerOf({ caller }: FastifyRequest): Caller {
  if (!caller) throw new Problem('sign-in-first', 'Nobody is signed in.', { status: 401 });
  return caller;
}

function langAsked({ query }: FastifyRequest): Lang | undefined {
  const asked: unknown = typeof query === 'object' && query !== null && 'lang' in query ? query.lang : undefined;
  return langs.find((lang) => lang === asked);
}
