import type { ColumnType, Generated } from 'kysely';
import type { MediaFormat, MediaKind } from '../../contract/screening.ts';
import type { Decision, Exhibit, Progress, ScreeningItem, uploadPurposes } from '../../contract/screenings.ts';

type Text<T> = ColumnType<T | null, T | null | undefined, T | null>;
type MaybeInstant = ColumnType<Date | null, Date | null | undefined, Date | null>;

/** The tables of migrations/0002-screenings.sql, and those of accounts that say who somebody is. */
export type ScreeningTables = {
  screening: {
    id: Generated<string>;
    number: Generated<number>;
    organisation_id: string;
    name: string;
    bytes: number | null;
    sha256: string | null;
    source: ScreeningItem['source'];
    address: string | null;
    declared: boolean;
    batch_id: string | null;
    state: ScreeningItem['state'];
    stage: Text<Progress['stage']>;
    share: Text<number>;
    /** Written as JSON text. */
    failure: ColumnType<ScreeningItem['failure'], string | null | undefined, string | null>;
    starts: Generated<number>;
    versions: string;
    kind: Text<MediaKind>;
    format: Text<MediaFormat>;
    verdict_word: Text<NonNullable<ScreeningItem['verdict']>['word']>;
    verdict_code: Text<string>;
    propagation: Text<NonNullable<ScreeningItem['propagation']>>;
    conflicts: Generated<number>;
    duplicate_of: string | null;
    note_count: Generated<number>;
    override_word: Text<NonNullable<ScreeningItem['overridden']>>;
    created_at: Date;
    created_by: string | null;
    created_key: string | null;
    done_at: MaybeInstant;
    media_removed_at: MaybeInstant;
  };
  screening_record: { screening_id: string; organisation_id: string; record: string };
  screening_batch: { organisation_id: string; batch_id: string; screening_id: string; added_at: Date };
  screening_exhibit: {
    screening_id: string;
    number: number;
    organisation_id: string;
    kind: Exhibit['kind'];
    sha256: string;
    at_ms: number | null;
    duration_ms: number | null;
    max_hz: number | null;
    width: number;
    height: number;
  };
  screening_decision: {
    id: Generated<string>;
    number: Generated<number>;
    organisation_id: string;
    screening_id: string;
    kind: Decision['kind'];
    word: Text<NonNullable<Decision['word']>>;
    reason: string | null;
    person_id: string | null;
    key_id: string | null;
    at: Date;
  };
  upload: {
    id: string;
    organisation_id: string;
    person_id: string | null;
    key_id: string | null;
    name: string;
    batch_id: string | null;
    declared: boolean;
    again: boolean;
    metadata: string | null;
    bytes: number;
    created_at: Date;
    expires_at: Date;
    purpose: (typeof uploadPurposes)[number];
    /** Of an upload for labelling, once all bytes are in. */
    sha256: Text<string>;
    screening_id: Text<string>;
    duplicate: Generated<boolean>;
  };
  person: { id: string; name: string };
  api_key: { id: string; name: string };
};
