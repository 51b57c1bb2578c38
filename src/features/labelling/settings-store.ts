import type { LabelSettingsFields } from '../../contract/labellings.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { LabellingTables } from './tables.ts';

/** What the caller's organisation says in its labels; undefined when it never said. */
export function settingsRow(tx: Tx) {
  return tx
    .withTables<LabellingTables>()
    .selectFrom('label_settings')
    .leftJoin('person', 'person.id', 'label_settings.changed_by')
    .leftJoin('api_key', 'api_key.id', 'label_settings.changed_key')
    .select(['revision', 'content_producer', 'content_propagator', 'label', 'source_type', 'changed_at'])
    .select(['changed_by as person_id', 'changed_key as key_id'])
    .select(['person.name as person_name', 'api_key.name as key_name'])
    .executeTakeFirst();
}

export interface ChangedSettings {
  organisation: string;
  revision: number;
  fields: LabelSettingsFields;
  at: Date;
  person: string | null;
  key: string | null;
}

export async function writeSettings(tx: Tx, changed: ChangedSettings): Promise<void> {
  const { organisation, revision, fields, at, person, key } = changed;
  const values = {
    revision,
    content_producer: fields.contentProducer,
    content_propagator: fields.contentPropagator,
    label: fields.label,
    source_type: fields.sourceType,
    changed_at: at,
    changed_by: person,
    changed_key: key,
  };
  await tx
    .withTables<LabellingTables>()
    .insertInto('label_settings')
    .values({ organisation_id: organisation, ...values })
    .onConflict((conflict) => conflict.column('organisation_id').doUpdateSet(values))
    .execute();
}
