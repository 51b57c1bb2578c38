import type { FastifyReply, FastifyRequest } from 'fastify';
import * as contract from '../../contract/accounts.ts';
import type { Database } from '../../platform/database/database.ts';
import { type Endpoint, endpoint } from '../../platform/http/endpoint.ts';
import type { Auth } from './auth.ts';
import { forwardToAuth } from './forward.ts';
import { identify } from './identify.ts';
import { acceptLink, lookAtLink, setUp } from './links.ts';
import type { IdentityProvider } from './outside-providers.ts';
import { anybodyThere } from './store.ts';

export interface RouteSetup {
  auth: Auth;
  database: Database;
  publicUrl: string;
  providers: IdentityProvider[];
  version: string;
  demo: boolean;
  now: () => Date;
}

const tag = 'accounts';

/** Before anybody is signed in: the page that asks who it is, and one-time links. */
export function signInEndpoints({ auth, database, providers, version, demo, publicUrl, now }: RouteSetup): Endpoint[] {
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
      // The link itself opens once.
      repeated: 'harmless',
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
      repeated: 'harmless',
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
      repeated: 'harmless',
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
