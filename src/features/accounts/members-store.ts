import { sql } from 'kysely';
import type { NewOrganisation, Organisation, Role } from '../../contract/accounts.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { AccountTables } from './tables.ts';

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
