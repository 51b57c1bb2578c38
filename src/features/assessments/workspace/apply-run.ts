import type { AssessedRequirement, AssessmentRecord, FoundHazard, ProbeRun } from '../../../contract/assessment.ts';
import type { RuleRef } from '../../../contract/assessment-parts.ts';
import { say } from '../../../contract/words.ts';
import { isFromSearch, isGone, isHeld } from '../../../engine/assessments/gone.ts';
import type { Doing } from './change.ts';
import { evidenceRowsOf, insertEvidence, withdrawRows } from './evidence-store.ts';
import { type HazardRow, hazardRowsOf, insertHazard, insertHazardStep, updateHazard } from './hazards-store.ts';
import { sha256Of } from './read.ts';
import { type HeldAssessment, type RequirementRow, requirementsOf, updateRequirement } from './store.ts';
import type { SeenHazard } from './tables.ts';

/** What a run that came to its end means for its assessment: answers, evidence, and hazards found, found again, or gone. */
export async function applyRun(
  doing: Doing,
  held: HeldAssessment,
  run: string,
  record: AssessmentRecord,
): Promise<void> {
  const rows = await requirementsOf(doing.tx, held.id);
  await applyResults(doing, { held, run, record, rows });
  await keepEvidence(doing, { held, run, record, rows });
  await applyHazards(doing, { held, run, record, rows });
}

interface Applied {
  held: HeldAssessment;
  run: string;
  record: AssessmentRecord;
  rows: RequirementRow[];
}

async function applyResults({ tx, now }: Doing, { held, run, record, rows }: Applied): Promise<void> {
  for (const assessed of record.requirements) {
    // Nothing looked at it this time: what was seen before stands.
    if (assessed.probes.length === 0) continue;
    const row = rows.find((one) => one.rulebook === assessed.rulebook && one.requirement_id === assessed.id);
    if (!row) continue;
    const { result, reason, probes, kept, lost, unclear } = assessed;
    const tested = { run, at: now.toISOString(), result, code: reason.code, probes, kept, lost, unclear };
    await updateRequirement(
      tx,
      { assessment: held.id, rulebook: row.rulebook, id: row.requirement_id },
      { tested, ...answerOf(row, assessed, now) },
    );
  }
}

/** A test that settles speaks for itself; one that does not leaves what people said, and takes back what a test said before. */
function answerOf(row: RequirementRow, { result }: AssessedRequirement, now: Date) {
  const byProbe = { answered_by: 'probe' as const, answered_at: now, reason: null, person_id: null, key_id: null };
  if (result === 'fails') return { result, ...byProbe };
  if (row.answered_by === 'person') return {};
  if (result !== 'open') return { result, ...byProbe };
  return { result, ...byProbe, answered_by: null, answered_at: null };
}

/** One piece for each probe that saw something; it takes the place of what the same probe saw before. */
async function keepEvidence({ tx, now, caller }: Doing, { held, run, record, rows }: Applied): Promise<void> {
  const ran = record.probes.filter(({ state }) => state === 'ran');
  const before = await evidenceRowsOf(tx, held.id);
  const replaced = before.filter(
    ({ kind, probe, withdrawn_at }) =>
      kind === 'probe-run' && withdrawn_at === null && ran.some((one) => one.probe === probe),
  );
  await withdrawRows(
    tx,
    replaced.map(({ id }) => id),
    run,
    now,
  );
  await insertEvidence(
    tx,
    ran
      .map((one) => ({
        organisation: held.organisation_id,
        assessment: held.id,
        kind: 'probe-run' as const,
        title: `${say('zh', `probe.${one.probe}`)} · ${say('en', `probe.${one.probe}`)}`,
        observedAt: new Date(one.endedAt),
        validUntil: null,
        sha256: sha256Of(JSON.stringify(one)),
        run: { id: run, probe: one.probe },
        requirements: refsOf(one, record, rows),
        author: { person_id: caller.actor.person, key_id: caller.key },
        now,
      }))
      .filter(({ requirements }) => requirements.length > 0),
  );
}

function refsOf({ probe }: ProbeRun, { requirements }: AssessmentRecord, rows: readonly RequirementRow[]): RuleRef[] {
  return requirements
    .filter(({ probes }) => probes.includes(probe))
    .filter(({ rulebook, id }) => rows.some((row) => row.rulebook === rulebook && row.requirement_id === id))
    .map(({ rulebook, id }) => ({ rulebook, id }));
}

async function applyHazards({ tx, now, caller }: Doing, { held, run, record, rows }: Applied): Promise<void> {
  const organisation = held.organisation_id;
  const author = { person_id: caller.actor.person, key_id: caller.key };
  const known = await hazardRowsOf(tx, held.id);
  const step = (hazard: string, to: 'found' | 'found-again' | 'verified' | 'not-verified') =>
    insertHazardStep(tx, { organisation, hazard, to, run, author, now });
  for (const found of record.hazards) {
    const row = known.find(({ key }) => key === found.id);
    const seen = seenOf(found, run);
    const { severity, verified: verifiedRule } = found;
    if (row) {
      const isBack = row.state === 'verified' || row.state === 'done';
      await updateHazard(tx, row.id, {
        ...{ seen, severity, verified_rule: verifiedRule },
        ...(isBack ? { state: 'open', done_at: null, verified_at: null } : {}),
      });
      if (isBack) await step(row.id, 'found-again');
      continue;
    }
    const requirements = rows
      .filter(({ requirement_id }) => found.requirements.includes(requirement_id))
      .map(({ rulebook, requirement_id }) => ({ rulebook, id: requirement_id }));
    const id = await insertHazard(tx, {
      ...{ organisation, assessment: held.id, key: found.id, title: null, seen, reproduce: [] },
      ...{ requirements, severity, verifiedRule, foundAt: now },
    });
    await step(id, 'found');
  }
  for (const row of known.filter(({ state, key }) => key !== null && state !== 'verified')) {
    if (record.hazards.some(({ id }) => id === row.key)) continue;
    const told = verdictOn(row, record);
    if (told === null) continue;
    if (told === 'verified') {
      await updateHazard(tx, row.id, { state: 'verified', done_at: row.done_at ?? now, verified_at: now });
    }
    if (told === 'verified' || row.state === 'done') await step(row.id, told);
  }
}

/** Null where the probe did not run this time. */
function verdictOn({ seen }: HazardRow, { probes, search }: AssessmentRecord): 'verified' | 'not-verified' | null {
  if (seen?.search) {
    if (search?.state !== 'made') return null;
    return isHeld(seen, search.searches) ? 'verified' : 'not-verified';
  }
  const run = seen && probes.find(({ probe }) => probe === seen.probe);
  if (!seen || !run) return null;
  return isGone(seen, run) ? 'verified' : 'not-verified';
}

function seenOf({ id, probe, subject, code, lost, tried, reproduce }: FoundHazard, run: string): SeenHazard {
  const last = reproduce.find((one) => one.code === `seen.${code}`);
  const search = isFromSearch(id);
  return { probe, subject, code, lost, tried, reproduce, params: last?.params ?? {}, run, search };
}
