import type { Tx } from '../../platform/database/database.ts';
import type { AccountTables } from './tables.ts';

/**
 * The first organisation, null before there is one. It stays as long as the installation and comes back with its backup, so it tells
 * one installation from another. Only outside row-level security.
 */
export async function founderOf(tx: Tx): Promise<string | null> {
  const db = tx.withTables<AccountTables>();
  const query = db.selectFrom('organisation').select('id').orderBy('created_at').orderBy('id').limit(1);
  return (await query.executeTakeFirst())?.id ?? null;
}
