import { sql } from 'kysely';
import type { FilingState } from '../../contract/filings.ts';
import type { Tx } from '../../platform/database/database.ts';
import { likePart } from '../register/register.ts';
import type { FilingTables } from './tables.ts';

function selectFilings(tx: Tx) {
  return tx
    .withTables<FilingTables>()
    .selectFrom('filing')
    .innerJoin('service', 'service.id', 'filing.service_id')
    .leftJoin('service_function', 'service_function.id', 'filing.function_id')
    .leftJoin('happening', 'happening.id', 'filing.happening_id')
    .leftJoin('filed_document', (join) =>
      join
        .onRef('filed_document.organisation_id', '=', 'filing.organisation_id')
        .onRef('filed_document.sha256', '=', 'filing.document_sha256'),
    )
    .selectAll('filing')
    .select([
      'service.slug as service_slug',
      'service.name_zh as service_name_zh',
      'service.name_en as service_name_en',
    ])
    .select([
      'service_function.slug as function_slug',
      'service_function.name_zh as function_name_zh',
      'service_function.name_en as function_name_en',
    ])
    .select(['happening.kind as happening_kind', 'happening.happened_on'])
    .select(['filed_document.name as document_name', 'filed_document.bytes', 'filed_document.media_type']);
}

export type FilingRow = NonNullable<Awaited<ReturnType<typeof filingById>>>;

export function filingById(tx: Tx, id: string) {
  return selectFilings(tx).where('filing.id', '=', id).executeTakeFirst();
}

/** Its row held until the transaction ends: two who move it at once come one after the other. */
export async function holdFiling(tx: Tx, id: string): Promise<void> {
  await tx.withTables<FilingTables>().selectFrom('filing').select('id').where('id', '=', id).forUpdate().execute();
}

export interface FilingListQuery {
  after: [string, string] | undefined;
  limit: number;
  service: string | undefined;
  function: string | undefined;
  rulebook: string | undefined;
  state: FilingState | undefined;
  search: string | undefined;
}

/** Filed last, first. */
export function listFilings(tx: Tx, query: FilingListQuery) {
  const { after, limit, service, rulebook, state, search } = query;
  let select = selectFilings(tx).orderBy('filed_on', 'desc').orderBy('filing.seq', 'desc').limit(limit);
  if (after) select = select.where(sql<boolean>`(filed_on, filing.seq) < (${after[0]}::date, ${after[1]}::bigint)`);
  if (service) select = select.where('filing.service_id', '=', service);
  if (query.function) select = select.where('filing.function_id', '=', query.function);
  if (rulebook) select = select.where('filing.rulebook', '=', rulebook);
  if (state) select = select.where('filing.state', '=', state);
  if (search) {
    const like = likePart(search);
    select = select.where((eb) =>
      eb.or([
        eb('filing.number', 'ilike', like),
        eb('filing.authority', 'ilike', like),
        eb('service.slug', 'ilike', like),
        eb('service.name_zh', 'ilike', like),
        eb('service.name_en', 'ilike', like),
        eb('service_function.name_zh', 'ilike', like),
        eb('service_function.name_en', 'ilike', like),
      ]),
    );
  }
  return select.execute();
}

export interface Occasion {
  rulebook: string;
  service: string;
  function: string | null;
  version: number | null;
  happening: string | null;
}

/** The one about that occasion that is not withdrawn. */
export function standingFiling(tx: Tx, occasion: Occasion) {
  return tx
    .withTables<FilingTables>()
    .selectFrom('filing')
    .select(['id', 'state'])
    .where('rulebook', '=', occasion.rulebook)
    .where('service_id', '=', occasion.service)
    .where(sql<boolean>`function_id is not distinct from ${occasion.function}::uuid`)
    .where(sql<boolean>`version is not distinct from ${occasion.version}::integer`)
    .where(sql<boolean>`happening_id is not distinct from ${occasion.happening}::uuid`)
    .where('state', '<>', 'withdrawn')
    .executeTakeFirst();
}

export interface NewFilingColumns extends Occasion {
  organisation: string;
  authority: string;
  number: string | null;
  filedOn: string;
  filedBy: string;
  document: { sha256: string | null; link: string | null };
  now: Date;
}

export async function insertFiling(tx: Tx, one: NewFilingColumns): Promise<string> {
  const { id } = await tx
    .withTables<FilingTables>()
    .insertInto('filing')
    .values({
      organisation_id: one.organisation,
      made: 'recorded',
      rulebook: one.rulebook,
      service_id: one.service,
      function_id: one.function,
      version: one.version,
      happening_id: one.happening,
      state: 'filed',
      authority: one.authority,
      number: one.number,
      filed_on: one.filedOn,
      filed_by: one.filedBy,
      document_sha256: one.document.sha256,
      document_link: one.document.link,
      updated_at: one.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export interface FilingColumns {
  state?: FilingState;
  authority?: string;
  number?: string | null;
  filed_on?: string;
  filed_by?: string;
  reason?: string | null;
  document_sha256?: string | null;
  document_link?: string | null;
}

export async function updateFiling(tx: Tx, id: string, columns: FilingColumns, now: Date): Promise<void> {
  await tx
    .withTables<FilingTables>()
    .updateTable('filing')
    .set({ ...columns, updated_at: now })
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

export interface NewStep {
  organisation: string;
  filing: string;
  to: FilingState;
  on: string;
  reason: string | null;
  number: string | null;
  author: { person_id: string | null; key_id: string | null };
  now: Date;
}

export async function insertStep(tx: Tx, { organisation, filing, to, on, reason, number, author, now }: NewStep) {
  await tx
    .withTables<FilingTables>()
    .insertInto('filing_step')
    .values({ organisation_id: organisation, filing_id: filing, to, on, reason, number, at: now, ...author })
    .execute();
}

export function listSteps(tx: Tx, filing: string) {
  return tx
    .withTables<FilingTables>()
    .selectFrom('filing_step')
    .leftJoin('person', 'person.id', 'filing_step.person_id')
    .leftJoin('api_key', 'api_key.id', 'filing_step.key_id')
    .select(['to', 'on', 'reason', 'number', 'at'])
    .select(sql<string | null>`coalesce(person.name, api_key.name)`.as('by'))
    .where('filing_id', '=', filing)
    .orderBy('filing_step.id')
    .execute();
}

/** All reports about a service, its functions and what befell it. */
export function filingsOf(tx: Tx, service: string) {
  return tx
    .withTables<FilingTables>()
    .selectFrom('filing')
    .select(['id', 'rulebook', 'state', 'number', 'function_id', 'version', 'happening_id'])
    .where('service_id', '=', service)
    .orderBy('seq', 'desc')
    .execute();
}

/** Versions of functions with a report that is filed or accepted. */
export function versionsFiled(tx: Tx, functionId?: string) {
  let query = tx
    .withTables<FilingTables>()
    .selectFrom('filing')
    .select(['function_id', 'version'])
    .where('function_id', 'is not', null)
    .where('state', 'in', ['filed', 'accepted']);
  if (functionId) query = query.where('function_id', '=', functionId);
  return query.execute();
}
