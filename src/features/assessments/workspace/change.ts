import { Problem } from '../../../contract/problem.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { recordDeed } from '../../../platform/database/events.ts';
import { tell } from '../../../platform/http/live.ts';
import { authorOf, type Change, organisationOf } from '../../register/register.ts';
import { refuseUnworkable } from './states.ts';
import { type AssessmentColumns, type HeldAssessment, holdAssessment, updateAssessment } from './store.ts';

export { authorOf, type Change, organisationOf };

/** The assessment, held by this transaction. Throws `assessment-unknown`. */
export async function hold(tx: Tx, id: string): Promise<HeldAssessment> {
  const held = await holdAssessment(tx, id);
  if (!held) throw assessmentUnknown();
  return held;
}

/** The same, to change what is in it. Throws `assessment-concluded` and `assessment-closed`. */
export async function holdWorkable(tx: Tx, id: string): Promise<HeldAssessment> {
  const held = await hold(tx, id);
  refuseUnworkable(held.state);
  return held;
}

export function assessmentUnknown(): Problem {
  return new Problem('assessment-unknown', 'There is no such assessment.', { status: 404 });
}

export function refuseSeen(held: HeldAssessment, seen: number | undefined): void {
  if (seen === undefined || seen === held.revision) return;
  throw new Problem('assessment-changed', 'It was changed meanwhile.', {
    status: 409,
    params: { revision: held.revision },
  });
}

/** Whoever asks for it in a background job has no name. */
export interface Doing extends Pick<Change, 'tx' | 'now'> {
  caller: Pick<Change['caller'], 'actor' | 'key'>;
}

export interface Deed {
  kind: string;
  data?: Record<string, unknown>;
  /** Of the assessment's own columns. */
  columns?: AssessmentColumns;
  isEdit?: boolean;
}

/** Writes what was done in an assessment, counts it as a change of the whole, and tells the open pages. A draft that is worked on is one no more. */
export async function recordDone(doing: Doing, held: HeldAssessment, deed: Deed): Promise<void> {
  const { tx, now, caller } = doing;
  const { kind, data = {}, columns = {}, isEdit = false } = deed;
  const begins = held.state === 'draft' && columns.state === undefined && !isEdit;
  await updateAssessment(
    tx,
    held.id,
    { ...columns, ...(begins ? { state: 'assessing' as const } : {}) },
    { now, isEdit: isEdit || begins },
  );
  await recordDeed(tx, caller, { kind, subject: { type: 'assessment', id: held.id }, data });
  await tell(tx, { organisation: held.organisation_id, topic: 'assessment', id: held.id, data: { kind } });
}
