import type { Facts } from '../../contract/facts.ts';
import type { Occasion } from '../../contract/gate.ts';
import type { Happening } from '../../contract/happenings.ts';
import type { Service, ServiceFunction } from '../../contract/register.ts';
import { type AskedFunction, mergeFacts } from '../../engine/register/merge-facts.ts';
import type { Tx } from '../../platform/database/database.ts';
import { findFunction } from './functions.ts';
import { allVersions, liveFunctions } from './functions-store.ts';
import { listHappenings } from './happenings-store.ts';
import { findService } from './services.ts';
import { showFunction, showHappening } from './show.ts';

/** A service, one of its functions perhaps, and everything that is stored about them. */
export interface Stored {
  service: Service;
  asked: (ServiceFunction & { versions: StoredVersion[] }) | null;
  /** Functions that are not withdrawn, without the one that is asked about. */
  others: ServiceFunction[];
  /** Those that nobody settled, oldest first, at most `mostHappenings`. */
  happenings: Happening[];
  /** There are more. */
  hasMoreHappenings: boolean;
}

export type StoredVersion = Omit<AskedFunction, 'slug'> & { version: number; launched: boolean };

/** More open happenings than this are a list to be worked through, not an answer. */
export const mostHappenings = 50;

/** In a constant number of queries. Throws `service-unknown`, `function-unknown`. */
export async function readStored(tx: Tx, service: string, functionRef: string | null): Promise<Stored> {
  const found = await findService(tx, service);
  const one = functionRef === null ? null : await findFunction(tx, functionRef, found.id);
  const others = (await liveFunctions(tx, found.id)).map(showFunction).filter(({ id }) => id !== one?.id);
  const versions = one ? await allVersions(tx, one.id) : [];
  const open = await listHappenings(tx, found.id, { after: undefined, limit: mostHappenings + 1, open: true });
  return {
    service: found,
    asked: one && {
      ...one,
      versions: versions.map(({ version, features, facts, planned_launch, launched_on }) => ({
        version,
        features,
        facts,
        day: launched_on ?? planned_launch,
        launched: launched_on !== null,
      })),
    },
    others,
    happenings: open.slice(0, mostHappenings).map(showHappening).toReversed(),
    hasMoreHappenings: open.length > mostHappenings,
  };
}

export interface Moment {
  occasion: Occasion;
  facts: Facts;
}

/**
 * Every moment at which an assessment of what is asked about may have become due: each version that was launched and the current one,
 * or the launch of the service; then what befell the service.
 */
export function momentsOf(stored: Stored): Moment[] {
  const { service, asked, happenings } = stored;
  const own: Moment[] = asked
    ? asked.versions
        .filter(({ version, launched }) => launched || version === asked.version)
        .map(({ version, day }) => {
          const event = version === 1 ? 'add-function' : 'change-function';
          const occasion: Occasion = { kind: 'function-version', event, version, happening: null, on: day };
          return { occasion, facts: factsAt(stored, { event, version }) };
        })
    : [
        {
          occasion: {
            kind: 'service-launch',
            event: 'launch-service',
            version: null,
            happening: null,
            on: service.launchedOn ?? service.plannedLaunch,
          },
          facts: factsAt(stored, { event: 'launch-service' }),
        },
      ];
  // It befell the service with all its functions, the one that is asked about among them.
  const whole: Stored = { ...stored, asked: null, others: asked ? [...stored.others, asked] : stored.others };
  const befell = happenings.map((happening): Moment => {
    const { id, kind, on } = happening;
    const occasion: Occasion = { kind: 'happening', event: kind, version: null, happening: id, on };
    return { occasion, facts: factsAt(whole, { event: kind, happening }) };
  });
  return [...own, ...befell];
}

function factsAt(
  stored: Stored,
  { event, version, happening = null }: { event: Occasion['event']; version?: number; happening?: Happening | null },
): Facts {
  return mergeStored(stored, { event, version, happening, overrides: {} }).facts;
}

/**
 * Beside a function that is asked about stands what runs. A service goes online with all that it has, but what is planned for one that is
 * online already was no part of that, and has a gate of its own.
 */
function beside({ service, asked, others }: Stored): ServiceFunction[] {
  if (asked) return others.filter(({ launchedOn }) => launchedOn !== null);
  return service.launchedOn === null ? others : others.filter(({ state }) => state !== 'planned');
}

/** The stored facts at one moment, with what the question takes instead. */
export function mergeStored(
  stored: Stored,
  moment: {
    event: Occasion['event'];
    /** The current one when left out. */
    version?: number | undefined;
    happening: Happening | null;
    overrides: Facts;
  },
): ReturnType<typeof mergeFacts> {
  const { service, asked } = stored;
  const { event, happening, overrides } = moment;
  const content = asked?.versions.find(({ version }) => version === (moment.version ?? asked.version));
  return mergeFacts({
    service,
    asked: asked && content ? { slug: asked.slug, ...content } : null,
    others: beside(stored),
    event,
    happening,
    overrides,
  });
}
