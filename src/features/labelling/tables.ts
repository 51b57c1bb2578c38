import type { ColumnType, Generated } from 'kysely';
import type { LabellingItem, LabelSettings } from '../../contract/labellings.ts';
import type { Lang } from '../../contract/lang.ts';
import type { MediaFormat, MediaKind } from '../../contract/screening.ts';

type Later<T> = ColumnType<T | null, T | null | undefined, T | null>;

/** The tables of migrations/0004-labellings.sql, and those of accounts that say who somebody is. */
export type LabellingTables = {
  labelling: {
    id: Generated<string>;
    number: Generated<number>;
    organisation_id: string;
    name: string;
    bytes: number;
    sha256: string;
    source: LabellingItem['source'];
    /** JSON; `labelPlanSchema` reads it. */
    plan: string;
    lang: Lang;
    state: LabellingItem['state'];
    share: Later<number>;
    /** Written as JSON text. */
    failure: ColumnType<LabellingItem['failure'], string | null | undefined, string | null>;
    starts: Generated<number>;
    kind: Later<MediaKind>;
    format: Later<MediaFormat>;
    labelled_sha256: Later<string>;
    labelled_bytes: Later<number>;
    sidecar_sha256: Later<string>;
    sidecar_bytes: Later<number>;
    wrote: Generated<string[]>;
    shortfalls: Generated<number>;
    created_at: Date;
    created_by: string | null;
    created_key: string | null;
    done_at: Later<Date>;
    files_removed_at: Later<Date>;
  };
  labelling_record: { labelling_id: string; organisation_id: string; record: string };
  label_settings: {
    organisation_id: string;
    revision: number;
    content_producer: string | null;
    content_propagator: string | null;
    label: LabelSettings['label'];
    source_type: string | null;
    changed_at: Date;
    changed_by: string | null;
    changed_key: string | null;
  };
  person: { id: string; name: string };
  api_key: { id: string; name: string };
};
