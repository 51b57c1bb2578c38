import type { Tx } from '../../../platform/database/database.ts';
import type { Author } from './store.ts';
import type { AssessmentTables } from './tables.ts';

export function targetRow(tx: Tx, service: string) {
  return tx
    .withTables<AssessmentTables>()
    .selectFrom('service_target')
    .leftJoin('person', 'person.id', 'service_target.person_id')
    .leftJoin('api_key', 'api_key.id', 'service_target.key_id')
    .selectAll('service_target')
    .select(['person.name as person_name', 'api_key.name as key_name'])
    .where('service_id', '=', service)
    .executeTakeFirst();
}

export async function writeTarget(
  tx: Tx,
  one: {
    organisation: string;
    service: string;
    revision: number;
    target: string;
    secrets: Record<string, string>;
    author: Author;
    now: Date;
  },
): Promise<void> {
  const columns = {
    revision: one.revision,
    target: one.target,
    secrets: JSON.stringify(one.secrets),
    changed_at: one.now,
    ...one.author,
  };
  await tx
    .withTables<AssessmentTables>()
    .insertInto('service_target')
    .values({ service_id: one.service, organisation_id: one.organisation, ...columns })
    .onConflict((conflict) => conflict.column('service_id').doUpdateSet(columns))
    .execute();
}
