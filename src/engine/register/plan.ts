import { createHash } from 'node:crypto';
import type { CompanyFields } from '../../contract/company.ts';
import type { NewService } from '../../contract/register.ts';
import type { PlanItem, RegisterDocument, RegisterPlan, ServiceDocument } from '../../contract/register-document.ts';
import { canonical, diffFields, isSame } from './diff.ts';
import { withoutUndefined } from './named.ts';
import { planFunctions } from './plan-functions.ts';
import type { PlanWish, Registered, RegisteredService } from './registered.ts';
import { type Obstacle, type Step, showStep } from './steps.ts';
import { tidy } from './tidy.ts';
import { findUsccFault } from './uscc.ts';

export interface Planned {
  steps: Step[];
  obstacles: Obstacle[];
  items: PlanItem[];
  hash: RegisterPlan['hash'];
}

/**
 * What has to be done so that the register says what the document says. The order of the document does not matter. Nothing may be done
 * while there are obstacles.
 */
export function planRegister(document: RegisterDocument, now: Registered, wish: PlanWish): Planned {
  const plans = [planCompany(document, now), ...planServices(document, now, wish)];
  const steps = plans.flatMap((plan) => plan.steps);
  const obstacles = plans.flatMap((plan) => plan.obstacles);
  const revisions = [now.company?.revision, ...now.services.flatMap(revisionsOf)];
  const hash = createHash('sha256')
    .update(canonical([steps, wish.prune, revisions]))
    .digest('hex');
  return { steps, obstacles, items: steps.map(showStep), hash };
}

/** Every edit moves one of these, so a plan holds only upon what it was made. */
function revisionsOf({ slug, revision, functions }: RegisteredService): unknown[] {
  return [slug, revision, ...functions.map((one) => [one.slug, one.revision])];
}

interface PartPlan {
  steps: Step[];
  obstacles: Obstacle[];
}

function planCompany({ company }: RegisterDocument, now: Registered): PartPlan {
  if (!company) return { steps: [], obstacles: [] };
  const fault = company.uscc ? findUsccFault(company.uscc) : null;
  if (fault) {
    return { steps: [], obstacles: [{ code: 'uscc-wrong', path: ['company', 'uscc'], params: { ...fault } }] };
  }
  const before = now.company ?? nothingYet;
  const { revision: _revision, ...fieldsBefore } = { revision: 0, ...before };
  const fields: CompanyFields = { ...fieldsBefore, ...withoutUndefined(company) };
  // A natural person has no code: one who was a unit loses it.
  if (fields.kind === 'person') fields.uscc = null;
  if (now.company && isSame(fieldsBefore, fields)) return { steps: [], obstacles: [] };
  const changes = diffFields(now.company ? fieldsBefore : {}, fields);
  return { steps: [{ do: 'write-company', isNew: now.company === null, fields, changes }], obstacles: [] };
}

const nothingYet: CompanyFields = {
  kind: 'unit',
  name: { zh: null, en: null },
  uscc: null,
  placeOfRegistration: null,
  operationsPlace: null,
  contacts: [],
  licences: [],
};

function planServices({ services }: RegisterDocument, now: Registered, wish: PlanWish): PartPlan[] {
  if (!services) return [];
  const named = services
    .map((service, index) => ({ service, index }))
    .sort((one, other) => (one.service.slug < other.service.slug ? -1 : 1));
  const missing = now.services.filter(({ slug }) => !services.some((service) => service.slug === slug));
  return [
    ...named.map(({ service, index }) => {
      const path = ['services', index];
      if (services.findIndex(({ slug }) => slug === service.slug) < index) return slugTwice(path, service.slug);
      const before = now.services.find(({ slug }) => slug === service.slug) ?? null;
      return planService(tidy(service), before, path, wish);
    }),
    ...(wish.prune
      ? missing.map(({ slug }): PartPlan => ({ steps: [{ do: 'withdraw-service', service: slug }], obstacles: [] }))
      : []),
  ];
}

function planService(
  service: ServiceDocument,
  before: RegisteredService | null,
  path: (string | number)[],
  wish: PlanWish,
): PartPlan {
  // How to reach it for a test is the document's own: the register does not keep it.
  const { slug, launchedOn, figures = [], functions, target: _target, ...given } = service;
  const fields = withoutUndefined(given);
  const head: Step[] = before ? changeService(slug, before, fields) : [addService(slug, fields)];
  const launch = planLaunch(slug, launchedOn, before, path, wish);
  const noted = figures
    .filter((figure) => !before?.figures.some((known) => isSame(known, figure)))
    .sort((one, other) => (canonical(one) < canonical(other) ? -1 : 1));
  const below = planFunctions(slug, functions, before?.functions ?? [], [...path, 'functions'], wish);
  const doubled = figures.findIndex(
    ({ kind, asOf }, index) => figures.findIndex((other) => other.kind === kind && other.asOf === asOf) < index,
  );
  return {
    steps: [
      ...head,
      ...launch.steps,
      ...noted.map((figure): Step => ({ do: 'note-figure', service: slug, figure })),
      ...below.steps,
    ],
    obstacles: [
      ...launch.obstacles,
      ...(doubled < 0 ? [] : [{ code: 'figure-twice' as const, path: [...path, 'figures', doubled], params: {} }]),
      ...below.obstacles,
    ],
  };
}

function addService(slug: string, given: Pick<NewService, 'name' | 'type'> & Partial<NewService>): Step {
  const empty = { addresses: [], description: null, jurisdictions: null, features: null, facts: {} };
  const fields: NewService = { ...empty, plannedLaunch: null, ...given, slug };
  return { do: 'add-service', service: slug, fields };
}

function changeService(slug: string, before: RegisteredService, given: Partial<NewService>): Step[] {
  const changes = diffFields(before, given);
  return changes.length === 0 ? [] : [{ do: 'change-service', service: slug, fields: given, changes }];
}

function planLaunch(
  slug: string,
  on: string | undefined,
  before: RegisteredService | null,
  path: (string | number)[],
  { latestDay }: PlanWish,
): PartPlan {
  const nothing = { steps: [], obstacles: [] };
  if (on === undefined) return nothing;
  const place = [...path, 'launchedOn'];
  if (on > latestDay) return { steps: [], obstacles: [{ code: 'day-in-future', path: place, params: { day: on } }] };
  if (before === null || before.state === 'planned') {
    return { steps: [{ do: 'launch-service', service: slug, on }], obstacles: [] };
  }
  if (before.launchedOn === on) return nothing;
  const params = { day: before.launchedOn ?? '' };
  return { steps: [], obstacles: [{ code: 'launched-on-another-day', path: place, params }] };
}

function slugTwice(path: (string | number)[], slug: string): PartPlan {
  return { steps: [], obstacles: [{ code: 'slug-twice', path: [...path, 'slug'], params: { slug } }] };
}
