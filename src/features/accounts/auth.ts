import { betterAuth } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { genericOAuth, twoFactor } from 'better-auth/plugins';
import type { Database } from '../../platform/database/database.ts';
import { clearFailures, lockedFor, noteFailure } from './lockout.ts';

/** An outside identity provider, as the operator configured it. */
export interface IdentityProvider {
  id: string;
  name: string;
  /** Its OpenID Connect discovery document. */
  discoveryUrl: string;
  clientId: string;
  clientSecret: string;
}

export interface AuthSetup {
  database: Database;
  /** 32 random bytes or more, as text. */
  secret: string;
  /** Where people reach the installation, e.g. `https://clearmirror.example`. */
  publicUrl: string;
  providers: IdentityProvider[];
  now: () => Date;
}

export type Auth = ReturnType<typeof openAuth>;

/** Passwords, sessions, second factors and outside providers: better-auth, held to what an installation by invitation needs. */
export function openAuth({ database, secret, publicUrl, providers, now }: AuthSetup) {
  return betterAuth({
    appName: 'Clearmirror',
    database: { db: database.owner, type: 'postgres', transaction: false },
    secret,
    baseURL: publicUrl,
    basePath: '/api/auth',
    trustedOrigins: [publicUrl],
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 256 },
    user: { additionalFields: { operator: { type: 'boolean', input: false, defaultValue: false } } },
    account: { accountLinking: { enabled: true, trustedProviders: [], updateUserInfoOnLink: false } },
    session: { expiresIn: 7 * 24 * 3600, updateAge: 24 * 3600 },
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 120,
      customRules: { '/sign-in/email': { window: 60, max: 20 }, '/two-factor/*': { window: 60, max: 10 } },
    },
    advanced: {
      cookiePrefix: 'clearmirror',
      useSecureCookies: publicUrl.startsWith('https:'),
      // Set by us from the connection, after what the client sent under that name is dropped.
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    plugins: [
      twoFactor({ issuer: 'Clearmirror 明鉴' }),
      genericOAuth({
        config: providers.map(({ id, discoveryUrl, clientId, clientSecret }) => ({
          providerId: id,
          discoveryUrl,
          clientId,
          clientSecret,
          scopes: ['openid', 'email', 'profile'],
          pkce: true,
          // Who may come in is decided by invitation, not by having an account somewhere.
          disableSignUp: true,
        })),
      }),
    ],
    hooks: {
      before: createAuthMiddleware(async ({ path, body }) => {
        if (path !== '/sign-in/email') return;
        const until = await lockedFor(database.owner, String(body?.email ?? ''), now());
        if (until) {
          throw new APIError('TOO_MANY_REQUESTS', {
            code: 'LOCKED',
            message: 'Too many wrong passwords.',
            lockedUntil: until.toISOString(),
          });
        }
      }),
      after: createAuthMiddleware(async ({ path, body, context }) => {
        if (path !== '/sign-in/email') return;
        const email = String(body?.email ?? '');
        const { returned } = context;
        if (!(returned instanceof APIError)) await clearFailures(database.owner, email);
        else if (returned.statusCode === 401) await noteFailure(database.owner, email, now());
      }),
    },
  });
}

export const addressHeader = 'x-clearmirror-address';
