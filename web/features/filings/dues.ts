import { useQueries } from '@tanstack/react-query';
import type { Gate, GateDue } from '../../../src/contract/gate.ts';
import type { ServiceFunction } from '../../../src/contract/register.ts';
import { gateQuery } from '../../api/register.ts';
import { byUrgency } from '../rulebooks/days-left.ts';

/** Something that is due, and of what. */
export interface DueOf {
  due: GateDue;
  service: Gate['service'];
  function: Gate['function'];
}

export interface Gates {
  gates: Gate[];
  /** Not all of them have answered yet. */
  waiting: boolean;
  error: unknown;
  again: () => void;
}

/** The gate of each service, and of each of its functions whose present version is not withdrawn. */
export function useGates(services: readonly { slug: string }[], functions: readonly ServiceFunction[]): Gates {
  const asked = [
    ...services.map(({ slug }) => gateQuery(slug)),
    ...functions
      .filter(({ state, service }) => state !== 'withdrawn' && services.some(({ slug }) => slug === service.slug))
      .map(({ service, slug }) => gateQuery(service.slug, slug)),
  ];
  return useQueries({
    queries: asked,
    combine: (results) => ({
      gates: results.flatMap(({ data }) => (data ? [data] : [])),
      waiting: results.some(({ isPending }) => isPending),
      error: results.find(({ error }) => error !== null)?.error ?? null,
      again: () => {
        for (const { error, refetch } of results) if (error) void refetch();
      },
    }),
  });
}

/** What is due by these gates, the most urgent first; what two gates say of one occasion stands once. */
export function duesOf(gates: readonly Gate[]): DueOf[] {
  const all = gates.flatMap(({ dues, service, function: own }) =>
    dues.map((due) => ({ due, service, function: due.occasion.kind === 'function-version' ? own : null })),
  );
  const keyed = all.map((one) => [keyOf(one), one] as const);
  return [...new Map(keyed).values()].toSorted((one, other) => byUrgency(one.due.by, other.due.by));
}

/** What somebody must do something about: it is due, and nothing accepted settles it. */
export function isOpen({ due }: DueOf): boolean {
  return due.state === 'due' && !due.settled;
}

/** Reports that the authority wants, not duties that stand as long as the service runs. */
export function isDated({ due }: DueOf): boolean {
  return due.by.kind === 'date' || due.by.kind === 'before-launch' || due.by.kind === 'recurring';
}

function keyOf({ due, service, function: own }: DueOf): string {
  const { version, happening, kind } = due.occasion;
  return [service.id, own?.id, kind, version, happening, due.rulebook, due.due].join(' ');
}
