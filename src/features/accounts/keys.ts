import type { z } from 'zod';
import type { ApiKey, newApiKeySchema } from '../../contract/accounts.ts';
import { Problem } from '../../contract/problem.ts';
import { recordDeed } from '../../platform/database/events.ts';
import { refuseForeignRoles } from './grants.ts';
import { insertKey, listKeys, revokeKey } from './keys-store.ts';
import type { Change } from './members.ts';
import { newSecret } from './secrets.ts';

/** Makes a key that acts for the organisation with these roles. The key itself is answered once and kept only as a hash. */
export async function makeKey(
  { tx, caller, now }: Change,
  { name, roles, expiresInDays }: z.output<typeof newApiKeySchema>,
): Promise<{ key: string; apiKey: ApiKey }> {
  refuseForeignRoles(caller, roles);
  const { organisation, person } = caller.actor;
  if (organisation === null) throw new Error('a key is made for an organisation');
  const { secret, sha256 } = newSecret('cm_');
  const prefix = secret.slice(0, 10);
  const expiresAt = expiresInDays === null ? null : new Date(now.getTime() + expiresInDays * 24 * 3_600_000);
  const id = await insertKey(tx, {
    organisation,
    name,
    prefix,
    sha256,
    roles,
    createdBy: person,
    createdAt: now,
    expiresAt,
  });
  await recordDeed(tx, caller, {
    kind: 'api-key-made',
    subject: { type: 'api-key', id },
    data: { name, prefix, roles },
  });
  const [apiKey] = (await listKeys(tx, id)).map(showKey);
  if (!apiKey) throw new Error('the key just made is not there');
  return { key: secret, apiKey };
}

export async function keys({ tx }: Change): Promise<ApiKey[]> {
  return (await listKeys(tx)).map(showKey);
}

export async function revoke({ tx, caller, now }: Change, id: string): Promise<void> {
  if (!(await revokeKey(tx, id, now))) {
    throw new Problem('api-key-unknown', 'There is no such working key.', { status: 404 });
  }
  await recordDeed(tx, caller, { kind: 'api-key-revoked', subject: { type: 'api-key', id } });
}

function showKey(row: Awaited<ReturnType<typeof listKeys>>[number]): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    roles: row.roles,
    createdBy: row.created_by_name,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
