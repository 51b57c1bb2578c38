import type { Me } from '../../src/contract/accounts.ts';
import type { Entry } from '../features/feature.ts';
import { features } from '../features/features.ts';

/** The lines of the rail that exist for this person in this organisation. */
export function visibleEntries(me: Me): Entry[] {
  const { organisation } = me;
  if (!organisation) return [];
  return features
    .flatMap(({ entries = [] }) => entries)
    .filter(({ kinds }) => kinds.includes(organisation.kind))
    .filter(({ roles }) => roles === undefined || roles.some((role) => me.roles.includes(role)));
}
