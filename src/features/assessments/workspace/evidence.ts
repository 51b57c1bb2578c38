import type { NewEvidence } from '../../../contract/assessment-evidence.ts';
import type { Assessment } from '../../../contract/assessments.ts';
import { Problem } from '../../../contract/problem.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { authorOf, type Change, holdWorkable, recordDone } from './change.ts';
import { insertEvidence, withdrawRows } from './evidence-store.ts';
import { readAssessment, sha256Of } from './read.ts';
import { keyOf } from './show.ts';

/** What the evidence is taken from, in other features. Of this organisation only; undefined when there is no such thing. */
export interface EvidenceSources {
  document(tx: Tx, sha256: string): Promise<{ name: string } | undefined>;
  /** The examined media of a finished screening. */
  screening(tx: Tx, id: string): Promise<{ sha256: string | null } | undefined>;
}

/** Adds a piece of evidence. Throws `document-unknown`, `screening-unknown`, `requirement-unknown`, `evidence-times`. */
export async function addEvidence(
  change: Change,
  assessment: string,
  given: NewEvidence,
  sources: EvidenceSources,
): Promise<Assessment> {
  const { tx, now, caller } = change;
  const held = await holdWorkable(tx, assessment);
  refuseTimes(given, now);
  const before = await readAssessment(tx, assessment, { now, person: caller.actor.person });
  const known = new Set(before.requirements.map(keyOf));
  const unknown = given.requirements.find((ref) => !known.has(keyOf(ref)));
  if (unknown) throw new Problem('requirement-unknown', 'There is no such requirement in it.', { status: 404 });
  const [id] = await insertEvidence(tx, [
    {
      organisation: held.organisation_id,
      assessment,
      kind: given.kind,
      title: given.title,
      observedAt: new Date(given.observedAt),
      validUntil: given.validUntil === null ? null : new Date(given.validUntil),
      ...(await contentOf(tx, given, sources)),
      requirements: uniqueRefs(given.requirements),
      author: authorOf(caller),
      now,
    },
  ]);
  await recordDone(change, held, {
    kind: 'evidence-added',
    data: { evidence: id, kind: given.kind, title: given.title, requirements: given.requirements },
  });
  return readAssessment(tx, assessment, { now, person: caller.actor.person });
}

/** It stays where it is and counts for nothing from now on. */
export async function withdrawEvidence(
  change: Change,
  assessment: string,
  { evidence, reason }: { evidence: string; reason: string },
): Promise<Assessment> {
  const { tx, now, caller } = change;
  const held = await holdWorkable(tx, assessment);
  const before = await readAssessment(tx, assessment, { now, person: caller.actor.person });
  const one = before.evidence.find(({ id }) => id === evidence);
  if (!one) throw new Problem('evidence-unknown', 'There is no such evidence.', { status: 404 });
  if (one.withdrawn) throw new Problem('evidence-withdrawn', 'It was withdrawn already.', { status: 409 });
  await withdrawRows(tx, [evidence], reason, now);
  await recordDone(change, held, { kind: 'evidence-withdrawn', data: { evidence, title: one.title, reason } });
  return readAssessment(tx, assessment, { now, person: caller.actor.person });
}

async function contentOf(tx: Tx, given: NewEvidence, sources: EvidenceSources) {
  if (given.kind === 'attestation') return { statement: given.statement, sha256: sha256Of(given.statement) };
  if (given.kind === 'link') return { url: given.url, sha256: null };
  if (given.kind === 'file') {
    if (!(await sources.document(tx, given.sha256))) {
      throw new Problem('document-unknown', 'That file was not handed in.', { status: 404 });
    }
    return { document: given.sha256, sha256: given.sha256 };
  }
  const media = await sources.screening(tx, given.screening);
  if (!media) throw new Problem('screening-unknown', 'There is no such screening here.', { status: 404 });
  return { screening: given.screening, sha256: media.sha256 };
}

function refuseTimes({ observedAt, validUntil }: NewEvidence, now: Date): void {
  const wrong = (path: string, code: string) =>
    new Problem('evidence-times', 'The times of the evidence do not hold.', {
      status: 422,
      fields: [{ path, code, message: code }],
    });
  // Clocks of people differ by minutes.
  if (new Date(observedAt).getTime() > now.getTime() + 5 * 60_000) throw wrong('/observedAt', 'in-future');
  if (validUntil !== null && new Date(validUntil) <= new Date(observedAt))
    throw wrong('/validUntil', 'before-observed');
}

function uniqueRefs(refs: NewEvidence['requirements']): NewEvidence['requirements'] {
  return [...new Map(refs.map((ref) => [keyOf(ref), ref])).values()];
}
