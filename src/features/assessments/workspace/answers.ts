import type { RuleRef } from '../../../contract/assessment-parts.ts';
import type { AnswerChanges, Assessment } from '../../../contract/assessments.ts';
import { Problem } from '../../../contract/problem.ts';
import { authorOf, type Change, hold, holdWorkable, recordDone } from './change.ts';
import { readAssessment } from './read.ts';
import { insertComment, knownPeople, type RequirementColumns, requirementsOf, updateRequirement } from './store.ts';

/**
 * Answers a requirement in people's words, or gives it to somebody. What a probe saw fail is not answered away. Throws
 * `requirement-unknown`, `requirement-changed`, `tested-otherwise`, `person-unknown`.
 */
export async function answerRequirement(
  change: Change,
  { assessment, rulebook, id }: RuleRef & { assessment: string },
  given: AnswerChanges,
): Promise<Assessment> {
  const { tx, now, caller } = change;
  const held = await holdWorkable(tx, assessment);
  const row = (await requirementsOf(tx, assessment)).find(
    (one) => one.rulebook === rulebook && one.requirement_id === id,
  );
  if (!row) throw new Problem('requirement-unknown', 'There is no such requirement in it.', { status: 404 });
  const { result, reason, assignee, dueOn, seen } = given;
  if (seen !== undefined && seen !== row.result) {
    throw new Problem('requirement-changed', 'It was answered meanwhile.', {
      status: 409,
      params: { result: row.result },
    });
  }
  if (row.tested?.result === 'fails' && result !== undefined && result !== 'fails') {
    throw new Problem('tested-otherwise', 'A probe saw it fail.', { status: 409, params: { lost: row.tested.lost } });
  }
  if (assignee !== undefined && assignee !== null) await refuseStranger(change, [assignee]);
  const columns: RequirementColumns = {
    ...(assignee === undefined ? {} : { assignee_id: assignee }),
    ...(dueOn === undefined ? {} : { due_on: dueOn }),
    ...(result === undefined
      ? reason === undefined
        ? {}
        : { reason }
      : answerColumns(change, result, reason ?? null)),
  };
  if (Object.keys(columns).length > 0) {
    await updateRequirement(tx, { assessment, rulebook, id }, columns);
    const { seen: _seen, ...said } = given;
    const kind = result === undefined ? 'requirement-assigned' : 'requirement-answered';
    await recordDone(change, held, { kind, data: { rulebook, requirement: id, before: row.result, ...said } });
  }
  return readAssessment(tx, assessment, { now, person: caller.actor.person });
}

function answerColumns(
  { caller, now }: Change,
  result: NonNullable<AnswerChanges['result']>,
  reason: string | null,
): RequirementColumns {
  if (result === 'open') return { result, reason, answered_by: null, answered_at: null, person_id: null, key_id: null };
  return { result, reason, answered_by: 'person', answered_at: now, ...authorOf(caller) };
}

/** Work is given to people of this organisation. */
export async function refuseStranger({ tx }: Pick<Change, 'tx'>, people: readonly string[]): Promise<void> {
  const known = await knownPeople(tx, people);
  const stranger = people.find((one) => !known.has(one));
  if (stranger === undefined) return;
  throw new Problem('person-unknown', 'There is no such person in this organisation.', { status: 404 });
}

export async function comment(
  change: Change,
  assessment: string,
  { text, requirement, hazard }: { text: string; requirement: RuleRef | null; hazard: string | null },
): Promise<Assessment> {
  const { tx, now, caller } = change;
  // Also beside a report that is being read or was filed: it is talked about, not changed.
  const held = await hold(tx, assessment);
  const whole = await readAssessment(tx, assessment, { now, person: caller.actor.person });
  const isThere = (ref: RuleRef) =>
    whole.requirements.some(({ rulebook, id }) => rulebook === ref.rulebook && id === ref.id);
  if (requirement && !isThere(requirement)) {
    throw new Problem('requirement-unknown', 'There is no such requirement in it.', { status: 404 });
  }
  if (hazard !== null && !whole.hazards.some(({ id }) => id === hazard)) {
    throw new Problem('hazard-unknown', 'There is no such hazard.', { status: 404 });
  }
  const { organisation_id: organisation } = held;
  await insertComment(tx, { organisation, assessment, text, requirement, hazard, author: authorOf(caller), now });
  await recordDone(change, held, { kind: 'assessment-comment', data: { requirement, hazard }, isEdit: false });
  return readAssessment(tx, assessment, { now, person: caller.actor.person });
}
