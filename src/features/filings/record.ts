import type { z } from 'zod';
import type {
  Filing,
  FilingChanges,
  FilingMove,
  FilingWithSteps,
  filedDocumentSchema,
  filingQuerySchema,
  NewFiling,
} from '../../contract/filings.ts';
import { Problem } from '../../contract/problem.ts';
import { diffFields } from '../../engine/register/diff.ts';
import { withoutUndefined } from '../../engine/register/named.ts';
import type { Tx } from '../../platform/database/database.ts';
import {
  authorOf,
  type Change,
  findFunction,
  findHappening,
  findService,
  holdRegister,
  organisationOf,
  pageFrom,
  readDayCursor,
  recordChange,
  refuseFuture,
  refuseStale,
} from '../register/register.ts';
import { refuseMover } from './access.ts';
import { documentBySha256 } from './documents-store.ts';
import { showFiling } from './show.ts';
import { refuseFilingMove } from './states.ts';
import {
  type FilingColumns,
  filingById,
  holdFiling,
  insertFiling,
  insertStep,
  listFilings,
  listSteps,
  standingFiling,
  updateFiling,
} from './store.ts';

/** Records a report that was filed on an official platform. One at a time about one occasion under one rulebook. */
export async function recordFiling(
  change: Change,
  given: NewFiling,
  isRulebook: (id: string) => boolean,
): Promise<FilingWithSteps> {
  const { tx, now, caller } = change;
  refuseFuture(given.filedOn, now);
  if (!isRulebook(given.rulebook)) throw rulebookUnknown(given.rulebook);
  const organisation = organisationOf(change);
  // Of two about one occasion the second is told of the first, and no fact that is filed changes meanwhile.
  await holdRegister(tx, organisation);
  const occasion = await findOccasion(tx, given);
  const standing = await standingFiling(tx, occasion);
  if (standing) {
    throw new Problem('filing-exists', 'There is a filing about this already.', {
      status: 409,
      params: { id: standing.id, state: standing.state },
    });
  }
  const { authority, number, filedOn, filedBy } = given;
  const document = await columnsOfDocument(tx, given.document);
  const id = await insertFiling(tx, { ...occasion, organisation, authority, number, filedOn, filedBy, document, now });
  const author = authorOf(caller);
  await insertStep(tx, { organisation, filing: id, to: 'filed', on: filedOn, reason: null, number, author, now });
  const { document: _document, ...said } = given;
  const changes = diffFields({}, { ...said, ...occasion, document });
  await recordChange(change, 'filing-recorded', { type: 'filing', id }, 1, changes);
  return findFiling(tx, id);
}

export async function findFiling(tx: Tx, id: string): Promise<FilingWithSteps> {
  const row = await filingById(tx, id);
  if (!row) throw new Problem('filing-unknown', 'There is no such filing.', { status: 404 });
  const steps = await listSteps(tx, id);
  return { ...showFiling(row), steps: steps.map((step) => ({ ...step, at: step.at.toISOString() })) };
}

export async function filings(tx: Tx, query: z.output<typeof filingQuerySchema>) {
  const { after, limit, service, rulebook, state, search } = query;
  const rows = await listFilings(tx, {
    after: readDayCursor(after),
    limit: limit + 1,
    service: service && (await findService(tx, service)).id,
    function: query.function,
    rulebook,
    state,
    search,
  });
  return pageFrom(rows, limit, showFiling, ({ filed_on, seq }) => [filed_on, seq]);
}

/** Corrects how a filing was recorded. */
export async function correctFiling(
  change: Change,
  id: string,
  { revision: _revision, document, ...given }: FilingChanges,
  seen: number,
): Promise<FilingWithSteps> {
  const { tx, now } = change;
  const before = await hold(change, id, seen);
  if (before.state === 'withdrawn') throw new Problem('withdrawn', 'It was withdrawn.', { status: 409 });
  const documentNow = document === undefined ? {} : { document: await columnsOfDocument(tx, document) };
  const changes = diffFields(
    { ...before, document: documentColumns(before) },
    { ...withoutUndefined(given), ...documentNow },
  );
  if (changes.length === 0) return before;
  await updateFiling(tx, id, { ...columnsOf(given), ...columnsFor(documentNow.document) }, now);
  await recordChange(change, 'filing-corrected', { type: 'filing', id }, before.revision + 1, changes);
  return findFiling(tx, id);
}

export async function moveFiling(change: Change, id: string, move: FilingMove, seen: number): Promise<FilingWithSteps> {
  const { tx, now, caller } = change;
  refuseMover(caller, move.to);
  refuseFuture(move.on, now);
  const before = await hold(change, id, seen);
  refuseFilingMove(before.state, move.to);
  const last = before.steps.at(-1);
  if (last && move.on < last.on) {
    throw new Problem('step-before-last', 'That was before the step before it.', { params: { on: last.on } });
  }
  const reason = 'reason' in move ? move.reason : null;
  const number = 'number' in move ? (move.number ?? null) : null;
  const columns: FilingColumns = {
    state: move.to,
    reason,
    ...(number === null ? {} : { number }),
    ...(move.to === 'filed' ? { filed_on: move.on, filed_by: move.filedBy } : {}),
    ...(move.to === 'filed' && move.document !== undefined
      ? columnsFor(await columnsOfDocument(tx, move.document))
      : {}),
  };
  await updateFiling(tx, id, columns, now);
  const organisation = organisationOf(change);
  const author = authorOf(caller);
  await insertStep(tx, { organisation, filing: id, to: move.to, on: move.on, reason, number, author, now });
  const changes = diffFields(before, { state: move.to, ...(number === null ? {} : { number }) });
  const more = { on: move.on, ...(reason === null ? {} : { reason }) };
  await recordChange(change, `filing-${move.to}`, { type: 'filing', id }, before.revision + 1, changes, more);
  return findFiling(tx, id);
}

async function hold(change: Change, id: string, seen: number): Promise<FilingWithSteps> {
  const { tx } = change;
  await holdRegister(tx, organisationOf(change));
  await holdFiling(tx, id);
  const filing = await findFiling(tx, id);
  await refuseStale(tx, { type: 'filing', id }, seen, filing.revision);
  return filing;
}

/** What the report is about. Happenings befall the service, so a report is about a function or about a happening. */
async function findOccasion(tx: Tx, given: NewFiling) {
  const service = await findService(tx, given.service);
  if (given.function !== null && given.happening !== null) {
    throw new Problem('occasion-unclear', 'A report is about a function or about a happening.', {
      fields: [{ path: '/happening', code: 'occasion-unclear', message: 'either function or happening' }],
    });
  }
  const one = given.function === null ? null : await findFunction(tx, given.function, service.id);
  const happening = given.happening === null ? null : await findHappening(tx, given.happening);
  if (happening && happening.service.id !== service.id) {
    throw new Problem('happening-unknown', 'There is no such happening.', { status: 404 });
  }
  const version = one === null ? null : (given.version ?? one.version);
  if (one && version !== null && version > one.version) {
    throw new Problem('version-unknown', 'There is no such version.', { status: 404, params: { version } });
  }
  return {
    rulebook: given.rulebook,
    service: service.id,
    function: one?.id ?? null,
    version,
    happening: happening?.id ?? null,
  };
}

type GivenDocument = z.output<typeof filedDocumentSchema>;

async function columnsOfDocument(tx: Tx, document: GivenDocument | null) {
  if (document === null) return { sha256: null, link: null };
  if (document.kind === 'link') return { sha256: null, link: document.text };
  // Only what this organisation handed in itself: a hash is no secret, the file may be.
  if (!(await documentBySha256(tx, document.sha256))) {
    throw new Problem('document-unknown', 'That file was not handed in.', { status: 404 });
  }
  return { sha256: document.sha256, link: null };
}

function documentColumns({ document }: Filing): { sha256: string | null; link: string | null } {
  if (document === null) return { sha256: null, link: null };
  return document.kind === 'file'
    ? { sha256: document.file.sha256, link: null }
    : { sha256: null, link: document.text };
}

function columnsFor(document: { sha256: string | null; link: string | null } | undefined): FilingColumns {
  return document ? { document_sha256: document.sha256, document_link: document.link } : {};
}

function columnsOf({ authority, number, filedBy }: Omit<FilingChanges, 'document' | 'revision'>): FilingColumns {
  return {
    ...(authority === undefined ? {} : { authority }),
    ...(number === undefined ? {} : { number }),
    ...(filedBy === undefined ? {} : { filed_by: filedBy }),
  };
}

function rulebookUnknown(id: string): Problem {
  return new Problem('rulebook-unknown', 'There is no such rulebook.', {
    status: 404,
    params: { id },
    fields: [{ path: '/rulebook', code: 'rulebook-unknown', message: id }],
  });
}
