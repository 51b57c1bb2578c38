import type { CompanyFields } from '../../contract/company.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { RegisterTables } from './tables.ts';

export function readCompany(tx: Tx) {
  return tx.withTables<RegisterTables>().selectFrom('company').selectAll().executeTakeFirst();
}

export async function writeCompany(tx: Tx, organisation: string, fields: CompanyFields, now: Date): Promise<void> {
  const columns = {
    kind: fields.kind,
    name_zh: fields.name.zh,
    name_en: fields.name.en,
    uscc: fields.uscc,
    place_of_registration: fields.placeOfRegistration,
    operations_place: fields.operationsPlace,
    contacts: JSON.stringify(fields.contacts),
    licences: JSON.stringify(fields.licences),
    updated_at: now,
  };
  await tx
    .withTables<RegisterTables>()
    .insertInto('company')
    .values({ organisation_id: organisation, ...columns })
    .onConflict((conflict) =>
      conflict
        .column('organisation_id')
        .doUpdateSet(({ eb }) => ({ ...columns, revision: eb('company.revision', '+', 1) })),
    )
    .execute();
}
