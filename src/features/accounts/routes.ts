import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import * as contract from '../../contract/accounts.ts';
import { Problem } from '../../contract/problem.ts';
import { actAsSystem, type Database } from '../../platform/database/database.ts';
import { type Caller, type Endpoint, endpoint } from '../../platform/http/endpoint.ts';
import type { Auth } from './auth.ts';
import { forwardToAuth } from './forward.ts';
import { identify } from './identify.ts';
import { keys, makeKey, revoke } from './keys.ts';
import { acceptLink, lookAtLink, setUp } from './links.ts';
import * as members from './members.ts';
import type { IdentityProvider } from './outside-providers.ts';
import { anybodyThere, listEvents, listOrganisations, savePreferences } from './store.ts';

export interface RouteSetup {
  auth: Auth;
  database: Database;
  publicUrl: string;
  providers: IdentityProvider[];
  version: string;
  demo: boolean;
  now: () => Date;
}

const nothing = z.null();
const byId = z.object({ id: z.string().max(100) });
const byUuid = z.object({ id: z.uuid() });
const tag = 'accounts';
const anyMember = ['member'] as const;
const administrators = ['administrator'] as const;

export function accountEndpoints(setup: RouteSetup): Endpoint[] {
  return [...signInEndpoints(setup), ...ownEndpoints(setup), ...memberEndpoints(setup), ...operatorEndpoints(setup)];
}

function signInEndpoints({ auth, database, providers, version, demo, publicUrl, now }: RouteSetup): Endpoint[] {
  const signIn = async (request: FastifyRequest, reply: FastifyReply, email: string, password: string) => {
    const answer = await forwardToAuth({ auth, database, publicUrl }, request, {
      path: '/sign-in/email',
      body: { email, password },
    });
    for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
    return answer.ok;
  };
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/installation',
      summary: 'What a sign-in page needs to know',
      tag,
      access: 'anyone',
      answer: contract.installationSchema,
      bare: async () => ({
        version,
        demo,
        needsSetup: !(await anybodyThere(database.owner)),
        providers: providers.map(({ id, name }) => ({ id, name })),
      }),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/setup',
      summary: 'Make the first administrator and the first organisation, with the link that was printed at the start',
      tag,
      access: 'anyone',
      perMinute: 10,
      body: contract.setupSchema,
      answer: contract.acceptedLinkSchema,
      bare: async ({ body, request, reply }) => {
        await setUp({ auth, database }, body, now());
        const { email, password } = body.person;
        return { email, signedIn: await signIn(request, reply, email, password) };
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/links/look',
      summary: 'What a one-time link is for',
      tag,
      access: 'anyone',
      perMinute: 30,
      body: contract.askLinkSchema,
      answer: contract.linkSchema,
      bare: async ({ body }) => lookAtLink(database, body.secret, now()),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/links/accept',
      summary: 'Use an invitation or a new-password link',
      tag,
      access: 'anyone',
      perMinute: 10,
      body: contract.acceptLinkSchema,
      answer: contract.acceptedLinkSchema,
      bare: async ({ body, request, reply }) => {
        const who = await identify({ auth, database, now }, request);
        const { email, chosePassword } = await acceptLink(
          { auth, database },
          body,
          who?.caller.actor.person ?? null,
          now(),
        );
        const signedIn = chosePassword && (await signIn(request, reply, email, body.password ?? ''));
        return { email, signedIn: signedIn || who !== null };
      },
    }),
  ];
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
      tag,
      access: 'anyone',
      answer: contract.meSchema,
      bare: ({ request }) => me(request),
    }),
    endpoint({
      method: 'PATCH',
      path: '/api/v1/me/preferences',
      summary: "Change one's own settings",
      tag,
      access: 'person',
      body: contract.preferenceChangesSchema,
      answer: contract.preferencesSchema,
      handle: async ({ body, tx, caller }) => {
        const { person } = caller.actor;
        if (person === null) throw new Problem('people-only', 'This is for people.', { status: 403 });
        return contract.preferencesSchema.parse(await savePreferences(tx, person, body));
      },
    }),
  ];
}

function memberEndpoints({ publicUrl }: RouteSetup): Endpoint[] {
  const kindOf = (grants: ReadonlySet<string>) => (grants.has('authority') ? 'authority' : 'company');
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/members',
      summary: 'The people of the organisation',
      tag,
      access: anyMember,
      answer: contract.membersSchema,
      handle: async (call) => ({ items: await members.members(call), next: null }),
    }),
    endpoint({
      method: 'PATCH',
      path: '/api/v1/members/{id}',
      summary: 'Give a member other roles',
      tag,
      access: administrators,
      params: byId,
      body: contract.changedRolesSchema,
      answer: nothing,
      status: 204,
      handle: async (call) => {
        await members.changeRoles(call, call.params.id, kindOf(call.caller.grants), call.body.roles);
        return null;
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/v1/members/{id}',
      summary: 'End a membership',
      tag,
      access: administrators,
      params: byId,
      answer: nothing,
      status: 204,
      handle: async (call) => {
        await members.removeMember(call, call.params.id);
        return null;
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/members/{id}/new-password-link',
      summary: 'A link with which a member chooses a new password',
      tag,
      access: administrators,
      params: byId,
      answer: contract.issuedLinkSchema,
      status: 201,
      handle: (call) => {
        refuseKeys(call.caller);
        return members.renewPassword(call, call.params.id, publicUrl);
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/v1/members/{id}/second-factor',
      summary: 'Remove the second factor of a member who lost it',
      tag,
      access: administrators,
      params: byId,
      answer: nothing,
      status: 204,
      handle: async (call) => {
        refuseKeys(call.caller);
        await members.forgetSecondFactor(call, call.params.id);
        return null;
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/invitations',
      summary: 'Invitations that nobody has accepted yet',
      tag,
      access: administrators,
      answer: contract.invitationsSchema,
      handle: async (call) => ({ items: await members.invitations(call), next: null }),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/invitations',
      summary: 'Invite somebody; the link is answered once, to be handed on',
      tag,
      access: administrators,
      body: contract.newInvitationSchema,
      answer: contract.issuedLinkSchema,
      status: 201,
      handle: (call) => members.invite(call, kindOf(call.caller.grants), call.body, publicUrl),
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/v1/invitations/{id}',
      summary: 'Withdraw an invitation',
      tag,
      access: administrators,
      params: byUuid,
      answer: nothing,
      status: 204,
      handle: async (call) => {
        await members.withdraw(call, call.params.id);
        return null;
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/api-keys',
      summary: 'The API keys of the organisation',
      tag,
      access: administrators,
      answer: contract.apiKeysSchema,
      handle: async (call) => ({ items: await keys(call), next: null }),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/api-keys',
      summary: 'Make an API key; it is answered once',
      tag,
      access: administrators,
      body: contract.newApiKeySchema,
      answer: contract.madeKeySchema,
      status: 201,
      handle: (call) => makeKey(call, kindOf(call.caller.grants), call.body),
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/v1/api-keys/{id}',
      summary: 'Revoke an API key',
      tag,
      access: administrators,
      params: byUuid,
      answer: nothing,
      status: 204,
      handle: async (call) => {
        await revoke(call, call.params.id);
        return null;
      },
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/events',
      summary: 'What was done in the organisation, newest first',
      tag,
      access: anyMember,
      query: contract.eventQuerySchema,
      answer: contract.eventsSchema,
      handle: async ({ tx, query }) => {
        const { after, limit, kind, subjectType, subjectId } = query;
        const subject = subjectType && subjectId ? { type: subjectType, id: subjectId } : undefined;
        const before = after === undefined ? undefined : Number(after);
        if (before !== undefined && !Number.isSafeInteger(before)) {
          throw new Problem('cursor-unknown', 'This page is not one that was given out.', { status: 400 });
        }
        const rows = await listEvents(tx, { before, limit: limit + 1, kind, subject });
        const items = rows.slice(0, limit).map((row) => ({
          id: String(row.id),
          at: row.at.toISOString(),
          kind: row.kind,
          by: { person: row.person, key: row.key },
          subject: { type: row.subject_type, id: row.subject_id },
          data: row.data,
        }));
        return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
      },
    }),
  ];
}

/** With such a link a key would become a person. */
function refuseKeys({ key }: Caller): void {
  if (key !== null) throw new Problem('people-only', 'This is for people, not for API keys.', { status: 403 });
}

function operatorEndpoints({ auth, database, publicUrl, now }: RouteSetup): Endpoint[] {
  const refuseOthers = async (request: FastifyRequest): Promise<void> => {
    const who = await identify({ auth, database, now }, request);
    if (!who?.me.person?.operator)
      throw new Problem('operators-only', 'This is for operators of the installation.', { status: 403 });
  };
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/organisations',
      summary: 'Every organisation of the installation, for its operators',
      tag,
      access: 'person',
      answer: contract.organisationsSchema,
      bare: async ({ request }) => {
        await refuseOthers(request);
        return { items: await actAsSystem(database, listOrganisations), next: null };
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/organisations',
      summary: 'Make an organisation and the invitation of its first administrator, for operators of the installation',
      tag,
      access: 'person',
      body: contract.openOrganisationSchema,
      answer: contract.openedOrganisationSchema,
      status: 201,
      bare: async ({ request, body, caller }) => {
        await refuseOthers(request);
        return actAsSystem(database, (tx) => members.openOrganisation({ tx, caller, now: now() }, body, publicUrl));
      },
    }),
  ];
}
