import { type Kysely, sql } from 'kysely';
import type { Preferences } from '../../contract/accounts.ts';
import { Problem } from '../../contract/problem.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { AccountTables } from './tables.ts';

/** Everybody who is in an organisation, for sign-in: as the owner of the tables. */
export async function membershipsOf(owner: Kysely<object>, userId: string) {
  const rows = await owner
    .withTables<AccountTables>()
    .selectFrom('user')
    .leftJoin('membership', (join) =>
      join.onRef('membership.user_id', '=', 'user.id').on('membership.left_at', 'is', null),
    )
    .leftJoin('organisation', 'organisation.id', 'membership.organisation_id')
    .leftJoin('preference', 'preference.user_id', 'user.id')
    .select(['user.operator', 'membership.roles', 'preference.settings'])
    .select(['organisation.id', 'organisation.kind', 'organisation.name', 'organisation.level', 'organisation.region'])
    .where('user.id', '=', userId)
    .orderBy('organisation.name')
    .execute();
  return {
    operator: rows[0]?.operator ?? false,
    settings: rows[0]?.settings ?? null,
    memberships: rows.flatMap(({ id, kind, name, level, region, roles }) =>
      id && kind && name && roles ? [{ organisation: { id, kind, name, level, region }, roles }] : [],
    ),
  };
}

export async function anybodyThere(owner: Kysely<object>): Promise<boolean> {
  const row = await owner.withTables<AccountTables>().selectFrom('user').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

export function userByEmail(tx: Kysely<object>, email: string) {
  return tx
    .withTables<AccountTables>()
    .selectFrom('user')
    .select(['id', 'name', 'email', 'operator'])
    .where('email', '=', email)
    .executeTakeFirst();
}

export interface NewUser {
  id: string;
  name: string;
  email: string;
  passwordHash: string;
  operator: boolean;
  at: Date;
}

/** A person who signs in with a password, as better-auth keeps one. Throws `sign-in-to-accept` when that address has somebody. */
export async function insertUser(tx: Tx, { id, name, email, passwordHash, operator, at }: NewUser): Promise<void> {
  const db = tx.withTables<AccountTables>();
  const made = { createdAt: at, updatedAt: at };
  // The address is taken as known: the link was handed to it by somebody who is answerable.
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('user')
    .values({ id, name, email, emailVerified: true, operator, ...made })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .executeTakeFirstOrThrow();
  // Two invitations to one address, accepted at once.
  if (numInsertedOrUpdatedRows === 0n) throw signInToAccept(email);
  const account = { id: `${id}-password`, accountId: id, providerId: 'credential', userId: id, updatedAt: at };
  await db
    .insertInto('account')
    .values({ ...account, password: passwordHash })
    .execute();
}

export async function setPassword(tx: Tx, userId: string, passwordHash: string, at: Date): Promise<void> {
  const db = tx.withTables<AccountTables>();
  await db
    .updateTable('account')
    .set({ password: passwordHash, updatedAt: at })
    .where('userId', '=', userId)
    .where('providerId', '=', 'credential')
    .execute();
  await forgetDevices(tx, userId);
}

/** Ends every session, and forgets on which devices the second factor is not asked for. */
async function forgetDevices(tx: Tx, userId: string): Promise<void> {
  const db = tx.withTables<AccountTables>();
  await db.deleteFrom('session').where('userId', '=', userId).execute();
  await db.deleteFrom('verification').where('value', '=', userId).execute();
}

export function signInToAccept(email: string): Problem {
  return new Problem('sign-in-to-accept', `Sign in as ${email} to accept this invitation.`, {
    status: 401,
    params: { email },
  });
}

/** Only outside row-level security. */
export async function operatorsAmong(tx: Tx, userIds: string[]): Promise<Set<string>> {
  const rows = await tx
    .withTables<AccountTables>()
    .selectFrom('user')
    .select('id')
    .where('id', 'in', userIds)
    .where('operator', '=', true)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

export async function removeSecondFactor(tx: Tx, userId: string): Promise<void> {
  const db = tx.withTables<AccountTables>();
  await forgetDevices(tx, userId);
  await db.deleteFrom('twoFactor').where('userId', '=', userId).execute();
  await db.updateTable('user').set({ twoFactorEnabled: false }).where('id', '=', userId).execute();
}

/** Only outside row-level security. */
export async function lockedUntil(tx: Kysely<object>, hashes: Uint8Array[], now: Date) {
  if (hashes.length === 0) return [];
  return tx
    .withTables<AccountTables>()
    .selectFrom('sign_in_failure')
    .select(['email_sha256', 'locked_until'])
    .where('email_sha256', 'in', hashes)
    .where('locked_until', '>', now)
    .execute();
}

type Changes = { [Name in keyof Preferences]?: Preferences[Name] | undefined };

/** Changes what is named and keeps the rest, in one statement: two tabs may change two things at once. Returns all of them. */
export async function savePreferences(tx: Tx, userId: string, changes: Changes): Promise<unknown> {
  const { settings } = await tx
    .withTables<AccountTables>()
    .insertInto('preference')
    .values({ user_id: userId, settings: JSON.stringify(changes) })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet({ settings: sql`preference.settings || excluded.settings` }),
    )
    .returning('settings')
    .executeTakeFirstOrThrow();
  return settings;
}
