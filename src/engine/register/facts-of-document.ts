import type { Facts } from '../../contract/facts.ts';
import type { FunctionDocument, ServiceDocument } from '../../contract/register-document.ts';
import { mergeFacts } from './merge-facts.ts';

/** What a `clearmirror.yaml` says of a service, or of one of its functions, at its launch. What it leaves out is unknown. */
export function factsOfDocument(service: ServiceDocument, one: FunctionDocument | null): Facts {
  const { facts } = mergeFacts({
    service: {
      features: service.features ?? null,
      facts: service.facts ?? {},
      jurisdictions: service.jurisdictions ?? null,
      figures: newestFigures(service),
      launchedOn: service.launchedOn ?? null,
      plannedLaunch: service.plannedLaunch ?? null,
    },
    asked: one && { ...partOf(one), day: one.launchedOn ?? one.plannedLaunch ?? null },
    others: (service.functions ?? []).filter((other) => other !== one).map(partOf),
    event: one ? 'add-function' : 'launch-service',
    happening: null,
    overrides: {},
  });
  return facts;
}

function partOf({ slug, features, facts }: FunctionDocument) {
  return { slug, features, facts: facts ?? {} };
}

function newestFigures({ figures = [] }: ServiceDocument) {
  const oldestFirst = figures.toSorted((one, other) => one.asOf.localeCompare(other.asOf));
  return Object.fromEntries(oldestFirst.map(({ kind, value, asOf }) => [kind, { value, asOf }]));
}
