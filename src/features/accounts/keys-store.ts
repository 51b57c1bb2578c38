import type { Kysely } from 'kysely';
import type { Role } from '../../contract/accounts.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { AccountTables } from './tables.ts';

export interface NewKey {
  organisation: string;
  name: string;
  prefix: string;
  sha256: Uint8Array;
  roles: Role[];
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date | null;
}

export async function insertKey(tx: Tx, key: NewKey): Promise<string> {
  const { id } = await tx
    .withTables<AccountTables>()
    .insertInto('api_key')
    .values({
      organisation_id: key.organisation,
      name: key.name,
      prefix: key.prefix,
      secret_sha256: key.sha256,
      roles: key.roles,
      created_by: key.createdBy,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** All keys, or the one of that id. */
export function listKeys(tx: Tx, id?: string) {
  const all = tx
    .withTables<AccountTables>()
    .selectFrom('api_key')
    .leftJoin('person', 'person.id', 'api_key.created_by')
    .select(['api_key.id', 'api_key.name', 'prefix', 'roles', 'created_at', 'expires_at', 'last_used_at', 'revoked_at'])
    .select('person.name as created_by_name')
    .orderBy('created_at', 'desc');
  return (id === undefined ? all : all.where('api_key.id', '=', id)).execute();
}

/** False when there is no such working key here. */
export async function revokeKey(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<AccountTables>()
    .updateTable('api_key')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
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
