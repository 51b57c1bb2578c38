-- The register: what a company says about itself, its services and their functions, and which reports it filed.

create table company (
  organisation_id uuid primary key references organisation (id),
  revision integer not null default 1,
  kind text not null check (kind in ('unit', 'person')),
  name_zh text,
  name_en text,
  uscc text check (uscc is null or kind = 'unit'),
  place_of_registration text,
  operations_place text,
  contacts jsonb not null,
  licences jsonb not null,
  updated_at timestamptz not null,
  check (name_zh is not null or name_en is not null)
);

create table service (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references organisation (id),
  revision integer not null default 1,
  slug text collate "C" not null,
  name_zh text,
  name_en text,
  type text not null check (type in ('site', 'app')),
  addresses text[] not null,
  description_zh text,
  description_en text,
  -- Null is "not stated", which differs from an empty list.
  jurisdictions text[],
  features text[],
  facts jsonb not null,
  state text not null check (state in ('planned', 'launched', 'withdrawn')),
  planned_launch date,
  launched_on date,
  withdrawn_on date,
  withdrawn_reason text,
  updated_at timestamptz not null,
  unique (organisation_id, id),
  check (name_zh is not null or name_en is not null),
  check ((state = 'withdrawn') = (withdrawn_on is not null))
);
-- What is withdrawn stays readable and gives its slug free.
create unique index service_slug on service (organisation_id, slug) where state <> 'withdrawn';
create index on service (organisation_id, slug, id);

create table service_figure (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity,
  organisation_id uuid not null,
  service_id uuid not null,
  kind text not null check (kind in ('registeredUsers', 'mau', 'dau', 'euAmar', 'caMonthlyUsers')),
  value bigint not null check (value >= 0),
  as_of date not null,
  noted_at timestamptz not null,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  foreign key (organisation_id, service_id) references service (organisation_id, id)
);
create index on service_figure (service_id, kind, as_of desc, seq desc);
create trigger service_figure_stays before update or delete on service_figure for each row execute function refuse_change();

create table service_function (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null,
  service_id uuid not null,
  revision integer not null default 1,
  slug text collate "C" not null,
  name_zh text,
  name_en text,
  description_zh text,
  description_en text,
  state text not null check (state in ('planned', 'launched', 'changed', 'withdrawn')),
  -- The current one.
  version integer not null check (version >= 1),
  withdrawn_on date,
  withdrawn_reason text,
  updated_at timestamptz not null,
  unique (organisation_id, id),
  foreign key (organisation_id, service_id) references service (organisation_id, id),
  check (name_zh is not null or name_en is not null),
  check ((state = 'withdrawn') = (withdrawn_on is not null))
);
create unique index service_function_slug on service_function (service_id, slug) where state <> 'withdrawn';
create index on service_function (organisation_id, slug, id);
create index on service_function (service_id);

create table function_version (
  function_id uuid not null,
  organisation_id uuid not null,
  version integer not null check (version >= 1),
  features text[] not null,
  facts jsonb not null,
  reason text,
  planned_launch date,
  launched_on date,
  made_at timestamptz not null,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  primary key (function_id, version),
  foreign key (organisation_id, function_id) references service_function (organisation_id, id)
);

create table happening (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity,
  organisation_id uuid not null,
  service_id uuid not null,
  kind text not null check (kind in ('incident', 'authority-notice', 'user-growth')),
  -- A day, or a moment with its offset: it is kept as it was said.
  happened_on text collate "C" not null,
  details jsonb not null,
  note text,
  recorded_at timestamptz not null,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  settled_at timestamptz,
  settled_reason text,
  unique (organisation_id, id),
  foreign key (organisation_id, service_id) references service (organisation_id, id),
  check ((settled_at is null) = (settled_reason is null))
);
create index on happening (service_id, happened_on desc, seq desc);

-- Copies of what was filed. The content lies in the blob store, which knows no organisations: these rows say whose it is.
create table filed_document (
  organisation_id uuid not null references organisation (id),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  name text not null,
  bytes bigint not null,
  media_type text not null,
  stored_at timestamptz not null,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  primary key (organisation_id, sha256)
);

create table filing (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity,
  organisation_id uuid not null,
  revision integer not null default 1,
  made text not null check (made in ('recorded', 'here')),
  rulebook text not null,
  -- What it was about: the launch of the service, a version of a function, or a happening.
  service_id uuid not null,
  function_id uuid,
  version integer,
  happening_id uuid,
  state text not null check (state in ('filed', 'accepted', 'returned', 'withdrawn')),
  authority text not null,
  number text,
  filed_on date not null,
  filed_by text not null,
  reason text,
  document_sha256 text,
  document_link text,
  updated_at timestamptz not null,
  unique (organisation_id, id),
  foreign key (organisation_id, service_id) references service (organisation_id, id),
  foreign key (function_id, version) references function_version (function_id, version),
  foreign key (organisation_id, function_id) references service_function (organisation_id, id),
  foreign key (organisation_id, happening_id) references happening (organisation_id, id),
  foreign key (organisation_id, document_sha256) references filed_document (organisation_id, sha256),
  check ((function_id is null) = (version is null)),
  check (function_id is null or happening_id is null),
  check (document_sha256 is null or document_link is null)
);
-- One report at a time about one occasion under one rulebook.
create unique index filing_occasion on filing
  (service_id, rulebook, coalesce(function_id, service_id), coalesce(version, 0), coalesce(happening_id, service_id))
  where state <> 'withdrawn';
create index on filing (organisation_id, filed_on desc, seq desc);
create index on filing (service_id);

create table filing_step (
  id bigint generated always as identity primary key,
  organisation_id uuid not null,
  filing_id uuid not null,
  "to" text not null check ("to" in ('filed', 'accepted', 'returned', 'withdrawn')),
  "on" date not null,
  reason text,
  number text,
  at timestamptz not null,
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  foreign key (organisation_id, filing_id) references filing (organisation_id, id)
);
create index on filing_step (filing_id, id);
create trigger filing_step_stays before update or delete on filing_step for each row execute function refuse_change();

alter table company enable row level security;
alter table service enable row level security;
alter table service_figure enable row level security;
alter table service_function enable row level security;
alter table function_version enable row level security;
alter table happening enable row level security;
alter table filed_document enable row level security;
alter table filing enable row level security;
alter table filing_step enable row level security;
create policy own on company to clearmirror_app using (organisation_id = current_organisation());
create policy own on service to clearmirror_app using (organisation_id = current_organisation());
create policy own on service_figure to clearmirror_app using (organisation_id = current_organisation());
create policy own on service_function to clearmirror_app using (organisation_id = current_organisation());
create policy own on function_version to clearmirror_app using (organisation_id = current_organisation());
create policy own on happening to clearmirror_app using (organisation_id = current_organisation());
create policy own on filed_document to clearmirror_app using (organisation_id = current_organisation());
create policy own on filing to clearmirror_app using (organisation_id = current_organisation());
create policy own on filing_step to clearmirror_app using (organisation_id = current_organisation());

grant select, insert, update on company, service, service_function, function_version, happening, filing to clearmirror_app;
grant select, insert on service_figure, filed_document, filing_step to clearmirror_app;
