import { Problem } from '../../contract/problem.ts';
import type { FieldChange } from '../../contract/register-document.ts';
import type { Tx } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import { tell } from '../../platform/http/live.ts';
import { deedsSince } from './revisions-store.ts';

export interface Change {
  tx: Tx;
  caller: Caller;
  now: Date;
}

export type SubjectType = 'company' | 'service' | 'function' | 'happening' | 'filing';

/** The revision that the caller saw: from the body, or from `If-Match: "7"`. */
export function seenRevision(inBody: number | undefined, ifMatch: string | undefined): number {
  if (inBody !== undefined) return inBody;
  const inHeader = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch ?? '')?.[1];
  if (inHeader !== undefined) return Number(inHeader);
  throw new Problem('revision-missing', 'The request does not say which revision it changes.', { status: 428 });
}

/** Refuses an edit of a row that has moved on, and says who moved it and in which fields. */
export async function refuseStale(
  tx: Tx,
  subject: { type: SubjectType; id: string },
  seen: number,
  current: number,
): Promise<void> {
  if (seen === current) return;
  const deeds = (await deedsSince(tx, subject, seen)).toReversed();
  const last = deeds.at(-1);
  const fields = deeds.flatMap(({ by, at, data }) =>
    changesIn(data).map(({ field }) => ({
      path: `/${field.replaceAll('.', '/')}`,
      code: 'changed-meanwhile',
      message: `${by ?? '?'}, ${at.toISOString()}`,
    })),
  );
  throw new Problem('changed-meanwhile', 'It was changed meanwhile.', {
    status: 409,
    params: {
      by: last?.by ?? '?',
      at: last ? last.at.toISOString() : '?',
      fields: [...new Set(deeds.flatMap(({ data }) => changesIn(data).map(({ field }) => field)))].join(', ') || '–',
      revision: current,
    },
    fields: fields.slice(0, 50),
  });
}

/** Writes the event of an edit, fields before and after, and tells the open pages. */
export async function recordChange(
  { tx, caller }: Change,
  kind: string,
  subject: { type: SubjectType; id: string },
  revision: number,
  changes: FieldChange[],
  more: Record<string, unknown> = {},
): Promise<void> {
  await recordDeed(tx, caller, { kind, subject, data: { revision, changes, ...more } });
  const { organisation } = caller.actor;
  if (organisation !== null) await tell(tx, { organisation, topic: subject.type, id: subject.id, data: { revision } });
}

export function organisationOf({ caller }: Pick<Change, 'caller'>): string {
  const { organisation } = caller.actor;
  if (organisation === null) throw new Error('the register is always of an organisation');
  return organisation;
}

export function authorOf({ actor, key }: Caller): { person_id: string | null; key_id: string | null } {
  return { person_id: actor.person, key_id: key };
}

/** The day that is today somewhere on earth: what lies after it is in the future everywhere. */
export function latestDay(now: Date): string {
  return new Date(now.getTime() + 14 * 3_600_000).toISOString().slice(0, 10);
}

export function refuseFuture(day: string, now: Date): void {
  if (day.slice(0, 10) <= latestDay(now)) return;
  throw new Problem('day-in-future', 'That day has not come yet.', { params: { day: day.slice(0, 10) } });
}

function changesIn(data: Record<string, unknown>): { field: string }[] {
  const { changes } = data;
  return Array.isArray(changes) ? changes.filter((one) => typeof one?.field === 'string') : [];
}
