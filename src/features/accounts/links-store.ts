import type { Role } from '../../contract/accounts.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { AccountTables } from './tables.ts';

export interface NewLink {
  sha256: Uint8Array;
  purpose: AccountTables['one_time_link']['purpose'];
  organisation: string | null;
  email: string | null;
  roles: Role[];
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export async function insertLink(tx: Tx, link: NewLink): Promise<string> {
  const { id } = await tx
    .withTables<AccountTables>()
    .insertInto('one_time_link')
    .values({
      secret_sha256: link.sha256,
      purpose: link.purpose,
      organisation_id: link.organisation,
      email: link.email,
      roles: link.roles,
      created_by: link.createdBy,
      created_at: link.createdAt,
      expires_at: link.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Withdraws what nobody used of that purpose in that organisation: for one address so that only its newest link works, or for all. */
export async function withdrawLinks(
  tx: Tx,
  { purpose, organisation, email }: Pick<NewLink, 'purpose' | 'organisation'> & { email?: string | null },
  at: Date,
): Promise<void> {
  const all = withdrawOpen(tx, at)
    .where('purpose', '=', purpose)
    .where('organisation_id', 'is not distinct from', organisation);
  await (email === undefined ? all : all.where('email', 'is not distinct from', email)).execute();
}

/** The link of that secret while it works, its row held: of two who use it at once, one finds nothing. */
export function openLink(tx: Tx, sha256: Uint8Array, now: Date) {
  return tx
    .withTables<AccountTables>()
    .selectFrom('one_time_link')
    .select(['id', 'purpose', 'organisation_id', 'email', 'roles', 'expires_at'])
    .where('secret_sha256', '=', sha256)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', now)
    .forUpdate()
    .executeTakeFirst();
}

export async function useLink(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.withTables<AccountTables>().updateTable('one_time_link').set({ used_at: at }).where('id', '=', id).execute();
}

export function listInvitations(tx: Tx, now: Date) {
  return tx
    .withTables<AccountTables>()
    .selectFrom('one_time_link')
    .select(['id', 'email', 'roles', 'created_at', 'expires_at'])
    .where('purpose', '=', 'invitation')
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .execute();
}

/** False when there is no such open invitation here. */
export async function withdrawInvitation(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await withdrawOpen(tx, at)
    .where('id', '=', id)
    .where('purpose', '=', 'invitation')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Withdraws what somebody offered who may not offer it any more: they could have kept a link for themselves. */
export async function withdrawInvitationsOf(tx: Tx, userId: string, at: Date): Promise<void> {
  await withdrawOpen(tx, at).where('created_by', '=', userId).execute();
}

function withdrawOpen(tx: Tx, at: Date) {
  return tx
    .withTables<AccountTables>()
    .updateTable('one_time_link')
    .set({ withdrawn_at: at })
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null);
}

export function organisationName(tx: Tx, id: string) {
  return tx
    .withTables<AccountTables>()
    .selectFrom('organisation')
    .select('name')
    .where('id', '=', id)
    .executeTakeFirst();
}
