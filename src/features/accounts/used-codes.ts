import { type Kysely, sql } from 'kysely';
import { hashSecret } from './secrets.ts';

/** Notes that this person signed in with that code. False when it was used before, as long as such a code lives. */
export async function takeCode(owner: Kysely<object>, userId: string, code: string): Promise<boolean> {
  const { rows } = await sql`with old as (delete from used_code where user_id = ${userId}
      and used_at < now() - interval '5 minutes' and code_sha256 <> ${hashSecret(code)})
    insert into used_code as u (user_id, code_sha256) values (${userId}, ${hashSecret(code)})
    on conflict (user_id, code_sha256) do update set used_at = now() where u.used_at < now() - interval '5 minutes'
    returning 1`.execute(owner);
  return rows.length > 0;
}
