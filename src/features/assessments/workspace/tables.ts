import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { AssessedRequirement, FoundHazard, ProbeId, Severity } from '../../../contract/assessment.ts';
import type { Evidence } from '../../../contract/assessment-evidence.ts';
import type { AssessmentState, RuleRef } from '../../../contract/assessment-parts.ts';
import type { ProbeProgress, Run, RunState } from '../../../contract/assessment-runs.ts';
import type { RequirementItem } from '../../../contract/assessments.ts';
import type { HazardState } from '../../../contract/hazards.ts';
import type { Both, Requirement } from '../../../contract/rulebook.ts';

type Instant = ColumnType<Date, Date, Date>;
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;
type Json<T> = ColumnType<T, string, string>;
type MaybeJson<T> = ColumnType<T | null, string | null | undefined, string | null>;

interface Author {
  person_id: string | null;
  key_id: string | null;
}

export interface KeptRulebook {
  id: string;
  version: string;
  shortTitle: Both;
  /** The report has a sheet in its name. */
  form: boolean;
}
/** What is kept of a requirement. */
export type SaidRequirement = Pick<
  Requirement,
  'id' | 'clause' | 'title' | 'text' | 'verified' | 'provenance' | 'method'
>;
export type Tested = NonNullable<RequirementItem['tested']>;
export type SeenHazard = Pick<FoundHazard, 'probe' | 'subject' | 'code' | 'lost' | 'tried' | 'reproduce'> & {
  params: Record<string, string | number>;
  run: string;
  search: boolean;
};

/** The tables of migrations/0005-assessments.sql. */
export type AssessmentTables = {
  service_target: Author & {
    service_id: string;
    organisation_id: string;
    revision: number;
    target: string;
    /** Sealed values, in base64, by name. */
    secrets: Json<Record<string, string>>;
    changed_at: Instant;
  };
  assessment: Author & {
    id: Generated<string>;
    seq: Generated<number>;
    organisation_id: string;
    revision: Generated<number>;
    changes: Generated<number>;
    state: AssessmentState;
    service_id: string;
    function_id: string | null;
    version: number | null;
    rulebooks: Json<KeptRulebook[]>;
    previous_id: string | null;
    conclusion: Maybe<string>;
    answers: ColumnType<Record<string, string>, string | undefined, string>;
    signatories: ColumnType<{ person: string; role: string }[], string | undefined, string>;
    report: Maybe<string>;
    report_at: Maybe<Date>;
    filing_id: Maybe<string>;
    created_at: Instant;
    updated_at: Instant;
  };
  assessment_requirement: Author & {
    assessment_id: string;
    organisation_id: string;
    position: number;
    rulebook: string;
    requirement_id: string;
    said: JSONColumnType<SaidRequirement>;
    result: AssessedRequirement['result'];
    reason: Maybe<string>;
    tested: MaybeJson<Tested>;
    answered_by: Maybe<'probe' | 'person'>;
    answered_at: Maybe<Date>;
    assignee_id: Maybe<string>;
    due_on: Maybe<string>;
    before: MaybeJson<NonNullable<RequirementItem['before']>>;
    changed: ColumnType<RequirementItem['changed'], RequirementItem['changed'] | undefined, never>;
  };
  assessment_run: Author & {
    id: Generated<string>;
    seq: Generated<number>;
    organisation_id: string;
    assessment_id: string;
    state: RunState;
    samples: number;
    probes: ProbeId[] | null;
    search: Generated<number>;
    step: Maybe<NonNullable<Run['step']>>;
    progress: ColumnType<ProbeProgress[], string | undefined, string>;
    failure: MaybeJson<NonNullable<Run['failure']>>;
    starts: Generated<number>;
    stop_asked: Generated<boolean>;
    requests: Maybe<number>;
    left_behind: Maybe<number>;
    record: Maybe<string>;
    record_sha256: Maybe<string>;
    created_at: Instant;
    started_at: Maybe<Date>;
    ended_at: Maybe<Date>;
  };
  assessment_run_line: { id: Generated<number>; run_id: string; organisation_id: string; line: string };
  assessment_run_requests: { id: Generated<number>; run_id: string; organisation_id: string; lines: string };
  assessment_evidence: Author & {
    id: Generated<string>;
    organisation_id: string;
    assessment_id: string;
    no: number;
    kind: Evidence['kind'];
    title: string;
    observed_at: Instant;
    received_at: Instant;
    valid_until: Maybe<Date>;
    sha256: Maybe<string>;
    document_sha256: Maybe<string>;
    url: Maybe<string>;
    statement: Maybe<string>;
    screening_id: Maybe<string>;
    run_id: Maybe<string>;
    probe: Maybe<ProbeId>;
    carried_from: Maybe<string>;
    withdrawn_at: Maybe<Date>;
    withdrawn_reason: Maybe<string>;
  };
  evidence_requirement: {
    evidence_id: string;
    organisation_id: string;
    assessment_id: string;
    rulebook: string;
    requirement_id: string;
  };
  hazard: {
    id: Generated<string>;
    seq: Generated<number>;
    organisation_id: string;
    assessment_id: string;
    no: number;
    revision: Generated<number>;
    key: string | null;
    title: string | null;
    seen: MaybeJson<SeenHazard>;
    reproduce: ColumnType<string[], string[] | undefined, string[]>;
    requirements: Json<RuleRef[]>;
    severity: Severity;
    verified_rule: boolean;
    state: HazardState;
    owner_id: Maybe<string>;
    plan: Maybe<string>;
    found_at: Instant;
    planned_at: Maybe<Date>;
    first_due_on: Maybe<string>;
    due_on: Maybe<string>;
    done_at: Maybe<Date>;
    verified_at: Maybe<Date>;
  };
  hazard_step: Author & {
    id: Generated<number>;
    organisation_id: string;
    hazard_id: string;
    to: 'found' | 'planned' | 'extended' | 'done' | 'open' | 'verified' | 'found-again' | 'not-verified';
    at: Instant;
    due_on: Maybe<string>;
    note: Maybe<string>;
    run_id: Maybe<string>;
  };
  assessment_comment: Author & {
    id: Generated<string>;
    seq: Generated<number>;
    organisation_id: string;
    assessment_id: string;
    text: string;
    rulebook: string | null;
    requirement_id: string | null;
    hazard_id: string | null;
    at: Instant;
  };
  report_file: {
    organisation_id: string;
    assessment_id: string;
    report_sha256: string;
    name: string;
    sha256: string;
    bytes: number;
    media_type: string;
  };
  report_read: {
    organisation_id: string;
    assessment_id: string;
    report_sha256: string;
    name: string;
    person_id: string;
    at: Instant;
  };
  signing_key: {
    id: Generated<string>;
    organisation_id: string;
    person_id: string;
    name: string;
    public_key: Buffer;
    made_at: Instant;
    revoked_at: Maybe<Date>;
  };
  assessment_signature: {
    id: Generated<string>;
    organisation_id: string;
    assessment_id: string;
    person_id: string;
    role: string;
    key_id: string;
    public_key: Buffer;
    report_sha256: string;
    signature: Buffer;
    at: Instant;
    voided_at: Maybe<Date>;
    voided_reason: Maybe<string>;
  };
  /** Read only: the register's own, and names. */
  service: { id: string; slug: string; name_zh: string | null; name_en: string | null };
  service_function: { id: string; slug: string; name_zh: string | null; name_en: string | null };
  filed_document: { organisation_id: string; sha256: string; name: string; bytes: number; media_type: string };
  person: { id: string; name: string };
  api_key: { id: string; name: string };
};
