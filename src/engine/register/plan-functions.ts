import type { NewFunction } from '../../contract/register.ts';
import type { FunctionDocument } from '../../contract/register-document.ts';
import { diffFields } from './diff.ts';
import { withoutUndefined } from './named.ts';
import type { PlanWish, RegisteredFunction } from './registered.ts';
import type { Obstacle, Step } from './steps.ts';
import { tidy } from './tidy.ts';

interface FunctionsPlan {
  steps: Step[];
  obstacles: Obstacle[];
}

/** What has to be done to the functions of one service. A document that does not name functions leaves them alone. */
export function planFunctions(
  service: string,
  wanted: readonly FunctionDocument[] | undefined,
  before: readonly RegisteredFunction[],
  path: (string | number)[],
  wish: PlanWish,
): FunctionsPlan {
  if (!wanted) return { steps: [], obstacles: [] };
  const plans = wanted
    .map((one, index) => ({ one: tidy(one), index }))
    .sort((left, right) => (left.one.slug < right.one.slug ? -1 : 1))
    .map(({ one, index }): FunctionsPlan => {
      const place = [...path, index];
      if (wanted.findIndex(({ slug }) => slug === one.slug) < index) {
        const params = { slug: one.slug };
        return { steps: [], obstacles: [{ code: 'slug-twice', path: [...place, 'slug'], params }] };
      }
      const known = before.find(({ slug }) => slug === one.slug);
      const plan = known ? planKnown(service, one, known, place) : planNew(service, one, place);
      const launch = planLaunch(service, one, known, place, wish);
      return { steps: [...plan.steps, ...launch.steps], obstacles: [...plan.obstacles, ...launch.obstacles] };
    });
  const gone = wish.prune ? before.filter(({ slug }) => !wanted.some((one) => one.slug === slug)) : [];
  return {
    steps: [
      ...plans.flatMap(({ steps }) => steps),
      ...gone.map(({ slug }): Step => ({ do: 'withdraw-function', service, function: slug })),
    ],
    obstacles: plans.flatMap(({ obstacles }) => obstacles),
  };
}

function planNew(service: string, one: FunctionDocument, path: (string | number)[]): FunctionsPlan {
  // The first version is an addition, and an addition is asked about as such: nobody enters as a change.
  if ((one.version ?? 1) !== 1) return only({ code: 'version-starts-at-1', path: [...path, 'version'], params: {} });
  const { slug, name, description = null, features, facts = {}, plannedLaunch = null } = one;
  const fields: NewFunction = { slug, name, description, features, facts, plannedLaunch };
  return { steps: [{ do: 'add-function', service, function: slug, fields }], obstacles: [] };
}

function planKnown(
  service: string,
  one: FunctionDocument,
  before: RegisteredFunction,
  path: (string | number)[],
): FunctionsPlan {
  const { slug, version = before.version, reason, facts, launchedOn: _launchedOn, ...rest } = one;
  const place = [...path, 'version'];
  if (version < before.version) {
    return only({ code: 'version-behind', path: place, params: { version: before.version } });
  }
  if (version > before.version + 1) {
    return only({ code: 'version-skips', path: place, params: { version: before.version + 1 } });
  }
  const isNew = version > before.version;
  if (isNew && (reason === undefined || facts === undefined)) {
    return only({ code: 'version-needs-more', path: place, params: { version } });
  }
  const ofVersion = ['features', 'plannedLaunch'];
  const ownFields = Object.fromEntries(
    Object.entries(withoutUndefined(rest)).filter(([name]) => !isNew || !ofVersion.includes(name)),
  );
  const fields = { ...ownFields, ...(isNew || facts === undefined ? {} : { facts }) };
  const changes = diffFields(before, fields);
  const fixed = before.fixed && changes.some(({ field }) => field === 'features' || field.startsWith('facts'));
  if (fixed) {
    return only({ code: 'facts-fixed', path: [...path, 'features'], params: { version: before.version + 1 } });
  }
  const steps: Step[] =
    changes.length === 0 ? [] : [{ do: 'change-function', service, function: slug, fields, changes }];
  if (isNew && reason !== undefined && facts !== undefined) {
    const content = { reason, features: one.features, facts, plannedLaunch: one.plannedLaunch ?? null };
    const differences = diffFields({ ...before, reason: null }, { version, ...content });
    steps.push({ do: 'new-version', service, function: slug, content, changes: differences });
  }
  return { steps, obstacles: [] };
}

function planLaunch(
  service: string,
  { slug, launchedOn: on, version, plannedLaunch: _planned }: FunctionDocument,
  before: RegisteredFunction | undefined,
  path: (string | number)[],
  { latestDay }: PlanWish,
): FunctionsPlan {
  if (on === undefined) return { steps: [], obstacles: [] };
  const place = [...path, 'launchedOn'];
  if (on > latestDay) return only({ code: 'day-in-future', path: place, params: { day: on } });
  const isNewVersion = before === undefined || (version ?? before.version) > before.version;
  if (isNewVersion || before.state !== 'launched') {
    // The date of the version before, left standing when the version was raised.
    const last = before?.lastLaunchedOn ?? null;
    if (last !== null && on <= last) return only({ code: 'launched-before', path: place, params: { day: last } });
    return { steps: [{ do: 'launch-function', service, function: slug, on }], obstacles: [] };
  }
  if (before.launchedOn === on) return { steps: [], obstacles: [] };
  return only({ code: 'launched-on-another-day', path: place, params: { day: before.launchedOn ?? '' } });
}

function only(obstacle: Obstacle): FunctionsPlan {
  return { steps: [], obstacles: [obstacle] };
}
