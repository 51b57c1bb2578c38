import type { z } from 'zod';
import type { Happening, happeningQuerySchema, NewHappening } from '../../contract/happenings.ts';
import { Problem } from '../../contract/problem.ts';
import type { Tx } from '../../platform/database/database.ts';
import { numberTail, pageFrom, readCursor } from './cursors.ts';
import { happeningById, insertHappening, listHappenings, settleHappening } from './happenings-store.ts';
import { withdrawn } from './refusals.ts';
import { authorOf, type Change, organisationOf, recordChange, refuseFuture } from './revisions.ts';
import { findService } from './services.ts';
import { showHappening } from './show.ts';

/** What befell a service. Recorded once and never edited; what was recorded by mistake is settled with that reason. */
export async function recordHappening(change: Change, ref: string, given: NewHappening): Promise<Happening> {
  const { tx, now, caller } = change;
  const { kind, on, note, ...details } = given;
  refuseFuture(on, now);
  const service = await findService(tx, ref);
  if (service.state === 'withdrawn') throw withdrawn(service);
  const organisation = organisationOf(change);
  const author = authorOf(caller);
  const id = await insertHappening(tx, { organisation, service: service.id, kind, on, details, note, author, now });
  const more = { service: service.id, kind, on, details };
  await recordChange(change, 'happening-recorded', { type: 'happening', id }, 1, [], more);
  return findHappening(tx, id);
}

export async function happenings(tx: Tx, ref: string, query: z.output<typeof happeningQuerySchema>) {
  const { after, limit, open } = query;
  const { id } = await findService(tx, ref);
  const rows = await listHappenings(tx, id, { after: readCursor(after, numberTail), limit: limit + 1, open });
  return pageFrom(rows, limit, showHappening, ({ happened_on, seq }) => [happened_on, seq]);
}

export async function settle(change: Change, id: string, reason: string): Promise<Happening> {
  await findHappening(change.tx, id);
  if (!(await settleHappening(change.tx, id, reason, change.now))) {
    throw new Problem('settled-already', 'It was settled before.', { status: 409 });
  }
  await recordChange(change, 'happening-settled', { type: 'happening', id }, 2, [], { reason });
  return findHappening(change.tx, id);
}

export async function findHappening(tx: Tx, id: string): Promise<Happening> {
  const row = await happeningById(tx, id);
  if (!row) throw new Problem('happening-unknown', 'There is no such happening.', { status: 404 });
  return showHappening(row);
}
