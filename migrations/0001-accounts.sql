-- Who there is, what they may do, and what they did.
--
-- Requests run as clearmirror_app, which owns nothing: row-level security shows it the rows of one organisation. Making a role needs a
-- right that the operator may not want to give: then a database administrator makes it once and grants it to our user.
do $$
begin
  if not exists (select from pg_roles where rolname = 'clearmirror_app') then
    create role clearmirror_app nologin;
  end if;
exception when duplicate_object or unique_violation then null; -- another database of this server was first
end $$;
do $$
begin
  if not pg_has_role(current_user, 'clearmirror_app', 'member') then
    execute format('grant clearmirror_app to %I', current_user);
  end if;
end $$;
grant usage on schema public to clearmirror_app;

create function current_organisation() returns uuid language sql stable
  return nullif(current_setting('app.organisation', true), '')::uuid;
create function current_person() returns text language sql stable
  return nullif(current_setting('app.person', true), '');

-- The tables of better-auth 1.7 (password, sessions, second factor, OpenID Connect), as it wants them. Not for clearmirror_app.
create table "user" ("id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" boolean not null, "image" text, "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz default current_timestamp not null, "twoFactorEnabled" boolean, "operator" boolean default false not null);
create table "session" ("id" text not null primary key, "expiresAt" timestamptz not null, "token" text not null unique, "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz not null, "ipAddress" text, "userAgent" text, "userId" text not null references "user" ("id") on delete cascade);
create table "account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null, "userId" text not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text, "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz not null);
create table "verification" ("id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamptz not null, "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz default current_timestamp not null);
create table "twoFactor" ("id" text not null primary key, "secret" text not null, "backupCodes" text not null, "userId" text not null references "user" ("id") on delete cascade, "verified" boolean, "failedVerificationCount" integer, "lockedUntil" timestamptz);
create table "rateLimit" ("id" text not null primary key, "key" text not null unique, "count" integer not null, "lastRequest" bigint not null);
create index "session_userId_idx" on "session" ("userId");
create index "account_userId_idx" on "account" ("userId");
create index "verification_identifier_idx" on "verification" ("identifier");
create index "twoFactor_secret_idx" on "twoFactor" ("secret");
create index "twoFactor_userId_idx" on "twoFactor" ("userId");

create table organisation (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('company', 'authority')),
  name text not null,
  level text check (level in ('central', 'provincial', 'prefecture', 'county')),
  region text,
  created_at timestamptz not null default now(),
  check ((kind = 'authority') = (level is not null and region is not null))
);

create table membership (
  organisation_id uuid not null references organisation (id),
  user_id text not null references "user" (id),
  roles text[] not null check (cardinality(roles) > 0),
  since timestamptz not null default now(),
  -- Who has left is still named where they acted.
  left_at timestamptz,
  primary key (organisation_id, user_id)
);
create index on membership (user_id);

create table one_time_link (
  id uuid primary key default gen_random_uuid(),
  secret_sha256 bytea not null unique,
  purpose text not null check (purpose in ('first-administrator', 'invitation', 'new-password')),
  organisation_id uuid references organisation (id),
  email text,
  roles text[] not null default '{}',
  created_by text references "user" (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  withdrawn_at timestamptz
);
create index on one_time_link (organisation_id);

create table api_key (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references organisation (id),
  name text not null,
  prefix text not null,
  secret_sha256 bytea not null unique,
  roles text[] not null check (cardinality(roles) > 0),
  created_by text references "user" (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index on api_key (organisation_id);

-- By address, whether or not somebody has it: an answer must not tell which addresses exist.
create table sign_in_failure (
  email_sha256 bytea primary key,
  failures integer not null,
  last_at timestamptz not null,
  locked_until timestamptz
);

create index on sign_in_failure (last_at);

-- Codes of second factors that somebody has signed in with: each is accepted once.
create table used_code (
  user_id text not null references "user" (id) on delete cascade,
  code_sha256 bytea not null,
  used_at timestamptz not null default now(),
  primary key (user_id, code_sha256)
);

create table preference (
  user_id text primary key references "user" (id),
  settings jsonb not null
);

create table event (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  organisation_id uuid references organisation (id),
  person_id text references "user" (id),
  key_id uuid references api_key (id),
  kind text not null,
  subject_type text not null,
  subject_id text not null,
  data jsonb not null default '{}'
);
create index on event (organisation_id, id desc);
create index on event (organisation_id, subject_type, subject_id, id desc);

-- What a write answered, so that the same request sent again gets the same answer and is not done twice. The answer may be an API key or
-- a one-time link: it is encrypted with the installation's secret and the caller's own key, of which only the hash is here.
create table idempotency (
  -- None where a person asks for none.
  organisation_id uuid references organisation (id),
  caller text not null,
  key_sha256 bytea not null,
  request_sha256 bytea not null,
  sealed bytea not null,
  created_at timestamptz not null default now(),
  unique nulls not distinct (organisation_id, caller, key_sha256)
);
create index on idempotency (organisation_id, created_at);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger event_stays before update or delete on event for each row execute function refuse_change();
create trigger event_stays_whole before truncate on event for each statement execute function refuse_change();

alter table organisation enable row level security;
alter table membership enable row level security;
alter table one_time_link enable row level security;
alter table api_key enable row level security;
alter table preference enable row level security;
alter table event enable row level security;
alter table idempotency enable row level security;
create policy own on organisation to clearmirror_app using (id = current_organisation());
create policy own on membership to clearmirror_app using (organisation_id = current_organisation());
create policy own on one_time_link to clearmirror_app using (organisation_id = current_organisation());
create policy own on api_key to clearmirror_app using (organisation_id = current_organisation());
create policy own on preference to clearmirror_app using (user_id = current_person());
create policy own on event to clearmirror_app using (organisation_id = current_organisation());
create policy own on idempotency to clearmirror_app using (organisation_id = current_organisation());
create policy own_of_nobody on idempotency to clearmirror_app
  using (organisation_id is null and current_organisation() is null and caller = current_person());

grant select on organisation to clearmirror_app;
grant select, update on membership to clearmirror_app;
grant select, insert, update on one_time_link, api_key to clearmirror_app;
grant select, insert, update on preference to clearmirror_app;
grant select, insert on event to clearmirror_app;
grant select, insert, update, delete on idempotency to clearmirror_app;

-- The people of an organisation, with those who left. A view of the owner: clearmirror_app never sees the table of users.
create view person with (security_barrier) as
  select u.id, u.name, u.email, coalesce(u."twoFactorEnabled", false) as two_factor
  from "user" u
  where exists (select from membership m where m.user_id = u.id and m.organisation_id = current_organisation());
grant select on person to clearmirror_app;
