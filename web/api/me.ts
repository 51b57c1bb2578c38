import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Me, Organisation, Preferences, Role } from '../../src/contract/accounts.ts';
import { actFor, actingFor } from './acting-for.ts';
import { api, ask } from './api.ts';
import { meKey } from './me-key.ts';
import { ApiProblem } from './problem.ts';

export const meQuery = queryOptions({
  queryKey: meKey,
  queryFn: async (): Promise<Me> => {
    const me = await whoAsks();
    // Nobody chose an organisation on this machine yet, or was removed from the one that was chosen.
    const chosen = me.organisation ?? me.memberships[0]?.organisation ?? null;
    if (me.organisation === null && chosen !== null) {
      actFor(chosen.id);
      return await whoAsks();
    }
    if (me.organisation !== null && actingFor() !== me.organisation.id) actFor(me.organisation.id);
    return me;
  },
  staleTime: 60_000,
});

export interface SignedIn extends Me {
  person: NonNullable<Me['person']>;
}

/** Who is signed in. Inside the frame there is always somebody. */
export function useMe(): SignedIn {
  const { data } = useQuery(meQuery);
  if (!data || !isSignedIn(data)) throw new Error('useMe is for pages inside the frame');
  return data;
}

export function isSignedIn(me: Me): me is SignedIn {
  return me.person !== null;
}

/** Whether this person has one of these roles in the organisation of this tab. */
export function useMay(...roles: Role[]): boolean {
  const me = useMe();
  return roles.some((role) => me.roles.includes(role));
}

/** For a page of which the frame only shows the members of an organisation. */
export function useOrganisation(): Organisation {
  const { organisation } = useMe();
  if (!organisation) throw new Error('this page is for people who act for an organisation');
  return organisation;
}

/** Changes the person's own settings: at once on the page, then on the server; back again if that fails. */
export function useSetPreferences() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<Preferences>) => ask(api.PATCH('/api/v1/me/preferences', { body: change })),
    onMutate: (change) => {
      const before = client.getQueryData(meQuery.queryKey);
      if (before)
        client.setQueryData(meQuery.queryKey, { ...before, preferences: { ...before.preferences, ...change } });
      return before;
    },
    onError: (_error, _change, before) => {
      if (before) client.setQueryData(meQuery.queryKey, before);
    },
  });
}

/** The server refuses to say who nobody is; for the pages that is an answer. */
async function whoAsks(): Promise<Me> {
  try {
    return await ask(api.GET('/api/v1/me'));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return nobody;
    throw error;
  }
}

const nobody: Me = {
  person: null,
  memberships: [],
  organisation: null,
  roles: [],
  preferences: { theme: 'system', blur: true, grey: true, muted: true, tourSeen: false },
};
