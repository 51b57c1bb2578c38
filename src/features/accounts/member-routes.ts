import { z } from 'zod';
import * as contract from '../../contract/accounts.ts';
import { type Endpoint, endpoint } from '../../platform/http/endpoint.ts';
import { whatWasDone } from './deeds.ts';
import { keys, makeKey, revoke } from './keys.ts';
import * as members from './members.ts';

const byId = z.object({ id: z.string().max(100) });
const byUuid = z.object({ id: z.uuid() });
const ofMembers = { tag: 'accounts', access: ['member'] } as const;
const ofAdministrators = { tag: 'accounts', access: ['administrator'] } as const;
const done = (work: Promise<void>) => work.then(() => null);
const withoutAnswer = { answer: z.null(), status: 204 } as const;

/**
 * The people, invitations and keys of an organisation. A key of an administrator may look, and take away; what gives somebody a way in or
 * a right is for people, since it would go on after the key is revoked.
 */
export function memberEndpoints({ publicUrl }: { publicUrl: string }): Endpoint[] {
  return [...peopleEndpoints(publicUrl), ...invitationEndpoints(publicUrl), ...keyEndpoints()];
}

function peopleEndpoints(publicUrl: string): Endpoint[] {
  return [
    endpoint({
      ...ofMembers,
      method: 'GET',
      path: '/api/v1/members',
      summary: 'The people of the organisation',
      answer: contract.membersSchema,
      handle: async (call) => ({ items: await members.members(call), next: null }),
    }),
    endpoint({
      ...ofAdministrators,
      ...withoutAnswer,
      peopleOnly: true,
      method: 'PATCH',
      path: '/api/v1/members/{id}',
      summary: 'Give a member other roles',
      params: byId,
      body: contract.changedRolesSchema,
      handle: (call) => done(members.changeRoles(call, call.params.id, call.body.roles)),
    }),
    endpoint({
      ...ofAdministrators,
      ...withoutAnswer,
      method: 'DELETE',
      path: '/api/v1/members/{id}',
      summary: 'End a membership',
      params: byId,
      handle: (call) => done(members.removeMember(call, call.params.id)),
    }),
    endpoint({
      ...ofAdministrators,
      peopleOnly: true,
      method: 'POST',
      path: '/api/v1/members/{id}/new-password-link',
      summary: 'A link with which a member chooses a new password',
      params: byId,
      answer: contract.issuedLinkSchema,
      status: 201,
      handle: (call) => members.renewPassword(call, call.params.id, publicUrl),
    }),
    endpoint({
      ...ofAdministrators,
      ...withoutAnswer,
      peopleOnly: true,
      method: 'DELETE',
      path: '/api/v1/members/{id}/second-factor',
      summary: 'Remove the second factor of a member who lost it',
      params: byId,
      handle: (call) => done(members.forgetSecondFactor(call, call.params.id)),
    }),
    endpoint({
      ...ofMembers,
      method: 'GET',
      path: '/api/v1/events',
      summary: 'What was done in the organisation, newest first',
      query: contract.eventQuerySchema,
      answer: contract.eventsSchema,
      handle: ({ tx, query }) => whatWasDone(tx, query),
    }),
  ];
}

function invitationEndpoints(publicUrl: string): Endpoint[] {
  return [
    endpoint({
      ...ofAdministrators,
      method: 'GET',
      path: '/api/v1/invitations',
      summary: 'Invitations that nobody has accepted yet',
      answer: contract.invitationsSchema,
      handle: async (call) => ({ items: await members.invitations(call), next: null }),
    }),
    endpoint({
      ...ofAdministrators,
      peopleOnly: true,
      method: 'POST',
      path: '/api/v1/invitations',
      summary: 'Invite somebody; the link is answered once, to be handed on',
      body: contract.newInvitationSchema,
      answer: contract.issuedLinkSchema,
      status: 201,
      handle: (call) => members.invite(call, call.body, publicUrl),
    }),
    endpoint({
      ...ofAdministrators,
      ...withoutAnswer,
      method: 'DELETE',
      path: '/api/v1/invitations/{id}',
      summary: 'Withdraw an invitation',
      params: byUuid,
      handle: (call) => done(members.withdraw(call, call.params.id)),
    }),
  ];
}

function keyEndpoints(): Endpoint[] {
  return [
    endpoint({
      ...ofAdministrators,
      method: 'GET',
      path: '/api/v1/api-keys',
      summary: 'The API keys of the organisation',
      answer: contract.apiKeysSchema,
      handle: async (call) => ({ items: await keys(call), next: null }),
    }),
    endpoint({
      ...ofAdministrators,
      peopleOnly: true,
      method: 'POST',
      path: '/api/v1/api-keys',
      summary: 'Make an API key; it is answered once',
      body: contract.newApiKeySchema,
      answer: contract.madeKeySchema,
      status: 201,
      handle: (call) => makeKey(call, call.body),
    }),
    endpoint({
      ...ofAdministrators,
      ...withoutAnswer,
      method: 'DELETE',
      path: '/api/v1/api-keys/{id}',
      summary: 'Revoke an API key',
      params: byUuid,
      handle: (call) => done(revoke(call, call.params.id)),
    }),
  ];
}
