import { Problem } from '../../contract/problem.ts';
import type { Decision, ScreeningItem } from '../../contract/screenings.ts';
import type { Tx } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import { tell } from '../../platform/http/live.ts';
import type { Jobs } from '../../platform/jobs.ts';
import { organisationOf } from './access.ts';
import {
  insertDecision,
  queueAgain,
  removeExhibits,
  type ScreeningForChange,
  screeningForChange,
  setMediaRemoved,
  setOverride,
} from './decisions-store.ts';
import { dropQueue, fetchQueue, screenQueue } from './queues.ts';

export interface Deciding {
  tx: Tx;
  caller: Caller;
  now: Date;
  /** Of the screening. */
  id: string;
}

/** Writes a note beside a screening. Returns its id. */
export async function writeNote(deciding: Deciding, text: string): Promise<string> {
  await found(deciding);
  return decide(deciding, { kind: 'note', word: null, reason: text });
}

/** Puts a word above the machine's verdict, which stays where it is. */
export async function override(deciding: Deciding, { word, reason }: { word: Word; reason: string }): Promise<void> {
  const { state } = await found(deciding);
  if (state !== 'done') {
    throw new Problem('screening-not-done', 'There is no verdict yet.', { status: 409 });
  }
  await setOverride(deciding.tx, deciding.id, word);
  await decide(deciding, { kind: 'override', word, reason });
}

export async function withdrawOverride(deciding: Deciding, reason: string): Promise<void> {
  const { override_word } = await found(deciding);
  if (override_word === null) {
    throw new Problem('override-none', 'No override is in force.', { status: 409 });
  }
  await setOverride(deciding.tx, deciding.id, null);
  await decide(deciding, { kind: 'override-withdrawn', word: null, reason });
}

/** Tries a failed one again, from where it failed. */
export async function retry(deciding: Deciding, jobs: Jobs): Promise<void> {
  const { tx, id } = deciding;
  const { state, sha256, media_removed_at } = await found(deciding);
  if (state !== 'failed') {
    throw new Problem('screening-not-failed', 'Only a failed screening can be tried again.', { status: 409 });
  }
  if (media_removed_at) throw mediaRemoved();
  await queueAgain(tx, id);
  await jobs.send(tx, sha256 === null ? fetchQueue : screenQueue, { screening: id });
  await decide(deciding, { kind: 'retry', word: null, reason: null });
}

/** Deletes the media and the pictures made of it. Record, notes and decisions stay. */
export async function removeMedia(deciding: Deciding, jobs: Jobs, reason: string): Promise<void> {
  const { tx, id, now } = deciding;
  const { state, sha256, media_removed_at } = await found(deciding);
  if (media_removed_at) throw mediaRemoved();
  if (state === 'queued' || state === 'examining') {
    throw new Problem('screening-under-way', 'The examination is still under way.', { status: 409 });
  }
  await setMediaRemoved(tx, id, now);
  const pictures = await removeExhibits(tx, id);
  // The files go when this is committed, and only those that nobody else needs.
  await jobs.send(tx, dropQueue, { addresses: [...(sha256 === null ? [] : [sha256]), ...pictures] });
  await decide(deciding, { kind: 'media-removed', word: null, reason });
}

type Word = NonNullable<ScreeningItem['overridden']>;

async function found({ tx, id }: Deciding): Promise<ScreeningForChange> {
  const row = await screeningForChange(tx, id);
  if (!row) throw noSuchScreening();
  return row;
}

async function decide(
  { tx, caller, now, id }: Deciding,
  { kind, word, reason }: Pick<Decision, 'kind' | 'word' | 'reason'>,
): Promise<string> {
  const organisation = organisationOf(caller);
  const person = caller.key === null ? caller.actor.person : null;
  const decision = await insertDecision(tx, {
    organisation,
    screening: id,
    kind,
    word,
    reason,
    person,
    key: caller.key,
    at: now,
  });
  // The words themselves stand in the decision.
  await recordDeed(tx, caller, {
    kind: `screening-${kind}`,
    subject: { type: 'screening', id },
    data: { decision, word },
  });
  await tell(tx, { organisation, topic: 'screening', id, data: { decision: kind } });
  return decision;
}

export function noSuchScreening(): Problem {
  return new Problem('screening-unknown', 'There is no such screening here.', { status: 404 });
}

export function mediaRemoved(): Problem {
  return new Problem('media-removed', 'The media of this screening was deleted.', { status: 410 });
}
