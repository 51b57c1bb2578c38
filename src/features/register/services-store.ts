import { type ExpressionBuilder, sql } from 'kysely';
import type { FeatureTag, Figure, JurisdictionId } from '../../contract/facts.ts';
import type { NameIn } from '../../contract/fields.ts';
import type { FigureKind, NewFigure, Service, ServiceState } from '../../contract/register.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { RegisterTables } from './tables.ts';

export type Figures = Partial<Record<FigureKind, Figure>>;

/** One statement for a page of services, with their newest figures and the number of their functions. */
function selectServices(tx: Tx) {
  return tx
    .withTables<RegisterTables>()
    .selectFrom('service')
    .selectAll('service')
    .select(({ selectFrom }) => [
      selectFrom('service_function')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('service_function.service_id', '=', 'service.id')
        .where('service_function.state', '<>', 'withdrawn')
        .as('functions'),
      sql<Figures | null>`(select jsonb_object_agg(kind, jsonb_build_object('value', value, 'asOf', as_of)) from (
        select distinct on (kind) kind, value, as_of from service_figure where service_figure.service_id = service.id
        order by kind, as_of desc, seq desc) newest)`.as('figures'),
    ]);
}

export type ServiceRow = Awaited<ReturnType<typeof serviceById>>;

export function serviceById(tx: Tx, id: string) {
  return selectServices(tx).where('service.id', '=', id).executeTakeFirst();
}

/** By its slug the one that is not withdrawn, else the one that was withdrawn last. */
export function serviceBySlug(tx: Tx, slug: string) {
  return selectServices(tx)
    .where('service.slug', '=', slug)
    .orderBy(sql`service.state = 'withdrawn'`)
    .orderBy('service.updated_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export interface ServiceListQuery {
  after: [string, string] | undefined;
  limit: number;
  search: string | undefined;
  state: ServiceState | 'live' | undefined;
  type: Service['type'] | undefined;
  jurisdiction: JurisdictionId | undefined;
  feature: FeatureTag | undefined;
}

export function listServices(tx: Tx, { after, limit, search, state, type, jurisdiction, feature }: ServiceListQuery) {
  let query = selectServices(tx).orderBy('service.slug').orderBy('service.id').limit(limit);
  if (after) query = query.where(sql<boolean>`(service.slug, service.id) > (${after[0]}, ${after[1]}::uuid)`);
  if (search) {
    const like = likePart(search);
    query = query.where((eb) =>
      eb.or([
        eb('service.slug', 'ilike', like),
        eb('service.name_zh', 'ilike', like),
        eb('service.name_en', 'ilike', like),
      ]),
    );
  }
  if (state === 'live') query = query.where('service.state', '<>', 'withdrawn');
  else if (state) query = query.where('service.state', '=', state);
  if (type) query = query.where('service.type', '=', type);
  if (jurisdiction) query = query.where(sql<boolean>`${jurisdiction} = any(service.jurisdictions)`);
  if (feature)
    query = query.where((eb) =>
      eb.or([sql<boolean>`${feature} = any(service.features)`, hasFunctionWith(eb, feature)]),
    );
  return query.execute();
}

function hasFunctionWith(eb: ExpressionBuilder<RegisterTables, 'service'>, feature: FeatureTag) {
  return eb.exists(
    eb
      .selectFrom('service_function')
      .innerJoin('function_version', (join) =>
        join
          .onRef('function_version.function_id', '=', 'service_function.id')
          .onRef('function_version.version', '=', 'service_function.version'),
      )
      .select('service_function.id')
      .whereRef('service_function.service_id', '=', 'service.id')
      .where('service_function.state', '<>', 'withdrawn')
      .where(sql<boolean>`${feature} = any(function_version.features)`),
  );
}

/** A pattern for `ilike` that finds the text as it is written. */
export function likePart(search: string): string {
  return `%${search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

export interface ServiceColumns {
  slug: string;
  name: NameIn;
  type: Service['type'];
  addresses: string[];
  description: NameIn | null;
  jurisdictions: JurisdictionId[] | null;
  features: FeatureTag[] | null;
  facts: Service['facts'];
  plannedLaunch: string | null;
}

/** Only the columns that are named. */
function columnsOf({ name, description, facts, plannedLaunch, ...same }: Partial<ServiceColumns>) {
  return {
    ...same,
    ...(name === undefined ? {} : { name_zh: name.zh, name_en: name.en }),
    ...(description === undefined
      ? {}
      : { description_zh: description?.zh ?? null, description_en: description?.en ?? null }),
    ...(facts === undefined ? {} : { facts: JSON.stringify(facts) }),
    ...(plannedLaunch === undefined ? {} : { planned_launch: plannedLaunch }),
  };
}

export async function insertService(tx: Tx, organisation: string, fields: ServiceColumns, now: Date): Promise<string> {
  const { slug, type, addresses, jurisdictions, features, name, description, facts, plannedLaunch } = fields;
  const { id } = await tx
    .withTables<RegisterTables>()
    .insertInto('service')
    .values({
      organisation_id: organisation,
      slug,
      type,
      addresses,
      jurisdictions,
      features,
      name_zh: name.zh,
      name_en: name.en,
      description_zh: description?.zh ?? null,
      description_en: description?.en ?? null,
      facts: JSON.stringify(facts),
      planned_launch: plannedLaunch,
      state: 'planned',
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function updateService(tx: Tx, id: string, changes: Partial<ServiceColumns>, now: Date): Promise<void> {
  await tx
    .withTables<RegisterTables>()
    .updateTable('service')
    .set({ ...columnsOf(changes), updated_at: now })
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

export async function setServiceState(
  tx: Tx,
  id: string,
  state: 'launched' | 'withdrawn',
  { on, reason, now }: { on: string; reason: string | null; now: Date },
): Promise<void> {
  const dates = state === 'launched' ? { launched_on: on } : { withdrawn_on: on, withdrawn_reason: reason };
  await tx
    .withTables<RegisterTables>()
    .updateTable('service')
    .set({ state, ...dates, updated_at: now })
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

interface Author {
  person_id: string | null;
  key_id: string | null;
}

export async function insertFigure(
  tx: Tx,
  {
    organisation,
    service,
    figure,
    author,
    now,
  }: { organisation: string; service: string; figure: NewFigure; author: Author; now: Date },
): Promise<string> {
  const { kind, value, asOf } = figure;
  const { id } = await tx
    .withTables<RegisterTables>()
    .insertInto('service_figure')
    .values({ organisation_id: organisation, service_id: service, kind, value, as_of: asOf, noted_at: now, ...author })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export interface FigureListQuery {
  after: [string, string] | undefined;
  limit: number;
  kind: FigureKind | undefined;
}

function selectFigures(tx: Tx) {
  return tx
    .withTables<RegisterTables>()
    .selectFrom('service_figure')
    .leftJoin('person', 'person.id', 'service_figure.person_id')
    .leftJoin('api_key', 'api_key.id', 'service_figure.key_id')
    .select(['service_figure.id', 'seq', 'kind', 'value', 'as_of', 'noted_at'])
    .select(sql<string | null>`coalesce(person.name, api_key.name)`.as('by'));
}

export function figureById(tx: Tx, id: string) {
  return selectFigures(tx).where('service_figure.id', '=', id).executeTakeFirstOrThrow();
}

export function listFigures(tx: Tx, service: string, { after, limit, kind }: FigureListQuery) {
  let query = selectFigures(tx)
    .where('service_id', '=', service)
    .orderBy('as_of', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit);
  if (after) query = query.where(sql<boolean>`(as_of, seq) < (${after[0]}::date, ${after[1]}::bigint)`);
  if (kind) query = query.where('kind', '=', kind);
  return query.execute();
}

/** The newest figure of each kind and day, of those days. */
export function figuresOfDays(tx: Tx, services: string[], days: string[]) {
  return tx
    .withTables<RegisterTables>()
    .selectFrom('service_figure')
    .select(['service_id', 'kind', 'value', 'as_of'])
    .distinctOn(['service_id', 'kind', 'as_of'])
    .where('service_id', 'in', services)
    .where('as_of', 'in', days)
    .orderBy('service_id')
    .orderBy('kind')
    .orderBy('as_of')
    .orderBy('seq', 'desc')
    .execute();
}

/** All that are not withdrawn. */
export function liveServices(tx: Tx) {
  return selectServices(tx).where('service.state', '<>', 'withdrawn').orderBy('service.slug').execute();
}
