import { betterAuth } from 'better-auth';
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import { twoFactor } from 'better-auth/plugins';
import type { Database } from '../../platform/database/database.ts';
import { clearFailures, takeGuess } from './lockout.ts';
import { type IdentityProvider, outsideProviders } from './outside-providers.ts';
import { takeCode } from './used-codes.ts';

export interface AuthSetup {
  database: Database;
  /** 32 random bytes or more, as text. */
  secret: string;
  /** Where people reach the installation, e.g. `https://clearmirror.example`. */
  publicUrl: string;
  providers: IdentityProvider[];
  now: () => Date;
  onTrouble: (error: Error) => void;
}

export type Auth = ReturnType<typeof openAuth>;

/** Passwords, sessions, second factors and outside providers: better-auth, held to what an installation by invitation needs. */
export function openAuth({ database, secret, publicUrl, providers, now, onTrouble }: AuthSetup) {
  return betterAuth({
    appName: 'Clearmirror',
    database: { db: database.owner, type: 'postgres', transaction: false },
    secret,
    baseURL: publicUrl,
    basePath: '/api/auth',
    trustedOrigins: [publicUrl],
    telemetry: { enabled: false },
    // Wrong passwords are in its log as errors too, with the address: only what failed on our side is passed on.
    logger: {
      level: 'error',
      log: (_level, message, ...more) => {
        const cause = more.find((one) => one instanceof Error);
        if (cause || /^(Provider "|Discovery)/.test(message)) onTrouble(new Error(`sign-in: ${message}`, { cause }));
      },
    },
    // Else it prints them by itself, with the values of the failed statement.
    onAPIError: { throw: true, errorURL: `${publicUrl}/sign-in` },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 256 },
    user: { additionalFields: { operator: { type: 'boolean', input: false, defaultValue: false } } },
    account: { accountLinking: { enabled: true, trustedProviders: [], updateUserInfoOnLink: false } },
    // Who somebody is was all we asked the provider: its tokens open other doors, and are not kept.
    databaseHooks: {
      account: {
        create: { before: async (account) => ({ data: { ...account, ...withoutTokens } }) },
        update: { before: async (account) => ({ data: { ...account, ...withoutTokens } }) },
      },
    },
    session: { expiresIn: 7 * 24 * 3600, updateAge: 24 * 3600 },
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 120,
      customRules: {
        '/sign-in/email': { window: 60, max: 20 },
        // Opens nothing by itself, and a whole office may come from one address.
        '/sign-in/social': { window: 60, max: 60 },
        '/two-factor/*': { window: 60, max: 10 },
      },
    },
    advanced: {
      cookiePrefix: 'clearmirror',
      useSecureCookies: publicUrl.startsWith('https:'),
      // Said, because better-auth leaves both checks out where NODE_ENV or TEST say that this is a test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      // Set by us from the connection, after what the client sent under that name is dropped.
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    plugins: [twoFactor({ issuer: 'Clearmirror 明鉴' }), outsideProviders(providers)],
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        if (!asksPassword.has(ctx.path)) return;
        const email = await addressOf(ctx);
        const until = email === null ? null : await takeGuess(database.owner, email, now());
        if (until) {
          throw new APIError('TOO_MANY_REQUESTS', {
            code: 'LOCKED',
            message: 'Too many wrong passwords.',
            lockedUntil: until.toISOString(),
          });
        }
      }),
      after: createAuthMiddleware(async (ctx) => {
        const { path, context } = ctx;
        if (context.returned instanceof APIError) return;
        if (asksPassword.has(path)) {
          const email = await addressOf(ctx);
          if (email !== null) await clearFailures(database.owner, email);
        }
        const { newSession, session } = context;
        // RFC 6238 §5.2: a code that was accepted is not accepted again. Where somebody is signed in already, it opens nothing.
        if (path === '/two-factor/verify-totp' && newSession && !session) {
          if (await takeCode(database.owner, newSession.user.id, String(ctx.body?.code))) return;
          await context.internalAdapter.deleteSession(newSession.session.token);
          throw new APIError('UNAUTHORIZED', { code: 'INVALID_CODE', message: 'Invalid code' });
        }
      }),
    },
  });
}

/** Guesses at a password count wherever one is asked for: a session that was left open must not be a place to guess. */
const asksPassword = new Set([
  '/sign-in/email',
  '/change-password',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
]);

const withoutTokens = { accessToken: null, refreshToken: null, idToken: null };

async function addressOf(ctx: Parameters<typeof getSessionFromCtx>[0]): Promise<string | null> {
  if (ctx.path === '/sign-in/email') return String(ctx.body?.email ?? '');
  return (await getSessionFromCtx(ctx))?.user.email ?? null;
}

export const addressHeader = 'x-clearmirror-address';
