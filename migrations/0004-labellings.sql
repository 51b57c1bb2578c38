-- Labelling as a service: what was asked, what came of it, and what an organisation says in its labels each time.

-- An upload for a labelling becomes no screening: its bytes are stored, and kept for it until it expires.
alter table upload add column purpose text not null default 'screen' check (purpose in ('screen', 'label'));
alter table upload add column sha256 text check (sha256 ~ '^[0-9a-f]{64}$');
alter table upload add check (sha256 is null or purpose = 'label');
alter table upload add check (screening_id is null or purpose = 'screen');
create index on upload (sha256) where sha256 is not null;

create table labelling (
  id uuid primary key default gen_random_uuid(),
  -- The order of the list; not told to anybody, since it counts those of all organisations.
  number bigint generated always as identity unique,
  organisation_id uuid not null references organisation (id),
  name text not null,
  bytes bigint not null check (bytes >= 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  source text not null check (source in ('upload', 'screening', 'labelling')),
  -- As text: JSON that may say what jsonb refuses.
  plan text not null,
  -- Of whoever asked: some refusals quote sentences.
  lang text not null check (lang in ('en', 'zh')),
  state text not null check (state in ('queued', 'working', 'done', 'refused', 'failed')),
  share real,
  failure jsonb,
  -- How often work on it began. One that ends its process every time must not begin for ever.
  starts integer not null default 0,
  kind text,
  format text,
  labelled_sha256 text check (labelled_sha256 ~ '^[0-9a-f]{64}$'),
  labelled_bytes bigint check (labelled_bytes >= 0),
  sidecar_sha256 text check (sidecar_sha256 ~ '^[0-9a-f]{64}$'),
  sidecar_bytes bigint check (sidecar_bytes >= 0),
  wrote text[] not null default '{}',
  shortfalls integer not null default 0,
  created_at timestamptz not null,
  created_by text references "user" (id),
  created_key uuid references api_key (id),
  done_at timestamptz,
  files_removed_at timestamptz,
  check ((state in ('refused', 'failed')) = (failure is not null)),
  check ((state = 'done') = (labelled_sha256 is not null)),
  check ((labelled_sha256 is null) = (labelled_bytes is null)),
  check ((sidecar_sha256 is null) = (sidecar_bytes is null))
);
create index on labelling (organisation_id, number desc);
create index on labelling (state) where state in ('queued', 'working');
-- For the one question that looks past organisations: whether anybody still needs a stored file.
create index on labelling (sha256) where files_removed_at is null;
create index on labelling (labelled_sha256) where files_removed_at is null;
create index on labelling (sidecar_sha256) where files_removed_at is null and sidecar_sha256 is not null;

-- As text, not jsonb: a record quotes foreign files.
create table labelling_record (
  labelling_id uuid primary key references labelling (id),
  organisation_id uuid not null references organisation (id),
  record text not null
);

create table label_settings (
  organisation_id uuid primary key references organisation (id),
  revision integer not null check (revision > 0),
  content_producer text,
  content_propagator text,
  label text not null check (label in ('1', '2', '3')),
  source_type text,
  changed_at timestamptz not null,
  changed_by text references "user" (id),
  changed_key uuid references api_key (id)
);

alter table labelling enable row level security;
alter table labelling_record enable row level security;
alter table label_settings enable row level security;
create policy own on labelling to clearmirror_app using (organisation_id = current_organisation());
create policy own on labelling_record to clearmirror_app using (organisation_id = current_organisation());
create policy own on label_settings to clearmirror_app using (organisation_id = current_organisation());

grant select, insert, update on labelling to clearmirror_app;
grant select on labelling_record to clearmirror_app;
grant select, insert, update on label_settings to clearmirror_app;
