import type { Hazard, HazardMove, NewHazard } from '../../../contract/hazards.ts';
import { Problem } from '../../../contract/problem.ts';
import { severityIn } from '../../../engine/assessments/severity.ts';
import { refuseStranger } from './answers.ts';
import { authorOf, type Change, holdWorkable, recordDone } from './change.ts';
import {
  type HazardColumns,
  hazardById,
  insertHazard,
  insertHazardStep,
  stepsOf,
  updateHazard,
} from './hazards-store.ts';
import { readAssessment } from './read.ts';
import { keyOf, showHazards } from './show.ts';
import { refuseHazardMove } from './states.ts';

/** A hazard that a person found. Its severity comes from the same matrix. */
export async function addHazard(change: Change, assessment: string, given: NewHazard): Promise<Hazard> {
  const { tx, now, caller } = change;
  const held = await holdWorkable(tx, assessment);
  const { requirements } = await readAssessment(tx, assessment, { now, person: caller.actor.person });
  const about = given.requirements.map((ref) => requirements.find((one) => keyOf(one) === keyOf(ref)));
  if (about.includes(undefined)) {
    throw new Problem('requirement-unknown', 'There is no such requirement in it.', { status: 404 });
  }
  const organisation = held.organisation_id;
  const id = await insertHazard(tx, {
    ...{ organisation, assessment, key: null, title: given.title, seen: null, reproduce: given.reproduce },
    requirements: given.requirements,
    severity: severityIn(given.impact, given.frequency),
    verifiedRule: about.some((one) => one?.verified),
    foundAt: now,
  });
  await insertHazardStep(tx, { organisation, hazard: id, to: 'found', author: authorOf(caller), now });
  await recordDone(change, held, { kind: 'hazard-added', data: { hazard: id, title: given.title } });
  return findHazard(change, id);
}

export async function findHazard({ tx }: Pick<Change, 'tx'>, id: string): Promise<Hazard> {
  const row = await hazardById(tx, id);
  if (!row) throw hazardUnknown();
  const [hazard] = showHazards([row], await stepsOf(tx, [id]));
  if (!hazard) throw hazardUnknown();
  return hazard;
}

/** Throws `hazard-unknown`, `hazard-changed`, `hazard-move-not-allowed`, `hazard-verified-by-run`, `due-in-past`, `due-not-later`. */
export async function moveHazard(change: Change, id: string, move: HazardMove): Promise<Hazard> {
  const { tx, now, caller } = change;
  const found = await findHazard(change, id);
  const held = await holdWorkable(tx, found.assessment.id);
  // Read again under the lock of its assessment.
  const hazard = await findHazard(change, id);
  if (move.revision !== undefined && move.revision !== hazard.revision) {
    throw new Problem('hazard-changed', 'It was changed meanwhile.', {
      status: 409,
      params: { revision: hazard.revision },
    });
  }
  refuseHazardMove(hazard.state, move.to === 'extended' ? 'planned' : move.to);
  const { columns, step } = await decide(change, hazard, move);
  await updateHazard(tx, id, columns);
  const organisation = held.organisation_id;
  await insertHazardStep(tx, { organisation, hazard: id, to: move.to, ...step, author: authorOf(caller), now });
  const { revision: _revision, ...said } = move;
  await recordDone(change, held, { kind: `hazard-${move.to}`, data: { hazard: id, ...said } });
  return findHazard(change, id);
}

interface Decided {
  columns: HazardColumns;
  step: { dueOn?: string; note?: string };
}

async function decide(change: Change, hazard: Hazard, move: HazardMove): Promise<Decided> {
  const { now } = change;
  if (move.to === 'planned') {
    await refuseStranger(change, [move.owner]);
    refusePast(move.dueOn, now);
    // Once there is a date, a later one needs its reason.
    if (hazard.dueOn !== null && move.dueOn > hazard.dueOn) throw extendInstead(hazard.dueOn);
    const first = hazard.firstDueOn ?? move.dueOn;
    const columns = { owner_id: move.owner, plan: move.plan, due_on: move.dueOn, first_due_on: first };
    return {
      columns: { ...columns, state: 'planned', planned_at: hazard.plannedAt ? new Date(hazard.plannedAt) : now },
      step: { dueOn: move.dueOn, note: move.plan },
    };
  }
  if (move.to === 'extended') {
    if (hazard.dueOn === null || move.dueOn <= hazard.dueOn) {
      throw new Problem('due-not-later', 'An extension ends later than what it extends.', {
        status: 422,
        params: { due: hazard.dueOn ?? '–' },
      });
    }
    return { columns: { due_on: move.dueOn }, step: { dueOn: move.dueOn, note: move.reason } };
  }
  if (move.to === 'done') return { columns: { state: 'done', done_at: now }, step: { note: move.note } };
  if (move.to === 'open')
    return { columns: { state: 'open', done_at: null, verified_at: null }, step: { note: move.reason } };
  if (hazard.seen) throw verifiedByRun();
  const { evidence } = await readAssessment(change.tx, hazard.assessment.id, { now, person: null });
  const one = evidence.find(({ id, withdrawn, lapsed }) => id === move.evidence && withdrawn === null && !lapsed);
  if (!one) throw new Problem('evidence-unknown', 'There is no such evidence.', { status: 404 });
  return {
    columns: { state: 'verified', done_at: hazard.doneAt ? new Date(hazard.doneAt) : now, verified_at: now },
    step: { note: `${one.no}. ${one.title}` },
  };
}

/** A day that has passed everywhere on earth. */
function refusePast(day: string, now: Date): void {
  if (day >= new Date(now.getTime() - 12 * 3_600_000).toISOString().slice(0, 10)) return;
  throw new Problem('due-in-past', 'That day has passed.', { status: 422, params: { day } });
}

function extendInstead(due: string): Problem {
  return new Problem('extend-instead', 'A later date is an extension.', { status: 409, params: { due } });
}

function verifiedByRun(): Problem {
  return new Problem('hazard-verified-by-run', 'What a probe found is verified by its next run.', { status: 409 });
}

function hazardUnknown(): Problem {
  return new Problem('hazard-unknown', 'There is no such hazard.', { status: 404 });
}
