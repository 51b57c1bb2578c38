import type { FastifyRequest } from 'fastify';
import * as contract from '../../contract/accounts.ts';
import { Problem } from '../../contract/problem.ts';
import { type Endpoint, endpoint } from '../../platform/http/endpoint.ts';
import { identify } from './identify.ts';
import { memberEndpoints } from './member-routes.ts';
import { operatorEndpoints } from './operator-routes.ts';
import { type RouteSetup, signInEndpoints } from './sign-in-routes.ts';
import { savePreferences } from './store.ts';

export function accountEndpoints(setup: RouteSetup): Endpoint[] {
  return [...signInEndpoints(setup), ...ownEndpoints(setup), ...memberEndpoints(setup), ...operatorEndpoints(setup)];
}

function ownEndpoints({ auth, database, now }: RouteSetup): Endpoint[] {
  const me = async (request: FastifyRequest): Promise<contract.Me> => {
    const who = await identify({ auth, database, now }, request);
    if (!who) throw new Problem('sign-in-first', 'Nobody is signed in.', { status: 401 });
    return who.me;
  };
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/me',
      summary: 'Who is asking, for which organisations, with which roles',
      tag: 'accounts',
      access: 'anyone',
      answer: contract.meSchema,
      bare: ({ request }) => me(request),
    }),
    endpoint({
      method: 'PATCH',
      path: '/api/v1/me/preferences',
      summary: "Change one's own settings",
      tag: 'accounts',
      access: 'person',
      body: contract.preferenceChangesSchema,
      answer: contract.preferencesSchema,
      handle: async ({ body, tx, caller }) => {
        const { person } = caller.actor;
        if (person === null) throw new Error('a person was let in without being one');
        return contract.preferencesSchema.parse(await savePreferences(tx, person, body));
      },
    }),
  ];
}
