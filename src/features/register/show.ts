import type { Company } from '../../contract/company.ts';
import type { NameIn } from '../../contract/fields.ts';
import type { Happening } from '../../contract/happenings.ts';
import type { FunctionVersion, NotedFigure, Service, ServiceFunction } from '../../contract/register.ts';
import type { readCompany } from './company-store.ts';
import type { FunctionRow, listVersions } from './functions-store.ts';
import type { HappeningRow } from './happenings-store.ts';
import type { listFigures, ServiceRow } from './services-store.ts';

/** Rows as the contract shows them. */

export function showCompany(row: NonNullable<Awaited<ReturnType<typeof readCompany>>>): Company {
  return {
    revision: row.revision,
    kind: row.kind,
    name: { zh: row.name_zh, en: row.name_en },
    uscc: row.uscc,
    placeOfRegistration: row.place_of_registration,
    operationsPlace: row.operations_place,
    contacts: row.contacts,
    licences: row.licences,
    updatedAt: row.updated_at.toISOString(),
  };
}

export function showService(row: NonNullable<ServiceRow>): Service {
  return {
    id: row.id,
    revision: row.revision,
    slug: row.slug,
    name: { zh: row.name_zh, en: row.name_en },
    type: row.type,
    addresses: row.addresses,
    description: showText(row.description_zh, row.description_en),
    jurisdictions: row.jurisdictions,
    features: row.features,
    facts: row.facts,
    state: row.state,
    plannedLaunch: row.planned_launch,
    launchedOn: row.launched_on,
    withdrawnOn: row.withdrawn_on,
    withdrawnReason: row.withdrawn_reason,
    figures: row.figures ?? {},
    functions: Number(row.functions ?? 0),
    updatedAt: row.updated_at.toISOString(),
  };
}

export function showFunction(row: FunctionRow): ServiceFunction {
  return {
    id: row.id,
    revision: row.revision,
    service: showServiceName(row),
    slug: row.slug,
    name: { zh: row.name_zh, en: row.name_en },
    description: showText(row.description_zh, row.description_en),
    features: row.features,
    facts: row.facts,
    version: row.version,
    state: row.state,
    plannedLaunch: row.planned_launch,
    launchedOn: row.launched_on,
    withdrawnOn: row.withdrawn_on,
    withdrawnReason: row.withdrawn_reason,
    updatedAt: row.updated_at.toISOString(),
  };
}

export function showVersion(row: Awaited<ReturnType<typeof listVersions>>[number]): FunctionVersion {
  return {
    version: row.version,
    features: row.features,
    facts: row.facts,
    reason: row.reason,
    plannedLaunch: row.planned_launch,
    launchedOn: row.launched_on,
    madeAt: row.made_at.toISOString(),
    madeBy: row.by,
  };
}

export function showFigure(row: Awaited<ReturnType<typeof listFigures>>[number]): NotedFigure {
  return {
    id: row.id,
    kind: row.kind,
    value: row.value,
    asOf: row.as_of,
    notedAt: row.noted_at.toISOString(),
    notedBy: row.by,
  };
}

export function showHappening(row: HappeningRow): Happening {
  const { id, kind, details, note } = row;
  return {
    id,
    service: showServiceName(row),
    kind,
    on: row.happened_on,
    incident: kind === 'incident' ? details : null,
    notice: kind === 'authority-notice' ? details : null,
    note,
    recordedAt: row.recorded_at.toISOString(),
    recordedBy: row.by,
    settledAt: row.settled_at?.toISOString() ?? null,
    settledReason: row.settled_reason,
  };
}

interface WithService {
  service_id: string;
  service_slug: string;
  service_name_zh: string | null;
  service_name_en: string | null;
}

function showServiceName(row: WithService): { id: string; slug: string; name: NameIn } {
  return {
    id: row.service_id,
    slug: row.service_slug,
    name: { zh: row.service_name_zh, en: row.service_name_en },
  };
}

function showText(zh: string | null, en: string | null): NameIn | null {
  return zh === null && en === null ? null : { zh, en };
}
