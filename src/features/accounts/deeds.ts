import type { z } from 'zod';
import type { Event, eventQuerySchema } from '../../contract/accounts.ts';
import { Problem } from '../../contract/problem.ts';
import type { Tx } from '../../platform/database/database.ts';
import { listEvents } from './deeds-store.ts';

/** A page of what was done in the organisation, newest first. */
export async function whatWasDone(
  tx: Tx,
  { after, limit, kind, subjectType, subjectId }: z.output<typeof eventQuerySchema>,
): Promise<{ items: Event[]; next: string | null }> {
  const subject = subjectType && subjectId ? { type: subjectType, id: subjectId } : undefined;
  const before = after === undefined ? undefined : Number(after);
  if (before !== undefined && !Number.isSafeInteger(before)) {
    throw new Problem('cursor-unknown', 'This page is not one that was given out.', { status: 400 });
  }
  const rows = await listEvents(tx, { before, limit: limit + 1, kind, subject });
  const items = rows.slice(0, limit).map((row) => ({
    id: String(row.id),
    at: row.at.toISOString(),
    kind: row.kind,
    by: { person: row.person, key: row.key },
    subject: { type: row.subject_type, id: row.subject_id },
    data: row.data,
  }));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
