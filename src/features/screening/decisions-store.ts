import { sql } from 'kysely';
import type { Decision, ScreeningItem } from '../../contract/screenings.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { ScreeningTables } from './tables.ts';

/** The row of a screening, held until the transaction ends. */
export function screeningForChange(tx: Tx, id: string) {
  return tx
    .withTables<ScreeningTables>()
    .selectFrom('screening')
    .select(['id', 'state', 'sha256', 'media_removed_at', 'override_word'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export type ScreeningForChange = NonNullable<Awaited<ReturnType<typeof screeningForChange>>>;

export interface NewDecision extends Pick<Decision, 'kind' | 'word' | 'reason'> {
  organisation: string;
  screening: string;
  person: string | null;
  key: string | null;
  at: Date;
}

/** Returns its id. A note is also counted. */
export async function insertDecision(tx: Tx, decision: NewDecision): Promise<string> {
  const db = tx.withTables<ScreeningTables>();
  const { organisation, screening, person, key, ...what } = decision;
  const { id } = await db
    .insertInto('screening_decision')
    .values({ ...what, organisation_id: organisation, screening_id: screening, person_id: person, key_id: key })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (decision.kind === 'note') {
    await db
      .updateTable('screening')
      .set({ note_count: sql<number>`note_count + 1` })
      .where('id', '=', screening)
      .execute();
  }
  return id;
}

export async function setOverride(tx: Tx, id: string, word: ScreeningItem['overridden']): Promise<void> {
  await change(tx, id, { override_word: word });
}

export async function queueAgain(tx: Tx, id: string): Promise<void> {
  await change(tx, id, { state: 'queued', failure: null, done_at: null, starts: 0 });
}

export async function setMediaRemoved(tx: Tx, id: string, at: Date): Promise<void> {
  await change(tx, id, { media_removed_at: at });
}

async function change(tx: Tx, id: string, set: Changes): Promise<void> {
  await tx.withTables<ScreeningTables>().updateTable('screening').set(set).where('id', '=', id).execute();
}

interface Changes {
  override_word?: ScreeningItem['overridden'];
  state?: 'queued';
  failure?: null;
  done_at?: null;
  starts?: number;
  media_removed_at?: Date;
}

/** Returns the blobs that they named. */
export async function removeExhibits(tx: Tx, id: string): Promise<string[]> {
  const rows = await tx
    .withTables<ScreeningTables>()
    .deleteFrom('screening_exhibit')
    .where('screening_id', '=', id)
    .returning('sha256')
    .execute();
  return rows.map(({ sha256 }) => sha256);
}
