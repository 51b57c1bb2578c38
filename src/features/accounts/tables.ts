import type { ColumnType, Generated } from 'kysely';
import type { Organisation, Preferences, Role } from '../../contract/accounts.ts';

type Instant = ColumnType<Date, Date | undefined, Date>;
type MaybeInstant = ColumnType<Date | null, Date | null | undefined, Date | null>;

/** The tables of migrations/0001-accounts.sql. */
export type AccountTables = {
  user: {
    id: string;
    name: string;
    email: string;
    emailVerified: boolean;
    twoFactorEnabled: boolean | null;
    operator: Generated<boolean>;
    createdAt: Instant;
    updatedAt: Instant;
  };
  account: {
    id: string;
    accountId: string;
    providerId: string;
    userId: string;
    password: string | null;
    updatedAt: Instant;
  };
  session: { id: string; userId: string };
  verification: { id: string; identifier: string; value: string };
  twoFactor: { id: string; userId: string };
  organisation: {
    id: Generated<string>;
    kind: Organisation['kind'];
    name: string;
    level: Organisation['level'];
    region: string | null;
    created_at: Instant;
  };
  membership: {
    organisation_id: string;
    user_id: string;
    roles: Role[];
    since: Instant;
    left_at: MaybeInstant;
  };
  person: { id: string; name: string; email: string; two_factor: boolean };
  one_time_link: {
    id: Generated<string>;
    secret_sha256: Uint8Array;
    purpose: 'first-administrator' | 'invitation' | 'new-password';
    organisation_id: string | null;
    email: string | null;
    roles: ColumnType<Role[], Role[] | undefined, Role[]>;
    created_by: string | null;
    created_at: Instant;
    expires_at: Date;
    used_at: MaybeInstant;
    withdrawn_at: MaybeInstant;
  };
  api_key: {
    id: Generated<string>;
    organisation_id: string;
    name: string;
    prefix: string;
    secret_sha256: Uint8Array;
    roles: Role[];
    created_by: string | null;
    created_at: Instant;
    expires_at: Date | null;
    last_used_at: MaybeInstant;
    revoked_at: MaybeInstant;
  };
  sign_in_failure: { email_sha256: Uint8Array; failures: number; last_at: Date; locked_until: Date | null };
  preference: { user_id: string; settings: ColumnType<Preferences, string, string> };
  event: {
    id: Generated<number>;
    at: Instant;
    organisation_id: string | null;
    person_id: string | null;
    key_id: string | null;
    kind: string;
    subject_type: string;
    subject_id: string;
    data: Record<string, unknown>;
  };
};
