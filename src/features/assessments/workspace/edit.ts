import type { Assessment, AssessmentChanges } from '../../../contract/assessments.ts';
import { diffFields } from '../../../engine/register/diff.ts';
import { refuseStranger } from './answers.ts';
import { type Change, holdWorkable, recordDone, refuseSeen } from './change.ts';
import { readAssessment } from './read.ts';
import type { AssessmentColumns } from './store.ts';

/** The conclusion, what only people can say in the form, and who is to sign. Throws `assessment-changed`, `person-unknown`. */
export async function changeAssessment(change: Change, id: string, given: AssessmentChanges): Promise<Assessment> {
  const { tx, now, caller } = change;
  const held = await holdWorkable(tx, id);
  refuseSeen(held, given.revision);
  if (given.signatories) {
    await refuseStranger(
      change,
      given.signatories.map(({ person }) => person),
    );
  }
  const columns: AssessmentColumns = {
    ...(given.conclusion === undefined ? {} : { conclusion: given.conclusion }),
    ...(given.answers === undefined ? {} : { answers: merged(held.answers, given.answers) }),
    ...(given.signatories === undefined ? {} : { signatories: uniquePeople(given.signatories) }),
  };
  const before = { conclusion: held.conclusion, answers: held.answers, signatories: held.signatories };
  const changes = diffFields(before, columns);
  if (changes.length > 0) {
    await recordDone(change, held, { kind: 'assessment-edited', data: { changes }, columns, isEdit: true });
  }
  return readAssessment(tx, id, { now, person: caller.actor.person });
}

function merged(before: Record<string, string>, given: Record<string, string | null>): Record<string, string> {
  const all = { ...before, ...given };
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, answer]) => (answer === null ? [] : [[key, answer] as const])),
  );
}

/** Nobody signs twice. */
function uniquePeople(some: readonly { person: string; role: string }[]) {
  return [...new Map(some.map((one) => [one.person, one])).values()];
}
