import { sql } from 'kysely';
import type { FeatureTag } from '../../contract/facts.ts';
import type { NameIn } from '../../contract/fields.ts';
import type { FunctionFacts, FunctionState } from '../../contract/register.ts';
import type { Tx } from '../../platform/database/database.ts';
import { likePart } from './services-store.ts';
import type { RegisterTables } from './tables.ts';

/** Functions with their service and their current version, in one statement. */
function selectFunctions(tx: Tx) {
  return tx
    .withTables<RegisterTables>()
    .selectFrom('service_function')
    .innerJoin('service', 'service.id', 'service_function.service_id')
    .innerJoin('function_version', (join) =>
      join
        .onRef('function_version.function_id', '=', 'service_function.id')
        .onRef('function_version.version', '=', 'service_function.version'),
    )
    .selectAll('service_function')
    .select(['function_version.features', 'function_version.facts'])
    .select(['function_version.planned_launch', 'function_version.launched_on'])
    .select([
      'service.slug as service_slug',
      'service.name_zh as service_name_zh',
      'service.name_en as service_name_en',
    ])
    .select(
      sql<
        string | null
      >`(select max(v.launched_on) from function_version v where v.function_id = service_function.id)`.as(
        'last_launched_on',
      ),
    );
}

export type FunctionRow = NonNullable<Awaited<ReturnType<typeof functionById>>>;

export function functionById(tx: Tx, id: string) {
  return selectFunctions(tx).where('service_function.id', '=', id).executeTakeFirst();
}

/** By its slug the one that is not withdrawn, else the one that was withdrawn last. */
export function functionBySlug(tx: Tx, service: string, slug: string) {
  return selectFunctions(tx)
    .where('service_function.service_id', '=', service)
    .where('service_function.slug', '=', slug)
    .orderBy(sql`service_function.state = 'withdrawn'`)
    .orderBy('service_function.updated_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export interface FunctionListQuery {
  after: [string, string] | undefined;
  limit: number;
  service: string | undefined;
  search: string | undefined;
  state: FunctionState | 'live' | undefined;
  feature: FeatureTag | undefined;
}

export function listFunctions(tx: Tx, { after, limit, service, search, state, feature }: FunctionListQuery) {
  let query = selectFunctions(tx).orderBy('service_function.slug').orderBy('service_function.id').limit(limit);
  if (after) {
    query = query.where(sql<boolean>`(service_function.slug, service_function.id) > (${after[0]}, ${after[1]}::uuid)`);
  }
  if (service) query = query.where('service_function.service_id', '=', service);
  if (search) {
    const like = likePart(search);
    query = query.where((eb) =>
      eb.or([
        eb('service_function.slug', 'ilike', like),
        eb('service_function.name_zh', 'ilike', like),
        eb('service_function.name_en', 'ilike', like),
      ]),
    );
  }
  if (state === 'live') query = query.where('service_function.state', '<>', 'withdrawn');
  else if (state) query = query.where('service_function.state', '=', state);
  if (feature) query = query.where(sql<boolean>`${feature} = any(function_version.features)`);
  return query.execute();
}

/** All of a service, or of all services, that are not withdrawn. */
export function liveFunctions(tx: Tx, service?: string) {
  let query = selectFunctions(tx).where('service_function.state', '<>', 'withdrawn').orderBy('service_function.slug');
  if (service) query = query.where('service_function.service_id', '=', service);
  return query.execute();
}

export interface VersionColumns {
  features: FeatureTag[];
  facts: FunctionFacts;
  reason: string | null;
  plannedLaunch: string | null;
}

interface Author {
  person_id: string | null;
  key_id: string | null;
}

interface Making {
  organisation: string;
  author: Author;
  now: Date;
}

export async function insertFunction(
  tx: Tx,
  service: string,
  fields: { slug: string; name: NameIn; description: NameIn | null },
  { organisation, now }: Making,
): Promise<string> {
  const { slug, name, description } = fields;
  const { id } = await tx
    .withTables<RegisterTables>()
    .insertInto('service_function')
    .values({
      organisation_id: organisation,
      service_id: service,
      slug,
      name_zh: name.zh,
      name_en: name.en,
      description_zh: description?.zh ?? null,
      description_en: description?.en ?? null,
      state: 'planned',
      version: 1,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function insertVersion(
  tx: Tx,
  { id, version }: { id: string; version: number },
  { features, facts, reason, plannedLaunch }: VersionColumns,
  { organisation, author, now }: Making,
): Promise<void> {
  await tx
    .withTables<RegisterTables>()
    .insertInto('function_version')
    .values({
      function_id: id,
      organisation_id: organisation,
      version,
      features,
      facts: JSON.stringify(facts),
      reason,
      planned_launch: plannedLaunch,
      made_at: now,
      ...author,
    })
    .execute();
}

export interface FunctionColumns {
  slug?: string | undefined;
  name?: NameIn | undefined;
  description?: NameIn | null | undefined;
}

export async function updateFunction(tx: Tx, id: string, changes: FunctionColumns, now: Date): Promise<void> {
  const { slug, name, description } = changes;
  await tx
    .withTables<RegisterTables>()
    .updateTable('service_function')
    .set({
      ...(slug === undefined ? {} : { slug }),
      ...(name === undefined ? {} : { name_zh: name.zh, name_en: name.en }),
      ...(description === undefined
        ? {}
        : { description_zh: description?.zh ?? null, description_en: description?.en ?? null }),
      updated_at: now,
    })
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

export interface FunctionVersionChanges {
  features?: FeatureTag[] | undefined;
  facts?: FunctionFacts | undefined;
  plannedLaunch?: string | null | undefined;
  launchedOn?: string | undefined;
}

export async function updateVersion(
  tx: Tx,
  { id, version }: { id: string; version: number },
  { features, facts, plannedLaunch, launchedOn }: FunctionVersionChanges,
): Promise<void> {
  const columns = {
    ...(features === undefined ? {} : { features }),
    ...(facts === undefined ? {} : { facts: JSON.stringify(facts) }),
    ...(plannedLaunch === undefined ? {} : { planned_launch: plannedLaunch }),
    ...(launchedOn === undefined ? {} : { launched_on: launchedOn }),
  };
  if (Object.keys(columns).length === 0) return;
  await tx
    .withTables<RegisterTables>()
    .updateTable('function_version')
    .set(columns)
    .where('function_id', '=', id)
    .where('version', '=', version)
    .execute();
}

export async function setFunctionState(
  tx: Tx,
  id: string,
  to: { state: FunctionState; version: number; withdrawn?: { on: string; reason: string } },
  now: Date,
): Promise<void> {
  const { state, version, withdrawn } = to;
  await tx
    .withTables<RegisterTables>()
    .updateTable('service_function')
    .set({
      state,
      version,
      ...(withdrawn ? { withdrawn_on: withdrawn.on, withdrawn_reason: withdrawn.reason } : {}),
      updated_at: now,
    })
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

export interface VersionListQuery {
  before: number | undefined;
  limit: number;
}

export function listVersions(tx: Tx, id: string, { before, limit }: VersionListQuery) {
  let query = tx
    .withTables<RegisterTables>()
    .selectFrom('function_version')
    .leftJoin('person', 'person.id', 'function_version.person_id')
    .leftJoin('api_key', 'api_key.id', 'function_version.key_id')
    .select(['version', 'features', 'facts', 'reason', 'planned_launch', 'launched_on', 'made_at'])
    .select(sql<string | null>`coalesce(person.name, api_key.name)`.as('by'))
    .where('function_id', '=', id)
    .orderBy('version', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('version', '<', before);
  return query.execute();
}

/** Every version of a function, oldest first. */
export function allVersions(tx: Tx, id: string) {
  return tx
    .withTables<RegisterTables>()
    .selectFrom('function_version')
    .select(['version', 'features', 'facts', 'planned_launch', 'launched_on'])
    .where('function_id', '=', id)
    .orderBy('version')
    .execute();
}
