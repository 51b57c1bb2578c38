import type { Evidence } from '../../../contract/assessment-evidence.ts';
import type { RuleRef } from '../../../contract/assessment-parts.ts';
import type { Signature } from '../../../contract/assessment-reports.ts';
import type { Run } from '../../../contract/assessment-runs.ts';
import type { AssessmentItem, Comment, RequirementItem } from '../../../contract/assessments.ts';
import type { Hazard } from '../../../contract/hazards.ts';
import type { Doer } from '../../../contract/screenings.ts';
import type { EvidenceRow, linksOf } from './evidence-store.ts';
import type { HazardRow, HazardStepRow } from './hazards-store.ts';
import type { RunRow } from './runs-store.ts';
import type { signaturesOf } from './signing-store.ts';
import type { AssessmentRow, commentsOf, RequirementRow } from './store.ts';

interface DoerRow {
  person_id: string | null;
  person_name: string | null;
  key_id: string | null;
  key_name: string | null;
}

export function doerOf({ person_id, person_name, key_id, key_name }: DoerRow): Doer | null {
  if (key_id !== null) return { type: 'key', id: key_id, name: key_name ?? '' };
  if (person_id !== null) return { type: 'person', id: person_id, name: person_name ?? '' };
  return null;
}

/** Who left the organisation keeps an empty name. */
function personOf(id: string | null, name: string | null) {
  return id === null ? null : { id, name: name ?? '' };
}

export function showItem(row: AssessmentRow): AssessmentItem {
  return {
    id: row.id,
    revision: row.revision,
    state: row.state,
    service: {
      id: row.service_id,
      slug: row.service_slug,
      name: { zh: row.service_name_zh, en: row.service_name_en },
    },
    function:
      row.function_id === null || row.function_slug === null || row.version === null
        ? null
        : {
            id: row.function_id,
            slug: row.function_slug,
            name: { zh: row.function_name_zh, en: row.function_name_en },
            version: row.version,
          },
    rulebooks: row.rulebooks,
    previous: row.previous_id,
    requirements: row.requirements ?? 0,
    settled: row.settled ?? 0,
    fails: row.fails ?? 0,
    openHazards: row.open_hazards ?? 0,
    running: (row.running ?? 0) > 0,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    by: doerOf(row),
  };
}

type Links = Awaited<ReturnType<typeof linksOf>>;

export function showEvidence(rows: readonly EvidenceRow[], links: Links, now: Date): Evidence[] {
  const byEvidence = Map.groupBy(links, ({ evidence_id }) => evidence_id);
  return rows.map((row) => ({
    id: row.id,
    no: row.no,
    kind: row.kind,
    title: row.title,
    observedAt: row.observed_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    validUntil: row.valid_until?.toISOString() ?? null,
    lapsed: row.valid_until !== null && row.valid_until <= now,
    sha256: row.sha256,
    file:
      row.document_sha256 === null || row.file_name === null || row.file_bytes === null || row.media_type === null
        ? null
        : { sha256: row.document_sha256, name: row.file_name, bytes: row.file_bytes, mediaType: row.media_type },
    url: row.url,
    statement: row.statement,
    screening: row.screening_id,
    run: row.run_id === null || row.probe === null ? null : { id: row.run_id, probe: row.probe },
    requirements: (byEvidence.get(row.id) ?? []).map(({ rulebook, requirement_id }) => ({
      rulebook,
      id: requirement_id,
    })),
    by: doerOf(row),
    carriedFrom: row.carried_from,
    withdrawn:
      row.withdrawn_at === null ? null : { at: row.withdrawn_at.toISOString(), reason: row.withdrawn_reason ?? '' },
  }));
}

export function showRequirements(
  rows: readonly RequirementRow[],
  {
    evidence,
    hazards,
    comments,
  }: { evidence: readonly Evidence[]; hazards: readonly Hazard[]; comments: readonly Comment[] },
): RequirementItem[] {
  const standing = evidence.filter(({ withdrawn }) => withdrawn === null);
  const evidenceOf = indexBy(standing, ({ requirements }) => requirements);
  const hazardsOf = indexBy(hazards, ({ requirements }) => requirements);
  const commentsOn = indexBy(comments, ({ requirement }) => (requirement ? [requirement] : []));
  return rows.map((row) => {
    const key = keyOf({ rulebook: row.rulebook, id: row.requirement_id });
    const isOther = row.before !== null && row.result !== 'open' && row.before.result !== row.result;
    return {
      rulebook: row.rulebook,
      ...row.said,
      result: row.result,
      reason: row.reason,
      tested: row.tested,
      answeredBy: row.answered_by,
      answeredAt: row.answered_at?.toISOString() ?? null,
      by: doerOf(row),
      assignee: personOf(row.assignee_id, row.assignee_name),
      dueOn: row.due_on,
      evidence: (evidenceOf.get(key) ?? []).map(({ id }) => id),
      hazards: (hazardsOf.get(key) ?? []).map(({ id }) => id),
      comments: commentsOn.get(key)?.length ?? 0,
      before: row.before,
      changed: isOther ? [...row.changed, 'result' as const] : row.changed,
    };
  });
}

export function keyOf({ rulebook, id }: RuleRef): string {
  return `${rulebook}/${id}`;
}

function indexBy<T>(some: readonly T[], refs: (one: T) => readonly RuleRef[]): Map<string, T[]> {
  const index = new Map<string, T[]>();
  for (const one of some)
    for (const ref of refs(one)) {
      const key = keyOf(ref);
      index.set(key, [...(index.get(key) ?? []), one]);
    }
  return index;
}

export function showHazards(rows: readonly HazardRow[], steps: readonly HazardStepRow[]): Hazard[] {
  const byHazard = Map.groupBy(steps, ({ hazard_id }) => hazard_id);
  return rows.map((row) => ({
    id: row.id,
    no: row.no,
    revision: row.revision,
    assessment: { id: row.assessment_id, state: row.assessment_state },
    service: {
      id: row.service_id,
      slug: row.service_slug,
      name: { zh: row.service_name_zh, en: row.service_name_en },
    },
    function:
      row.function_id === null || row.function_slug === null
        ? null
        : {
            id: row.function_id,
            slug: row.function_slug,
            name: { zh: row.function_name_zh, en: row.function_name_en },
          },
    title: row.title,
    seen: row.seen,
    reproduce: row.reproduce,
    requirements: row.requirements,
    severity: row.severity,
    verifiedRule: row.verified_rule,
    state: row.state,
    owner: personOf(row.owner_id, row.owner_name),
    plan: row.plan,
    foundAt: row.found_at.toISOString(),
    plannedAt: row.planned_at?.toISOString() ?? null,
    dueOn: row.due_on,
    firstDueOn: row.first_due_on,
    doneAt: row.done_at?.toISOString() ?? null,
    verifiedAt: row.verified_at?.toISOString() ?? null,
    steps: (byHazard.get(row.id) ?? []).map((step) => ({
      to: step.to,
      at: step.at.toISOString(),
      by: doerOf(step),
      dueOn: step.due_on,
      note: step.note,
      run: step.run_id,
    })),
  }));
}

export function showRun(row: RunRow): Run {
  return {
    id: row.id,
    state: row.state,
    samples: row.samples,
    probes: row.probes,
    search: row.search,
    step: row.step,
    progress: row.progress,
    failure: row.failure,
    starts: row.starts,
    requests: row.requests,
    leftBehind: row.left_behind,
    recordSha256: row.record_sha256,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    by: doerOf(row),
  };
}

export function showComments(rows: Awaited<ReturnType<typeof commentsOf>>): Comment[] {
  return rows.map((row) => ({
    id: row.id,
    text: row.text,
    requirement:
      row.rulebook === null || row.requirement_id === null ? null : { rulebook: row.rulebook, id: row.requirement_id },
    hazard: row.hazard_id,
    at: row.at.toISOString(),
    by: doerOf(row),
  }));
}

export function showSignatures(rows: Awaited<ReturnType<typeof signaturesOf>>): Signature[] {
  return rows.map((row) => ({
    id: row.id,
    person: { id: row.person_id, name: row.person_name ?? '' },
    role: row.role,
    reportSha256: row.report_sha256,
    algorithm: 'Ed25519',
    publicKey: Buffer.from(row.public_key).toString('base64url'),
    signature: Buffer.from(row.signature).toString('base64url'),
    at: row.at.toISOString(),
    voided: row.voided_at === null ? null : { at: row.voided_at.toISOString(), reason: row.voided_reason ?? '' },
  }));
}
