import type { Facts } from '../../../src/contract/facts.ts';
import type { NameIn } from '../../../src/contract/fields.ts';
import type { NewHappening } from '../../../src/contract/happenings.ts';
import type { ServiceFunction, serviceTypes } from '../../../src/contract/register.ts';
import {
  addFunction,
  addHappening,
  addService,
  changeFunction,
  changeService,
  moveFunction,
  noteFigure,
} from '../../api/register.ts';
import { typed } from '../../ui/typed.ts';
import { figureNames, readWhen } from './facts-table.ts';
import { allServiceFactsOf, functionFactsOf, learnedAbout } from './split-facts.ts';
import type { Subject } from './subject.ts';

/** What can be kept of this question, if anything. */
export type Keep =
  | { what: 'new-function' | 'planned-function' | 'new-version' | 'happening' | 'planned-service'; service: string }
  | { what: 'new-service' }
  | { what: 'needs-service' }
  | { what: 'nothing' };

export function whatToKeep({ service, function: own }: Subject, { event }: Facts): Keep {
  if (event === 'launch-service') {
    if (!service) return { what: 'new-service' };
    return service.state === 'planned' && !own
      ? { what: 'planned-service', service: service.slug }
      : { what: 'nothing' };
  }
  if (event === 'add-function' || event === 'change-function') {
    if (!service) return { what: 'needs-service' };
    if (!own) return event === 'add-function' ? { what: 'new-function', service: service.slug } : { what: 'nothing' };
    return own.state === 'launched'
      ? { what: 'new-version', service: service.slug }
      : { what: 'planned-function', service: service.slug };
  }
  const isHappening = event === 'incident' || event === 'authority-notice' || event === 'user-growth';
  if (!isHappening) return { what: 'nothing' };
  return service ? { what: 'happening', service: service.slug } : { what: 'needs-service' };
}

export interface Said {
  zh?: string;
  en?: string;
  slug?: string;
  type?: (typeof serviceTypes)[number];
  reason?: string;
}

/** Keeps it, and what was learned about the service on the way. Gives back where to look at it. */
export async function keep(subject: Subject, facts: Facts, kept: Keep, said: Said): Promise<string> {
  const at = await keepMain(subject, facts, kept, said);
  const { service } = subject;
  const slug = service?.slug ?? said.slug;
  if (service && kept.what !== 'planned-service') {
    const learned = learnedAbout(service, facts);
    if (learned) await changeService(service.slug, { revision: service.revision, ...learned });
  }
  if (slug !== undefined) {
    for (const kind of figureNames) {
      const figure = facts[kind];
      if (figure) await noteFigure(slug, { kind, ...figure });
    }
  }
  return at;
}

async function keepMain(subject: Subject, facts: Facts, kept: Keep, said: Said): Promise<string> {
  const own = subject.function;
  const plannedLaunch = facts.plannedAt?.slice(0, 10) ?? null;
  const features = facts.features ?? [];
  switch (kept.what) {
    case 'new-function': {
      const { slug = '' } = said;
      const body = {
        slug,
        name: nameOf(said),
        description: null,
        features,
        facts: functionFactsOf(facts),
        plannedLaunch,
      };
      const { id } = await addFunction(kept.service, body);
      return `/services/${kept.service}#function-${id}`;
    }
    case 'planned-function': {
      const { id, revision } = needed(own);
      await changeFunction(id, { revision, features, facts: functionFactsOf(facts), plannedLaunch });
      return `/services/${kept.service}#function-${id}`;
    }
    case 'new-version': {
      const { id, revision } = needed(own);
      const reason = said.reason ?? '';
      await moveFunction(id, {
        to: 'changed',
        revision,
        reason,
        features,
        facts: functionFactsOf(facts),
        plannedLaunch,
      });
      return `/services/${kept.service}#function-${id}`;
    }
    case 'new-service': {
      const { slug = '', type = 'app' } = said;
      await addService({
        slug,
        name: nameOf(said),
        type,
        addresses: [],
        description: null,
        jurisdictions: facts.jurisdictions ?? null,
        features: facts.features ?? null,
        facts: allServiceFactsOf(facts),
        plannedLaunch,
      });
      return `/services/${slug}`;
    }
    case 'planned-service': {
      const { service } = subject;
      await changeService(kept.service, {
        ...(service && { revision: service.revision, facts: { ...service.facts, ...allServiceFactsOf(facts) } }),
        ...(facts.features && { features: facts.features }),
        ...(facts.jurisdictions && { jurisdictions: facts.jurisdictions }),
        ...(plannedLaunch !== null && { plannedLaunch }),
      });
      return `/services/${kept.service}`;
    }
    case 'happening': {
      await addHappening(kept.service, happeningOf(facts, said.reason ?? null));
      return `/services/${kept.service}#happenings`;
    }
    case 'needs-service':
    case 'nothing':
      throw new Error(`nothing to keep: ${kept.what}`);
  }
}

function happeningOf(facts: Facts, note: string | null): NewHappening {
  const on = readWhen(facts) ?? new Date().toISOString().slice(0, 10);
  if (facts.event === 'incident') {
    const { illegalSpread, controlsInsufficient } = facts.incident ?? {};
    return { kind: 'incident', on, illegalSpread, controlsInsufficient, note };
  }
  if (facts.event === 'authority-notice') {
    const { issuer, name, level } = facts.authorityNotice ?? {};
    return { kind: 'authority-notice', on, issuer, name, level, note };
  }
  return { kind: 'user-growth', on: facts.registeredUsers?.asOf ?? facts.mau?.asOf ?? facts.dau?.asOf ?? on, note };
}

function nameOf({ zh, en }: Said): NameIn {
  return { zh: typed(zh), en: typed(en) };
}

function needed(own: ServiceFunction | null): ServiceFunction {
  if (!own) throw new Error('a function is needed for this');
  return own;
}
