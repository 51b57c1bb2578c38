import type { z } from 'zod';
import type { PageQuery } from '../../contract/paging.ts';
import { Problem } from '../../contract/problem.ts';
import type {
  FunctionChanges,
  FunctionMove,
  functionQuerySchema,
  NewFunction,
  ServiceFunction,
} from '../../contract/register.ts';
import { diffFields } from '../../engine/register/diff.ts';
import { withoutUndefined } from '../../engine/register/named.ts';
import { tidy } from '../../engine/register/tidy.ts';
import type { Tx } from '../../platform/database/database.ts';
import { cursorUnknown, pageFrom, readCursor, uuidTail } from './cursors.ts';
import {
  functionById,
  functionBySlug,
  insertFunction,
  insertVersion,
  listFunctions,
  listVersions,
  liveFunctions,
  setFunctionState,
  updateFunction,
  updateVersion,
} from './functions-store.ts';
import { slugTaken, withdrawn } from './refusals.ts';
import { authorOf, type Change, organisationOf, recordChange, refuseFuture, refuseStale } from './revisions.ts';
import { holdRegister } from './revisions-store.ts';
import { showFunction, showVersion } from './show.ts';
import { functionMoves, refuseMove } from './states.ts';

/** Whether a report about that version of a function is filed or accepted. Asked of the filings, which know the register. */
export type IsFiled = (tx: Tx, functionId: string, version: number) => Promise<boolean>;

/** A function by its id, or by its slug within a service. Throws `function-unknown`. */
export async function findFunction(tx: Tx, ref: string, service?: string): Promise<ServiceFunction> {
  const row = uuidTail.test(ref)
    ? await functionById(tx, ref)
    : service === undefined
      ? undefined
      : await functionBySlug(tx, service, ref);
  if (!row || (service !== undefined && row.service_id !== service)) throw functionUnknown(ref);
  return showFunction(row);
}

export async function functions(tx: Tx, query: z.output<typeof functionQuerySchema>, service: string | undefined) {
  const { after, limit, search, state, feature } = query;
  const filters = { service, search, state, feature };
  const rows = await listFunctions(tx, { ...filters, after: readCursor(after, uuidTail), limit: limit + 1 });
  return pageFrom(rows, limit, showFunction, ({ slug, id }) => [slug, id]);
}

export async function versions(tx: Tx, id: string, { after, limit }: PageQuery) {
  const one = await findFunction(tx, id);
  if (after !== undefined && !/^\d{1,9}$/.test(after)) {
    throw cursorUnknown();
  }
  const before = after === undefined ? undefined : Number(after);
  const rows = await listVersions(tx, one.id, { before, limit: limit + 1 });
  const items = rows.slice(0, limit).map(showVersion);
  return { items, next: rows.length > limit ? String(items.at(-1)?.version) : null };
}

export async function addFunction(
  change: Change,
  service: { id: string; state: string; slug: string },
  given: NewFunction,
): Promise<ServiceFunction> {
  const { tx, now, caller } = change;
  const fields = tidy(given);
  const organisation = organisationOf(change);
  await holdRegister(tx, organisation);
  if (service.state === 'withdrawn') throw withdrawn(service);
  await refuseTakenSlug(tx, service.id, fields.slug, null);
  const making = { organisation, author: authorOf(caller), now };
  const id = await insertFunction(tx, service.id, fields, making);
  await insertVersion(tx, { id, version: 1 }, { ...fields, reason: null }, making);
  const subject = { type: 'function', id } as const;
  await recordChange(change, 'function-added', subject, 1, diffFields({}, fields), { service: service.id });
  return findFunction(tx, id);
}

export async function changeFunction(
  change: Change,
  id: string,
  { revision: _revision, ...given }: FunctionChanges,
  seen: number | null,
  isFiled: IsFiled,
): Promise<ServiceFunction> {
  const { tx, now } = change;
  const before = await hold(change, id, seen);
  if (before.state === 'withdrawn') throw withdrawn(before);
  const fields = withoutUndefined(tidy(given));
  const changes = diffFields(before, fields);
  if (changes.length === 0) return before;
  const touchesFacts = changes.some(({ field }) => field === 'features' || field.startsWith('facts'));
  if (touchesFacts && (before.state === 'launched' || (await isFiled(tx, id, before.version)))) {
    throw new Problem('facts-fixed', 'What was filed or launched keeps its facts.', {
      status: 409,
      params: { version: before.version },
    });
  }
  if (fields.slug !== undefined) await refuseTakenSlug(tx, before.service.id, fields.slug, id);
  await updateFunction(tx, id, fields, now);
  await updateVersion(tx, { id, version: before.version }, fields);
  await recordChange(change, 'function-changed', { type: 'function', id }, before.revision + 1, changes);
  return findFunction(tx, id);
}

export async function moveFunction(
  change: Change,
  id: string,
  move: FunctionMove,
  seen: number | null,
): Promise<ServiceFunction> {
  if (move.to !== 'changed') refuseFuture(move.on, change.now);
  const before = await hold(change, id, seen);
  refuseMove(functionMoves, before.state, move.to);
  if (move.to === 'changed') await planVersion(change, before, move);
  else await moveVersion(change, before, move);
  return findFunction(change.tx, id);
}

async function planVersion(
  change: Change,
  before: ServiceFunction,
  move: Extract<FunctionMove, { to: 'changed' }>,
): Promise<void> {
  const { tx, now, caller } = change;
  const { id } = before;
  const { reason, features, facts, plannedLaunch } = tidy(move);
  const version = before.version + 1;
  const making = { organisation: organisationOf(change), author: authorOf(caller), now };
  await insertVersion(tx, { id, version }, { features, facts, reason, plannedLaunch }, making);
  await setFunctionState(tx, id, { state: 'changed', version }, now);
  const changes = diffFields(before, { state: 'changed', version, features, facts, plannedLaunch });
  const subject = { type: 'function', id } as const;
  await recordChange(change, 'function-change-planned', subject, before.revision + 1, changes, { reason });
}

async function moveVersion(
  change: Change,
  before: ServiceFunction,
  move: Exclude<FunctionMove, { to: 'changed' }>,
): Promise<void> {
  const { tx, now } = change;
  const { id, version } = before;
  const { to, on } = move;
  if (to === 'launched') await updateVersion(tx, { id, version }, { launchedOn: on });
  const withdrawn = to === 'withdrawn' ? { withdrawn: { on, reason: move.reason } } : {};
  await setFunctionState(tx, id, { state: to, version, ...withdrawn }, now);
  const changes = diffFields(before, { state: to, [to === 'launched' ? 'launchedOn' : 'withdrawnOn']: on });
  const more = { version, ...(to === 'withdrawn' ? { reason: move.reason } : {}) };
  await recordChange(change, `function-${to}`, { type: 'function', id }, before.revision + 1, changes, more);
}

/** With their service. */
export async function withdrawFunctionsOf(
  change: Change,
  service: string,
  { on, reason }: { on: string; reason: string },
): Promise<void> {
  for (const row of await liveFunctions(change.tx, service)) {
    await moveVersion(change, showFunction(row), { to: 'withdrawn', on, reason });
  }
}

async function hold(change: Change, id: string, seen: number | null): Promise<ServiceFunction> {
  await holdRegister(change.tx, organisationOf(change));
  const one = await findFunction(change.tx, id);
  if (seen !== null) await refuseStale(change.tx, { type: 'function', id }, seen, one.revision);
  return one;
}

async function refuseTakenSlug(tx: Tx, service: string, slug: string, except: string | null): Promise<void> {
  const row = await functionBySlug(tx, service, slug);
  if (row && row.id !== except && row.state !== 'withdrawn') {
    throw slugTaken(slug);
  }
}

function functionUnknown(ref: string): Problem {
  return new Problem('function-unknown', 'There is no such function.', { status: 404, params: { ref } });
}
