import type { Assessment, NewAssessment } from '../../../contract/assessments.ts';
import { Problem } from '../../../contract/problem.ts';
import { hazardKey } from '../../../engine/assessments/gone.ts';
import { isSame } from '../../../engine/register/diff.ts';
import { withSheets } from '../../../engine/reports/assessment-form/sheets.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { recordDeed } from '../../../platform/database/events.ts';
import { tell } from '../../../platform/http/live.ts';
import { readStored } from '../../register/register.ts';
import { type NamedRulebook, type Rulebooks, requirementsIn } from '../../rulebooks/rulebooks.ts';
import { assessmentUnknown, authorOf, type Change, organisationOf } from './change.ts';
import { insertEvidence, type NewEvidenceColumns } from './evidence-store.ts';
import { factsNow } from './facts-now.ts';
import { insertHazard, insertHazardStep, updateHazard } from './hazards-store.ts';
import { readAssessment } from './read.ts';
import { keyOf } from './show.ts';
import { insertAssessment, insertRequirements, type NewRequirement } from './store.ts';
import type { SaidRequirement } from './tables.ts';

/**
 * Begins an assessment with the requirements that concern what is stored about the service. One that has a predecessor takes over who
 * looks after what, evidence that still holds, and hazards that nobody verified as gone; what was answered then stands beside, to be
 * said anew. Throws `service-unknown`, `function-unknown`, `rulebook-unknown`, `nothing-to-assess`, `assessment-unknown`.
 */
export async function beginAssessment(change: Change, given: NewAssessment, rulebooks: Rulebooks): Promise<Assessment> {
  const { tx, now, caller } = change;
  const organisation = organisationOf(change);
  const stored = await readStored(tx, given.service, given.function);
  const { service, asked } = stored;
  const previous = given.previous === null ? null : await previousOne(change, given.previous, service.id);
  refuseUnknown(given.rulebooks, rulebooks);
  const named = requirementsIn(rulebooks, { ids: given.rulebooks, facts: factsNow(stored), now, lang: caller.lang });
  const requirements = requirementsFrom(named, previous);
  if (requirements.length === 0) {
    throw new Problem('assessment-nothing', 'No requirement of these rulebooks concerns it.', { status: 422 });
  }
  const sheets = new Set(withSheets(named).map(({ rulebook }) => rulebook.id));
  const id = await insertAssessment(tx, {
    organisation,
    service: service.id,
    function: asked?.id ?? null,
    version: asked?.version ?? null,
    rulebooks: named.map(({ rulebook: { id: name, version, shortTitle } }) => ({
      ...{ id: name, version, shortTitle },
      form: sheets.has(name),
    })),
    previous: previous?.id ?? null,
    author: authorOf(caller),
    now,
  });
  await insertRequirements(tx, { organisation, assessment: id }, requirements);
  if (previous) {
    await carryEvidence(tx, previous, { organisation, assessment: id, requirements, now });
    await carryHazards(change, previous, { organisation, assessment: id, requirements });
  }
  await recordDeed(tx, caller, {
    kind: 'assessment-begun',
    subject: { type: 'assessment', id },
    data: {
      service: service.slug,
      function: asked?.slug ?? null,
      rulebooks: given.rulebooks,
      previous: previous?.id ?? null,
    },
  });
  await tell(tx, { organisation, topic: 'assessment', id, data: { kind: 'assessment-begun' } });
  return readAssessment(tx, id, { now, person: caller.actor.person });
}

function refuseUnknown(ids: readonly string[], { rulebooks, notChosen }: Rulebooks): void {
  const unknown = ids.find((id) => ![...rulebooks, ...notChosen].some((one) => one.id === id));
  if (unknown === undefined) return;
  throw new Problem('rulebook-unknown', 'There is no such rulebook.', { status: 404, params: { id: unknown } });
}

/** Of the same service: another's answers say nothing here. */
async function previousOne({ tx, now, caller }: Change, id: string, service: string): Promise<Assessment> {
  const previous = await readAssessment(tx, id, { now, person: caller.actor.person });
  if (previous.service.id !== service) throw assessmentUnknown();
  return previous;
}

function requirementsFrom(named: readonly NamedRulebook[], previous: Assessment | null): NewRequirement[] {
  const before = new Map((previous?.requirements ?? []).map((one) => [keyOf(one), one]));
  return named.flatMap(({ rulebook, requirements }) =>
    requirements.map(({ id, clause, title, text, verified, provenance, method }): NewRequirement => {
      const said: SaidRequirement = { id, clause, title, text, verified, provenance, method };
      const last = before.get(keyOf({ rulebook: rulebook.id, id }));
      const reads = last && { title: last.title, text: last.text, clause: last.clause };
      return {
        rulebook: rulebook.id,
        said,
        assignee: last?.assignee?.id ?? null,
        before: last ? { result: last.result, reason: last.reason } : null,
        changed: previous && !last ? ['added'] : reads && !isSame(reads, { title, text, clause }) ? ['text'] : [],
      };
    }),
  );
}

interface Into {
  organisation: string;
  assessment: string;
  requirements: readonly NewRequirement[];
}

/** What people handed in and what still holds. What a probe saw is seen anew. */
async function carryEvidence(tx: Tx, previous: Assessment, into: Into & { now: Date }): Promise<void> {
  const { organisation, assessment, now } = into;
  const here = new Set(into.requirements.map(({ rulebook, said }) => keyOf({ rulebook, id: said.id })));
  const carried = previous.evidence
    .filter(({ kind, withdrawn, lapsed }) => kind !== 'probe-run' && withdrawn === null && !lapsed)
    .map(
      (one): NewEvidenceColumns => ({
        ...{ organisation, assessment, kind: one.kind, title: one.title, now },
        observedAt: new Date(one.observedAt),
        validUntil: one.validUntil === null ? null : new Date(one.validUntil),
        sha256: one.sha256,
        ...(one.file ? { document: one.file.sha256 } : {}),
        ...(one.url === null ? {} : { url: one.url }),
        ...(one.statement === null ? {} : { statement: one.statement }),
        ...(one.screening === null ? {} : { screening: one.screening }),
        carriedFrom: one.id,
        requirements: one.requirements.filter((ref) => here.has(keyOf(ref))),
        author: {
          person_id: one.by?.type === 'person' ? one.by.id : null,
          key_id: one.by?.type === 'key' ? one.by.id : null,
        },
      }),
    )
    .filter(({ requirements }) => requirements.length > 0);
  await insertEvidence(tx, carried);
}

/** A hazard is not eliminated by beginning anew. */
async function carryHazards({ tx, now, caller }: Change, previous: Assessment, into: Into): Promise<void> {
  const { organisation, assessment } = into;
  for (const hazard of previous.hazards.filter(({ state }) => state !== 'verified')) {
    const { seen, title, reproduce, requirements, severity, verifiedRule } = hazard;
    const key = seen && hazardKey(seen);
    const id = await insertHazard(tx, {
      ...{ organisation, assessment, key, title, seen, reproduce, requirements, severity, verifiedRule },
      foundAt: new Date(hazard.foundAt),
    });
    if (hazard.state !== 'open') {
      await updateHazard(tx, id, {
        state: 'planned',
        owner_id: hazard.owner?.id ?? null,
        plan: hazard.plan,
        planned_at: hazard.plannedAt === null ? now : new Date(hazard.plannedAt),
        first_due_on: hazard.firstDueOn,
        due_on: hazard.dueOn,
      });
    }
    const author = authorOf(caller);
    await insertHazardStep(tx, { organisation, hazard: id, to: 'found', note: previous.id, author, now });
  }
}
