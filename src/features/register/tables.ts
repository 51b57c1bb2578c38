import type { ColumnType, Generated } from 'kysely';
import type { Company, Contact, Licence } from '../../contract/company.ts';
import type { FeatureTag, JurisdictionId } from '../../contract/facts.ts';
import type { HappeningKind } from '../../contract/happenings.ts';
import type {
  FigureKind,
  FunctionFacts,
  FunctionState,
  Service,
  ServiceFacts,
  ServiceState,
} from '../../contract/register.ts';

type Instant = ColumnType<Date, Date, Date>;
type MaybeInstant = ColumnType<Date | null, Date | null | undefined, Date | null>;
/** Read parsed, written as text. */
type Json<T> = ColumnType<T, string, string>;
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;

interface Author {
  person_id: string | null;
  key_id: string | null;
}

/** The tables of migrations/0003-register.sql that hold the register itself. */
export type RegisterTables = {
  company: {
    organisation_id: string;
    revision: Generated<number>;
    kind: Company['kind'];
    name_zh: string | null;
    name_en: string | null;
    uscc: string | null;
    place_of_registration: string | null;
    operations_place: string | null;
    contacts: Json<Contact[]>;
    licences: Json<Licence[]>;
    updated_at: Instant;
  };
  service: {
    id: Generated<string>;
    organisation_id: string;
    revision: Generated<number>;
    slug: string;
    name_zh: string | null;
    name_en: string | null;
    type: Service['type'];
    addresses: string[];
    description_zh: string | null;
    description_en: string | null;
    jurisdictions: JurisdictionId[] | null;
    features: FeatureTag[] | null;
    facts: Json<ServiceFacts>;
    state: ServiceState;
    planned_launch: string | null;
    launched_on: Maybe<string>;
    withdrawn_on: Maybe<string>;
    withdrawn_reason: Maybe<string>;
    updated_at: Instant;
  };
  service_figure: Author & {
    id: Generated<string>;
    seq: Generated<number>;
    organisation_id: string;
    service_id: string;
    kind: FigureKind;
    value: number;
    as_of: string;
    noted_at: Instant;
  };
  service_function: {
    id: Generated<string>;
    organisation_id: string;
    service_id: string;
    revision: Generated<number>;
    slug: string;
    name_zh: string | null;
    name_en: string | null;
    description_zh: string | null;
    description_en: string | null;
    state: FunctionState;
    version: number;
    withdrawn_on: Maybe<string>;
    withdrawn_reason: Maybe<string>;
    updated_at: Instant;
  };
  function_version: Author & {
    function_id: string;
    organisation_id: string;
    version: number;
    features: FeatureTag[];
    facts: Json<FunctionFacts>;
    reason: string | null;
    planned_launch: string | null;
    launched_on: Maybe<string>;
    made_at: Instant;
  };
  happening: Author & {
    id: Generated<string>;
    seq: Generated<number>;
    organisation_id: string;
    service_id: string;
    kind: HappeningKind;
    happened_on: string;
    details: Json<Record<string, unknown>>;
    note: string | null;
    recorded_at: Instant;
    settled_at: MaybeInstant;
    settled_reason: Maybe<string>;
  };
  /** Read only: who acted (migrations/0001-accounts.sql). */
  person: { id: string; name: string };
  api_key: { id: string; name: string };
  event: {
    id: number;
    at: Date;
    person_id: string | null;
    key_id: string | null;
    subject_type: string;
    subject_id: string;
    data: Record<string, unknown>;
  };
};
