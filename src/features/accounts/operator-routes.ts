import { z } from 'zod';
import * as contract from '../../contract/accounts.ts';
import { Problem } from '../../contract/problem.ts';
import { stepOut } from '../../platform/database/database.ts';
import { type Caller, type Endpoint, endpoint } from '../../platform/http/endpoint.ts';
import { listOrganisations } from './members-store.ts';
import { inviteFirstAgain, openOrganisation } from './organisations.ts';

const ofOperators = { tag: 'accounts', access: 'person' } as const;

/** For operators of the installation, whichever organisation they are in: outside of row-level security. */
export function operatorEndpoints({ publicUrl }: { publicUrl: string }): Endpoint[] {
  return [
    endpoint({
      ...ofOperators,
      method: 'GET',
      path: '/api/v1/organisations',
      summary: 'Every organisation of the installation, for its operators',
      answer: contract.organisationsSchema,
      handle: async ({ tx, caller }) => {
        refuseOthers(caller);
        return { items: await stepOut(tx, () => listOrganisations(tx)), next: null };
      },
    }),
    endpoint({
      ...ofOperators,
      method: 'POST',
      path: '/api/v1/organisations',
      summary: 'Make an organisation and the invitation of its first administrator, for operators of the installation',
      body: contract.openOrganisationSchema,
      answer: contract.openedOrganisationSchema,
      status: 201,
      handle: (call) => {
        refuseOthers(call.caller);
        return stepOut(call.tx, () => openOrganisation(call, call.body, publicUrl));
      },
    }),
    endpoint({
      ...ofOperators,
      method: 'POST',
      path: '/api/v1/organisations/{id}/first-administrator-link',
      summary:
        'Invite the first administrator again, while the organisation has none; what was sent before works no more',
      params: z.object({ id: z.uuid() }),
      body: contract.firstAdministratorSchema,
      answer: contract.issuedLinkSchema,
      status: 201,
      handle: (call) => {
        refuseOthers(call.caller);
        return stepOut(call.tx, () => inviteFirstAgain(call, call.params.id, call.body.email, publicUrl));
      },
    }),
  ];
}

function refuseOthers({ grants }: Caller): void {
  if (!grants.has('operator')) {
    throw new Problem('operators-only', 'This is for operators of the installation.', { status: 403 });
  }
}
