import { type FactName, type Facts, type FeatureTag, factNames } from '../../contract/facts.ts';
import type { FactSource } from '../../contract/gate.ts';
import type { Happening } from '../../contract/happenings.ts';
import type { FunctionFacts, Service } from '../../contract/register.ts';
import { readFact } from '../rulebooks/facts.ts';
import { tidyFeatures } from './tidy.ts';

export interface AskedFunction {
  slug: string;
  features: FeatureTag[];
  facts: FunctionFacts;
  /** When this version was launched, or is to be. */
  day: string | null;
}

export interface StoredFacts {
  service: Pick<Service, 'features' | 'facts' | 'jurisdictions' | 'figures' | 'launchedOn' | 'plannedLaunch'>;
  /** The version that is asked about; null when the service itself is. */
  asked: AskedFunction | null;
  /** Its other functions: those that run when a function is asked about, all that are not withdrawn when the service is. */
  others: readonly Omit<AskedFunction, 'day'>[];
  event: NonNullable<Facts['event']>;
  happening: Pick<Happening, 'kind' | 'on' | 'incident' | 'notice'> | null;
  /** Taken instead of what is stored. */
  overrides: Facts;
}

/** What is known of a service at one moment, and where each fact comes from. What nobody said is left out: unknown. */
export function mergeFacts(stored: StoredFacts): { facts: Facts; sources: FactSource[] } {
  const parts = [...serviceParts(stored), ...functionParts(stored), momentPart(stored)];
  const merged: Facts = Object.assign({}, ...parts.map((part) => part.facts));
  const { features, from } = mergeFeatures(stored);
  const known: Facts = { ...merged, ...eitherSays(stored), ...(features ? { features } : {}) };
  const facts = overrideFacts(known, stored.overrides);
  const sources = factNames
    .filter((fact) => readFact(facts, fact) !== null)
    .flatMap((fact): FactSource[] => {
      if (readFact(stored.overrides, fact) !== null) return [{ fact, from: 'question', function: null }];
      if (fact === 'features') return from;
      const saying = parts.filter(
        (part) => readFact(part.facts, fact) === readFact(facts, fact) || isListOrFigure(part, fact),
      );
      return saying.slice(-1).map(({ from: origin, function: slug }) => ({ fact, from: origin, function: slug }));
    });
  return { facts, sources };
}

interface Part {
  facts: Facts;
  from: FactSource['from'];
  function: string | null;
}

function isListOrFigure(part: Part, fact: FactName): boolean {
  const value = readFact(part.facts, fact);
  return typeof value === 'object' && value !== null;
}

function serviceParts({ service }: StoredFacts): Part[] {
  const { facts, jurisdictions, figures } = service;
  return [
    { facts: { ...facts, ...(jurisdictions ? { jurisdictions } : {}) }, from: 'service', function: null },
    { facts: figures, from: 'figure', function: null },
  ];
}

/** Of a function that is asked about, its facts. Of a service that is asked about, what all its functions make of it. */
function functionParts({ asked, others }: StoredFacts): Part[] {
  if (asked) return [{ facts: asked.facts, from: 'function', function: asked.slug }];
  return ofAllFunctions.flatMap((fact): Part[] => {
    const one = others.find(({ facts }) => facts[fact] === true);
    if (one) return [{ facts: { [fact]: true }, from: 'function', function: one.slug }];
    const allDeny = others.length > 0 && others.every(({ facts }) => facts[fact] === false);
    return allDeny ? [{ facts: { [fact]: false }, from: 'function', function: null }] : [];
  });
}

const ofAllFunctions = ['editsBiometrics', 'touchesNationalSecurityScene', 'realisticOutput', 'usesNewTech'] as const;

/** Facts that a service has, too, when one of its functions has them. That a function denies them says nothing of the service. */
const ofEither = ['opinionOrMobilisation', 'isGenerator'] as const;

function eitherSays({ service, asked, others }: StoredFacts): Facts {
  const functions = asked ? [asked] : others;
  return Object.fromEntries(
    ofEither.map((fact) => [fact, functions.some(({ facts }) => facts[fact] === true) ? true : service.facts[fact]]),
  );
}

/** A service offers what its functions offer, and what it says besides. With neither, that is unknown. */
function mergeFeatures({ service, asked, others }: StoredFacts): { features: FeatureTag[] | null; from: FactSource[] } {
  const functions = [...others, ...(asked ? [asked] : [])];
  if (service.features === null && functions.length === 0) return { features: null, from: [] };
  const features = tidyFeatures([...(service.features ?? []), ...functions.flatMap((one) => one.features)]);
  return {
    features,
    from: [
      ...(service.features === null ? [] : [{ fact: 'features' as const, from: 'service' as const, function: null }]),
      ...functions.map(({ slug }) => ({ fact: 'features' as const, from: 'function' as const, function: slug })),
    ],
  };
}

function momentPart({ service, asked, event, happening }: StoredFacts): Part {
  const day = asked ? asked.day : (service.launchedOn ?? service.plannedLaunch);
  if (!happening) {
    const from = asked ? 'function' : 'service';
    return { facts: { event, ...(day ? { plannedAt: day } : {}) }, from, function: asked?.slug ?? null };
  }
  const { on, incident, notice } = happening;
  return {
    facts: {
      event,
      ...(incident ? { incident: { ...incident, on } } : {}),
      ...(notice ? { authorityNotice: { ...notice, date: on } } : {}),
    },
    from: 'happening',
    function: null,
  };
}

/** Fact by fact, also within a group: who overrides the date of a notice keeps its issuer. */
function overrideFacts(known: Facts, overrides: Facts): Facts {
  const { materialChange, euDesignation, incident, authorityNotice, removalRequest } = overrides;
  return {
    ...known,
    ...overrides,
    ...(materialChange ? { materialChange: { ...known.materialChange, ...materialChange } } : {}),
    ...(euDesignation ? { euDesignation: { ...known.euDesignation, ...euDesignation } } : {}),
    ...(incident ? { incident: { ...known.incident, ...incident } } : {}),
    ...(authorityNotice ? { authorityNotice: { ...known.authorityNotice, ...authorityNotice } } : {}),
    ...(removalRequest ? { removalRequest: { ...known.removalRequest, ...removalRequest } } : {}),
  };
}
