-- Screening as a service: what was sent, what came of it, what people decided about it.

create table screening (
  id uuid primary key default gen_random_uuid(),
  -- The order of the list; not told to anybody, since it counts those of all organisations.
  number bigint generated always as identity unique,
  organisation_id uuid not null references organisation (id),
  name text not null,
  bytes bigint check (bytes >= 0),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  source text not null check (source in ('upload', 'address', 'api')),
  address text,
  declared boolean not null default false,
  batch_id uuid,
  state text not null check (state in ('queued', 'examining', 'done', 'failed')),
  stage text,
  share real,
  failure jsonb,
  -- How often an examination began. One that ends its process every time must not begin for ever.
  starts integer not null default 0,
  -- Digest of the program, models and trust lists: the same bytes under the same ones give the same record.
  versions text not null,
  kind text,
  format text,
  verdict_word text,
  verdict_code text,
  propagation text,
  conflicts integer not null default 0,
  duplicate_of uuid references screening (id),
  note_count integer not null default 0,
  override_word text,
  created_at timestamptz not null,
  created_by text references "user" (id),
  created_key uuid references api_key (id),
  done_at timestamptz,
  media_removed_at timestamptz,
  check ((source = 'address') = (address is not null)),
  check (source = 'address' or (sha256 is not null and bytes is not null)),
  check ((state = 'done') = (verdict_word is not null)),
  check ((state = 'failed') = (failure is not null))
);
create index on screening (organisation_id, number desc);
create index on screening (organisation_id, sha256);
create index on screening (organisation_id, verdict_word, number desc);
-- For the one question that looks past organisations: whether anybody still needs a stored file.
create index on screening (sha256) where media_removed_at is null;
create index on screening (state) where state in ('queued', 'examining');

-- As text, not jsonb: a record quotes foreign files, whose NUL characters and broken surrogates jsonb refuses, and it stays byte for byte.
create table screening_record (
  screening_id uuid primary key references screening (id),
  organisation_id uuid not null references organisation (id),
  record text not null
);

-- A file that was recognised as a duplicate belongs to the batch too, though nothing new was begun for it.
create table screening_batch (
  organisation_id uuid not null references organisation (id),
  batch_id uuid not null,
  screening_id uuid not null references screening (id),
  added_at timestamptz not null,
  primary key (organisation_id, batch_id, screening_id)
);
create index on screening_batch (screening_id);

create table screening_exhibit (
  screening_id uuid not null references screening (id),
  number integer not null,
  organisation_id uuid not null references organisation (id),
  kind text not null check (kind in ('thumbnail', 'frame', 'waveform', 'spectrogram')),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  at_ms double precision,
  duration_ms double precision,
  max_hz double precision,
  width integer not null,
  height integer not null,
  primary key (screening_id, number)
);
create index on screening_exhibit (sha256);

create table screening_decision (
  id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity unique,
  organisation_id uuid not null references organisation (id),
  screening_id uuid not null references screening (id),
  kind text not null check (kind in ('note', 'override', 'override-withdrawn', 'retry', 'media-removed')),
  word text,
  reason text,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  at timestamptz not null,
  check ((kind = 'override') = (word is not null))
);
create index on screening_decision (screening_id, number);
create trigger decision_stays before update or delete on screening_decision for each row execute function refuse_change();

-- Bytes on their way in; they lie in a file under this id.
create table upload (
  id uuid primary key,
  organisation_id uuid not null references organisation (id),
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  name text not null,
  batch_id uuid,
  declared boolean not null,
  again boolean not null,
  metadata text,
  bytes bigint not null check (bytes >= 0),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  screening_id uuid references screening (id),
  duplicate boolean not null default false
);
create index on upload (organisation_id);
create index on upload (expires_at);

alter table screening enable row level security;
alter table screening_record enable row level security;
alter table screening_batch enable row level security;
alter table screening_exhibit enable row level security;
alter table screening_decision enable row level security;
alter table upload enable row level security;
create policy own on screening to clearmirror_app using (organisation_id = current_organisation());
create policy own on screening_record to clearmirror_app using (organisation_id = current_organisation());
create policy own on screening_batch to clearmirror_app using (organisation_id = current_organisation());
create policy own on screening_exhibit to clearmirror_app using (organisation_id = current_organisation());
create policy own on screening_decision to clearmirror_app using (organisation_id = current_organisation());
create policy own on upload to clearmirror_app using (organisation_id = current_organisation());

grant select, insert, update on screening to clearmirror_app;
grant select on screening_record to clearmirror_app;
grant select, insert on screening_batch, screening_decision to clearmirror_app;
grant select, delete on screening_exhibit to clearmirror_app;
grant select, insert, update, delete on upload to clearmirror_app;
