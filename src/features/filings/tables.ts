import type { ColumnType, Generated } from 'kysely';
import type { Filing, FilingState } from '../../contract/filings.ts';
import type { HappeningKind } from '../../contract/happenings.ts';

type Instant = ColumnType<Date, Date, Date>;
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;

interface Author {
  person_id: string | null;
  key_id: string | null;
}

/** The tables of migrations/0003-register.sql that hold filings. */
export type FilingTables = {
  filing: {
    id: Generated<string>;
    seq: Generated<number>;
    organisation_id: string;
    revision: Generated<number>;
    made: Filing['made'];
    rulebook: string;
    service_id: string;
    function_id: string | null;
    version: number | null;
    happening_id: string | null;
    state: FilingState;
    authority: string;
    number: string | null;
    filed_on: string;
    filed_by: string;
    reason: Maybe<string>;
    document_sha256: Maybe<string>;
    document_link: Maybe<string>;
    updated_at: Instant;
  };
  filing_step: Author & {
    id: Generated<number>;
    organisation_id: string;
    filing_id: string;
    to: FilingState;
    on: string;
    reason: string | null;
    number: string | null;
    at: Instant;
  };
  filed_document: Author & {
    organisation_id: string;
    sha256: string;
    name: string;
    bytes: number;
    media_type: string;
    stored_at: Instant;
  };
  /** Read only, for names: the register's own. */
  service: { id: string; slug: string; name_zh: string | null; name_en: string | null };
  service_function: { id: string; slug: string; name_zh: string | null; name_en: string | null };
  happening: { id: string; kind: HappeningKind; happened_on: string };
  person: { id: string; name: string };
  api_key: { id: string; name: string };
};
