import { type Kysely, sql } from 'kysely';
import type { NewOrganisation, Organisation, Preferences, Role } from '../../contract/accounts.ts';
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

export function keyBySecret(owner: Kysely<object>, sha256: Uint8Array) {
  return owner
    .withTables<AccountTables>()
    .selectFrom('api_key')
    .innerJoin('organisation', 'organisation.id', 'api_key.organisation_id')
    .select(['api_key.id as key_id', 'roles', 'expires_at', 'last_used_at', 'created_by'])
    .select(['organisation.id', 'organisation.kind', 'organisation.name', 'organisation.level', 'organisation.region'])
    .where('secret_sha256', '=', sha256)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
}

export async function noteKeyUse(owner: Kysely<object>, keyId: string, at: Date): Promise<void> {
  await owner
    .withTables<AccountTables>()
    .updateTable('api_key')
    .set({ last_used_at: at })
    .where('id', '=', keyId)
    .execute();
}

export async function anybodyThere(owner: Kysely<object>): Promise<boolean> {
  const row = await owner.withTables<AccountTables>().selectFrom('user').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

export const demoBegun = 'demo-begun';

export async function isDemo(owner: Kysely<object>): Promise<boolean> {
  const row = await owner
    .withTables<AccountTables>()
    .selectFrom('event')
    .select('id')
    .where('organisation_id', 'is', null)
    .where('kind', '=', demoBegun)
    .limit(1)
    .executeTakeFirst();
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

/** Where somebody is a member now. Only outside row-level security. */
export async function organisationsOf(tx: Tx, userId: string): Promise<string[]> {
  const rows = await tx
    .withTables<AccountTables>()
    .selectFrom('membership')
    .select('organisation_id')
    .where('user_id', '=', userId)
    .where('left_at', 'is', null)
    .execute();
  return rows.map(({ organisation_id }) => organisation_id);
}

export async function removeSecondFactor(tx: Tx, userId: string): Promise<void> {
  const db = tx.withTables<AccountTables>();
  await forgetDevices(tx, userId);
  await db.deleteFrom('twoFactor').where('userId', '=', userId).execute();
  await db.updateTable('user').set({ twoFactorEnabled: false }).where('id', '=', userId).execute();
}

export function insertOrganisation(tx: Tx, organisation: NewOrganisation): Promise<Organisation> {
  const place = organisation.kind === 'authority' ? organisation : { level: null, region: null };
  return tx
    .withTables<AccountTables>()
    .insertInto('organisation')
    .values({ kind: organisation.kind, name: organisation.name, level: place.level, region: place.region })
    .returning(['id', 'kind', 'name', 'level', 'region'])
    .executeTakeFirstOrThrow();
}

export async function listOrganisations(tx: Tx): Promise<Organisation[]> {
  return tx
    .withTables<AccountTables>()
    .selectFrom('organisation')
    .select(['id', 'kind', 'name', 'level', 'region'])
    .orderBy('name')
    .execute();
}

/** Makes somebody a member, again if they had left. */
export async function insertMembership(tx: Tx, organisationId: string, userId: string, roles: Role[], at: Date) {
  await tx
    .withTables<AccountTables>()
    .insertInto('membership')
    .values({ organisation_id: organisationId, user_id: userId, roles, since: at })
    .onConflict((conflict) =>
      conflict.columns(['organisation_id', 'user_id']).doUpdateSet({ roles, since: at, left_at: null }),
    )
    .execute();
}

export async function listMembers(tx: Tx) {
  return tx
    .withTables<AccountTables>()
    .selectFrom('membership')
    .innerJoin('person', 'person.id', 'membership.user_id')
    .select(['person.id', 'person.name', 'person.email', 'person.two_factor', 'roles', 'since'])
    .where('left_at', 'is', null)
    .orderBy('person.name')
    .execute();
}

/** The membership of one person here, its row held until the transaction ends. */
export function memberForChange(tx: Tx, userId: string) {
  return tx
    .withTables<AccountTables>()
    .selectFrom('membership')
    .select(['user_id', 'roles'])
    .where('user_id', '=', userId)
    .where('left_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
}

/** Holds the rows of all administrators: two who demote each other at once must not both succeed. */
export async function administratorsForChange(tx: Tx): Promise<string[]> {
  const rows = await tx
    .withTables<AccountTables>()
    .selectFrom('membership')
    .select(['user_id', 'roles'])
    .where('left_at', 'is', null)
    .orderBy('user_id')
    .forUpdate()
    .execute();
  return rows.filter(({ roles }) => roles.includes('administrator')).map(({ user_id }) => user_id);
}

/** Who can invite in that organisation. Only outside row-level security. */
export async function administratorsIn(tx: Tx, organisation: string): Promise<string[]> {
  const rows = await tx
    .withTables<AccountTables>()
    .selectFrom('membership')
    .select('user_id')
    .where('organisation_id', '=', organisation)
    .where('left_at', 'is', null)
    .where(sql<boolean>`'administrator' = any(roles)`)
    .execute();
  return rows.map(({ user_id }) => user_id);
}

export async function setRoles(tx: Tx, userId: string, roles: Role[]): Promise<void> {
  await tx.withTables<AccountTables>().updateTable('membership').set({ roles }).where('user_id', '=', userId).execute();
}

export async function endMembership(tx: Tx, userId: string, at: Date): Promise<void> {
  await tx
    .withTables<AccountTables>()
    .updateTable('membership')
    .set({ left_at: at })
    .where('user_id', '=', userId)
    .execute();
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

export interface EventQuery {
  before: number | undefined;
  limit: number;
  kind: string | undefined;
  subject: { type: string; id: string } | undefined;
}

export async function listEvents(tx: Tx, { before, limit, kind, subject }: EventQuery) {
  let query = tx
    .withTables<AccountTables>()
    .selectFrom('event')
    .leftJoin('person', 'person.id', 'event.person_id')
    .leftJoin('api_key', 'api_key.id', 'event.key_id')
    .select(['event.id', 'event.at', 'event.kind', 'subject_type', 'subject_id', 'data'])
    .select(['person.name as person', 'api_key.name as key'])
    .orderBy('event.id', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('event.id', '<', before);
  if (kind !== undefined) query = query.where('event.kind', '=', kind);
  if (subject) query = query.where('subject_type', '=', subject.type).where('subject_id', '=', subject.id);
  return query.execute();
}
