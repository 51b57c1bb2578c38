import type { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import type {
  figureQuerySchema,
  NewFigure,
  NewService,
  NotedFigure,
  Service,
  ServiceChanges,
  serviceMoveSchema,
  serviceQuerySchema,
} from '../../contract/register.ts';
import { diffFields } from '../../engine/register/diff.ts';
import { withoutUndefined } from '../../engine/register/named.ts';
import { tidy } from '../../engine/register/tidy.ts';
import type { Tx } from '../../platform/database/database.ts';
import { pageFrom, readCursor, readDayCursor, uuidTail } from './cursors.ts';
import { withdrawFunctionsOf } from './functions.ts';
import { slugTaken, withdrawn } from './refusals.ts';
import { authorOf, type Change, organisationOf, recordChange, refuseFuture, refuseStale } from './revisions.ts';
import { holdRegister } from './revisions-store.ts';
import {
  figureById,
  insertFigure,
  insertService,
  listFigures,
  listServices,
  serviceById,
  serviceBySlug,
  setServiceState,
  updateService,
} from './services-store.ts';
import { showFigure, showService } from './show.ts';
import { refuseMove, serviceMoves } from './states.ts';

/** A service by its id or slug; of a slug the one that is not withdrawn. Throws `service-unknown`. */
export async function findService(tx: Tx, ref: string): Promise<Service> {
  const row = uuidTail.test(ref) ? await serviceById(tx, ref) : await serviceBySlug(tx, ref);
  if (!row) throw new Problem('service-unknown', 'There is no such service.', { status: 404, params: { ref } });
  return showService(row);
}

export async function services(tx: Tx, query: z.output<typeof serviceQuerySchema>) {
  const { after, limit, search, state, type, jurisdiction, feature } = query;
  const filters = { search, state, type, jurisdiction, feature };
  const rows = await listServices(tx, { ...filters, after: readCursor(after, uuidTail), limit: limit + 1 });
  return pageFrom(rows, limit, showService, ({ slug, id }) => [slug, id]);
}

export async function addService(change: Change, given: NewService): Promise<Service> {
  const { tx, now } = change;
  const fields = tidy(given);
  const organisation = organisationOf(change);
  await holdRegister(tx, organisation);
  await refuseTakenSlug(tx, fields.slug, null);
  const id = await insertService(tx, organisation, fields, now);
  await recordChange(change, 'service-added', { type: 'service', id }, 1, diffFields({}, fields));
  return findService(tx, id);
}

/** `seen`: the revision that the caller saw; null when the register is held already and nothing can have moved. */
export async function changeService(
  change: Change,
  ref: string,
  { revision: _revision, ...given }: ServiceChanges,
  seen: number | null,
): Promise<Service> {
  const { tx, now } = change;
  const before = await hold(change, ref, seen);
  if (before.state === 'withdrawn') throw withdrawn(before);
  const fields = withoutUndefined(tidy(given));
  const changes = diffFields(before, fields);
  if (changes.length === 0) return before;
  if (fields.slug !== undefined) await refuseTakenSlug(tx, fields.slug, before.id);
  await updateService(tx, before.id, fields, now);
  const subject = { type: 'service', id: before.id } as const;
  await recordChange(change, 'service-changed', subject, before.revision + 1, changes);
  return findService(tx, before.id);
}

/** Records that a service went online or was withdrawn. Its functions are withdrawn with it. */
export async function moveService(
  change: Change,
  ref: string,
  { to, on, reason }: z.output<typeof serviceMoveSchema>,
  seen: number | null,
): Promise<Service> {
  const { tx, now } = change;
  refuseFuture(on, now);
  if (to === 'withdrawn' && reason === null) throw reasonMissing();
  const before = await hold(change, ref, seen);
  refuseMove(serviceMoves, before.state, to);
  await setServiceState(tx, before.id, to, { on, reason, now });
  if (to === 'withdrawn') await withdrawFunctionsOf(change, before.id, { on, reason: reason ?? '' });
  const changes = diffFields(before, { state: to, [to === 'launched' ? 'launchedOn' : 'withdrawnOn']: on });
  const subject = { type: 'service', id: before.id } as const;
  await recordChange(change, `service-${to}`, subject, before.revision + 1, changes, reason === null ? {} : { reason });
  return findService(tx, before.id);
}

export async function noteFigure(change: Change, ref: string, figure: NewFigure): Promise<NotedFigure> {
  const { tx, now, caller } = change;
  refuseFuture(figure.asOf, now);
  const organisation = organisationOf(change);
  const service = await findService(tx, ref);
  if (service.state === 'withdrawn') throw withdrawn(service);
  const id = await insertFigure(tx, { organisation, service: service.id, figure, author: authorOf(caller), now });
  const changes = [{ field: `figures.${figure.kind}`, before: service.figures[figure.kind] ?? null, after: figure }];
  // A figure is added beside the service, not to its row: the revision stays.
  await recordChange(change, 'figure-noted', { type: 'service', id: service.id }, service.revision, changes);
  return showFigure(await figureById(tx, id));
}

export async function figures(tx: Tx, ref: string, { after, limit, kind }: z.output<typeof figureQuerySchema>) {
  const { id } = await findService(tx, ref);
  const rows = await listFigures(tx, id, { after: readDayCursor(after), limit: limit + 1, kind });
  return pageFrom(rows, limit, showFigure, ({ as_of, seq }) => [as_of, seq]);
}

function reasonMissing(): Problem {
  return new Problem('reason-missing', 'A reason is needed.', {
    fields: [{ path: '/reason', code: 'reason-missing', message: 'needed' }],
  });
}

async function hold(change: Change, ref: string, seen: number | null): Promise<Service> {
  await holdRegister(change.tx, organisationOf(change));
  const service = await findService(change.tx, ref);
  if (seen !== null) await refuseStale(change.tx, { type: 'service', id: service.id }, seen, service.revision);
  return service;
}

async function refuseTakenSlug(tx: Tx, slug: string, except: string | null): Promise<void> {
  const row = await serviceBySlug(tx, slug);
  if (row && row.id !== except && row.state !== 'withdrawn') {
    throw slugTaken(slug);
  }
}
