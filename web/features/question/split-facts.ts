import type { Facts } from '../../../src/contract/facts.ts';
import type { FunctionFacts, ServiceChanges, ServiceFacts } from '../../../src/contract/register.ts';
import { sendable, tidy } from './facts-table.ts';

/** Of what was said on the page, what a function keeps. */
export function functionFactsOf(facts: Facts): FunctionFacts {
  const {
    opinionOrMobilisation,
    isGenerator,
    usesNewTech,
    materialChange,
    criticalImpact,
    editsBiometrics,
    touchesNationalSecurityScene,
    realisticOutput,
  } = facts;
  return sendable({
    opinionOrMobilisation,
    isGenerator,
    usesNewTech,
    materialChange,
    criticalImpact,
    editsBiometrics,
    touchesNationalSecurityScene,
    realisticOutput,
  });
}

/** What belongs to the service, whatever is launched. */
export function serviceFactsOf(facts: Facts): ServiceFacts {
  const { offeredToPublic, hostsUserContent, isPropagator, isNewsService, isAppStore, isApiProvider, euDesignation } =
    facts;
  return sendable({
    offeredToPublic,
    hostsUserContent,
    isPropagator,
    isNewsService,
    isAppStore,
    isApiProvider,
    euDesignation,
  });
}

/** What a service keeps when it is itself what launches. */
export function allServiceFactsOf(facts: Facts): ServiceFacts {
  const { opinionOrMobilisation, isGenerator } = facts;
  return { ...serviceFactsOf(facts), ...tidy({ opinionOrMobilisation, isGenerator }) };
}

/** What a service learns while one of its functions is planned; null when nothing new was said about it. */
export function learnedAbout(
  service: { facts: ServiceFacts; jurisdictions: Facts['jurisdictions'] | null },
  facts: Facts,
): ServiceChanges | null {
  const said = { ...serviceFactsOf(facts), ...deniedOf(service.facts, facts) };
  const places = facts.jurisdictions;
  const newPlaces = places !== undefined && JSON.stringify(places) !== JSON.stringify(service.jurisdictions);
  const newFacts = Object.keys(said).length > 0;
  if (!newPlaces && !newFacts) return null;
  return {
    ...(newFacts && { facts: { ...service.facts, ...said } }),
    ...(newPlaces && { jurisdictions: places }),
  };
}

/** Facts that service and function both have: a "no" was said of the two together, and the register takes one of a function for it alone. */
function deniedOf(known: ServiceFacts, { isGenerator, opinionOrMobilisation }: Facts): ServiceFacts {
  return {
    ...(isGenerator === false && known.isGenerator === undefined && { isGenerator }),
    ...(opinionOrMobilisation === false && known.opinionOrMobilisation === undefined && { opinionOrMobilisation }),
  };
}
