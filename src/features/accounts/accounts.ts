import type { FastifyRequest } from 'fastify';
import type { Caller, Endpoint } from '../../platform/http/endpoint.ts';
import type { Server } from '../../platform/http/server.ts';
import { type AuthSetup, openAuth } from './auth.ts';
import { serveAuth } from './forward.ts';
import { identify } from './identify.ts';
import { issueSetupLink } from './links.ts';
import { accountEndpoints } from './routes.ts';

export { keepDemoMark } from './demo-mark.ts';
export { founderOf } from './founder-store.ts';
export { recoverPerson } from './links.ts';
export type { IdentityProvider } from './outside-providers.ts';

export interface Accounts {
  endpoints: Endpoint[];
  identify(request: FastifyRequest): Promise<Caller | null>;
  /** Mounts sign-in, sessions and second factors. */
  serve(server: Server): void;
  /** The one-time link that makes the first administrator; null once somebody is there. */
  setupLink(): Promise<string | null>;
}

/** Organisations, their people and keys, and who is asking. */
export function openAccounts(setup: AuthSetup & { version: string; demo: boolean }): Accounts {
  const auth = openAuth(setup);
  const { database, publicUrl, now } = setup;
  return {
    endpoints: accountEndpoints({ ...setup, auth }),
    identify: async (request) => (await identify({ auth, database, now }, request))?.caller ?? null,
    serve: (server) => serveAuth(server, { auth, database, publicUrl }),
    setupLink: () => issueSetupLink(database, publicUrl, now()),
  };
}
