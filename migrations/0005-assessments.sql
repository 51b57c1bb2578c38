-- Assessments: what is asked of a service or function, what was answered, by which evidence, what was unsafe, and who signed.

-- How a service is reached by probes. Values of secrets are sealed with the installation's secret.
create table service_target (
  service_id uuid primary key,
  organisation_id uuid not null,
  revision integer not null check (revision > 0),
  -- As text: what it says comes back as it was written.
  target text not null,
  secrets jsonb not null default '{}',
  changed_at timestamptz not null,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  foreign key (organisation_id, service_id) references service (organisation_id, id)
);

create table assessment (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity unique,
  organisation_id uuid not null,
  revision integer not null default 1,
  -- Grows with whatever changes anywhere in it: a report that was drawn from an older one is not taken.
  changes bigint not null default 0,
  state text not null check (state in ('draft', 'assessing', 'rectifying', 'concluding', 'signed', 'filed', 'abandoned')),
  service_id uuid not null,
  function_id uuid,
  version integer,
  rulebooks jsonb not null,
  previous_id uuid,
  conclusion text,
  answers jsonb not null default '{}',
  signatories jsonb not null default '[]',
  -- The manifest of the report that was concluded; null while it may change.
  report text,
  report_at timestamptz,
  filing_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  unique (organisation_id, id),
  foreign key (organisation_id, service_id) references service (organisation_id, id),
  foreign key (organisation_id, function_id) references service_function (organisation_id, id),
  foreign key (function_id, version) references function_version (function_id, version),
  foreign key (organisation_id, previous_id) references assessment (organisation_id, id),
  foreign key (organisation_id, filing_id) references filing (organisation_id, id),
  check ((function_id is null) = (version is null)),
  check ((report is null) = (report_at is null)),
  check ((state in ('concluding', 'signed', 'filed')) = (report is not null)),
  check ((state = 'filed') = (filing_id is not null))
);
create index on assessment (organisation_id, seq desc);
create index on assessment (service_id);

create table assessment_requirement (
  assessment_id uuid not null,
  organisation_id uuid not null,
  position integer not null,
  rulebook text not null,
  requirement_id text not null,
  -- As the rulebook said it when the assessment began: later editions do not change what was answered.
  said jsonb not null,
  result text not null check (result in ('conforms', 'fails', 'not-applicable', 'open')),
  reason text,
  tested jsonb,
  answered_by text check (answered_by in ('probe', 'person')),
  answered_at timestamptz,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  assignee_id text references "user" (id),
  due_on date,
  before jsonb,
  changed text[] not null default '{}',
  primary key (assessment_id, rulebook, requirement_id),
  foreign key (organisation_id, assessment_id) references assessment (organisation_id, id),
  check ((result = 'open') or (answered_by is not null))
);

create table assessment_run (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity unique,
  organisation_id uuid not null,
  assessment_id uuid not null,
  state text not null check (state in ('queued', 'working', 'done', 'failed', 'stopped')),
  samples integer not null,
  probes text[],
  search integer not null default 0 check (search >= 0),
  step text check (step in ('samples', 'probes', 'search', 'clean-up')),
  progress jsonb not null default '[]',
  failure jsonb,
  starts integer not null default 0,
  stop_asked boolean not null default false,
  requests integer,
  left_behind integer,
  -- As text: a record quotes what strangers answered.
  record text,
  record_sha256 text check (record_sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  unique (organisation_id, id),
  foreign key (organisation_id, assessment_id) references assessment (organisation_id, id),
  check ((state = 'done') = (record is not null)),
  check ((record is null) = (record_sha256 is null))
);
create index on assessment_run (assessment_id, seq desc);
-- Two at once would see each other's samples.
create unique index assessment_run_under_way on assessment_run (assessment_id) where state in ('queued', 'working');

-- What a run did, step by step, each kept before the next: it goes on from here in another process.
create table assessment_run_line (
  id bigint generated always as identity primary key,
  run_id uuid not null,
  organisation_id uuid not null,
  line text not null,
  foreign key (organisation_id, run_id) references assessment_run (organisation_id, id)
);
create index on assessment_run_line (run_id, id);
create trigger assessment_run_line_stays before update or delete on assessment_run_line for each row execute function refuse_change();

-- Every request of a run, in batches of lines.
create table assessment_run_requests (
  id bigint generated always as identity primary key,
  run_id uuid not null,
  organisation_id uuid not null,
  lines text not null,
  foreign key (organisation_id, run_id) references assessment_run (organisation_id, id)
);
create index on assessment_run_requests (run_id, id);
create trigger assessment_run_requests_stay before update or delete on assessment_run_requests
  for each row execute function refuse_change();

create table assessment_evidence (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null,
  assessment_id uuid not null,
  no integer not null check (no > 0),
  kind text not null check (kind in ('file', 'probe-run', 'screening', 'link', 'attestation')),
  title text not null,
  observed_at timestamptz not null,
  received_at timestamptz not null,
  valid_until timestamptz,
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  document_sha256 text,
  url text,
  statement text,
  screening_id uuid references screening (id),
  run_id uuid,
  probe text,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  carried_from uuid,
  withdrawn_at timestamptz,
  withdrawn_reason text,
  unique (organisation_id, id),
  unique (assessment_id, no),
  foreign key (organisation_id, assessment_id) references assessment (organisation_id, id),
  foreign key (organisation_id, document_sha256) references filed_document (organisation_id, sha256),
  foreign key (organisation_id, run_id) references assessment_run (organisation_id, id),
  check ((kind = 'probe-run') = (run_id is not null)),
  check ((run_id is null) = (probe is null)),
  check ((withdrawn_at is null) = (withdrawn_reason is null))
);

create table evidence_requirement (
  evidence_id uuid not null,
  organisation_id uuid not null,
  assessment_id uuid not null,
  rulebook text not null,
  requirement_id text not null,
  primary key (evidence_id, rulebook, requirement_id),
  foreign key (organisation_id, evidence_id) references assessment_evidence (organisation_id, id),
  foreign key (assessment_id, rulebook, requirement_id) references assessment_requirement (assessment_id, rulebook, requirement_id)
);
create index on evidence_requirement (assessment_id);

create table hazard (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity unique,
  organisation_id uuid not null,
  assessment_id uuid not null,
  no integer not null check (no > 0),
  revision integer not null default 1,
  -- What the probe calls it: seen again, it is the same hazard. Null for what a person wrote.
  key text,
  title text,
  seen jsonb,
  reproduce text[] not null default '{}',
  requirements jsonb not null,
  severity text not null check (severity in ('low', 'moderate', 'high', 'critical')),
  verified_rule boolean not null,
  state text not null check (state in ('open', 'planned', 'done', 'verified')),
  owner_id text references "user" (id),
  plan text,
  found_at timestamptz not null,
  planned_at timestamptz,
  first_due_on date,
  due_on date,
  done_at timestamptz,
  verified_at timestamptz,
  unique (organisation_id, id),
  unique (assessment_id, key),
  unique (assessment_id, no),
  foreign key (organisation_id, assessment_id) references assessment (organisation_id, id),
  check ((key is null) = (seen is null)),
  check ((title is null) = (seen is not null)),
  check ((state = 'verified') = (verified_at is not null))
);
create index on hazard (organisation_id, seq desc);

create table hazard_step (
  id bigint generated always as identity primary key,
  organisation_id uuid not null,
  hazard_id uuid not null,
  "to" text not null check ("to" in ('found', 'planned', 'extended', 'done', 'open', 'verified', 'found-again', 'not-verified')),
  at timestamptz not null,
  due_on date,
  note text,
  run_id uuid,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  foreign key (organisation_id, hazard_id) references hazard (organisation_id, id)
);
create index on hazard_step (hazard_id, id);
create trigger hazard_step_stays before update or delete on hazard_step for each row execute function refuse_change();

create table assessment_comment (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity unique,
  organisation_id uuid not null,
  assessment_id uuid not null,
  text text not null,
  rulebook text,
  requirement_id text,
  hazard_id uuid,
  at timestamptz not null,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  foreign key (organisation_id, assessment_id) references assessment (organisation_id, id),
  foreign key (assessment_id, rulebook, requirement_id) references assessment_requirement (assessment_id, rulebook, requirement_id),
  foreign key (organisation_id, hazard_id) references hazard (organisation_id, id)
);
create index on assessment_comment (assessment_id, seq);
create trigger assessment_comment_stays before update or delete on assessment_comment for each row execute function refuse_change();

-- Files of concluded reports. The content lies in the blob store; a report that was reopened keeps its files, its signatures name them.
create table report_file (
  organisation_id uuid not null,
  assessment_id uuid not null,
  report_sha256 text not null,
  name text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  media_type text not null,
  primary key (assessment_id, report_sha256, name),
  foreign key (organisation_id, assessment_id) references assessment (organisation_id, id)
);
create index on report_file (sha256);
create trigger report_file_stays before update or delete on report_file for each row execute function refuse_change();

create table report_read (
  organisation_id uuid not null,
  assessment_id uuid not null,
  report_sha256 text not null,
  name text not null,
  person_id text not null references "user" (id),
  at timestamptz not null,
  primary key (assessment_id, report_sha256, name, person_id),
  foreign key (assessment_id, report_sha256, name) references report_file (assessment_id, report_sha256, name)
);

create table signing_key (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references organisation (id),
  person_id text not null references "user" (id),
  name text not null,
  public_key bytea not null check (length(public_key) = 32),
  made_at timestamptz not null,
  revoked_at timestamptz,
  unique (organisation_id, public_key)
);

create table assessment_signature (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null,
  assessment_id uuid not null,
  person_id text not null references "user" (id),
  role text not null,
  key_id uuid not null references signing_key (id),
  public_key bytea not null,
  report_sha256 text not null,
  signature bytea not null check (length(signature) = 64),
  at timestamptz not null,
  voided_at timestamptz,
  voided_reason text,
  foreign key (organisation_id, assessment_id) references assessment (organisation_id, id),
  check ((voided_at is null) = (voided_reason is null))
);
create index on assessment_signature (assessment_id);
create unique index signed_once on assessment_signature (assessment_id, person_id) where voided_at is null;

alter table service_target enable row level security;
alter table assessment enable row level security;
alter table assessment_requirement enable row level security;
alter table assessment_run enable row level security;
alter table assessment_run_line enable row level security;
alter table assessment_run_requests enable row level security;
alter table assessment_evidence enable row level security;
alter table evidence_requirement enable row level security;
alter table hazard enable row level security;
alter table hazard_step enable row level security;
alter table assessment_comment enable row level security;
alter table report_file enable row level security;
alter table report_read enable row level security;
alter table signing_key enable row level security;
alter table assessment_signature enable row level security;
create policy own on service_target to clearmirror_app using (organisation_id = current_organisation());
create policy own on assessment to clearmirror_app using (organisation_id = current_organisation());
create policy own on assessment_requirement to clearmirror_app using (organisation_id = current_organisation());
create policy own on assessment_run to clearmirror_app using (organisation_id = current_organisation());
create policy own on assessment_run_requests to clearmirror_app using (organisation_id = current_organisation());
create policy own on assessment_evidence to clearmirror_app using (organisation_id = current_organisation());
create policy own on evidence_requirement to clearmirror_app using (organisation_id = current_organisation());
create policy own on hazard to clearmirror_app using (organisation_id = current_organisation());
create policy own on hazard_step to clearmirror_app using (organisation_id = current_organisation());
create policy own on assessment_comment to clearmirror_app using (organisation_id = current_organisation());
create policy own on report_file to clearmirror_app using (organisation_id = current_organisation());
create policy own on report_read to clearmirror_app using (organisation_id = current_organisation());
create policy own on signing_key to clearmirror_app using (organisation_id = current_organisation());
create policy own on assessment_signature to clearmirror_app using (organisation_id = current_organisation());

grant select, insert, update on service_target, assessment, assessment_requirement, assessment_run, assessment_evidence, hazard,
  signing_key, assessment_signature to clearmirror_app;
grant select, insert on evidence_requirement, hazard_step, assessment_comment, report_file, report_read to clearmirror_app;
grant select on assessment_run_requests to clearmirror_app;
