import { z } from 'zod';
import { nameSchema, passwordSchema } from '../../contract/accounts.ts';

/** A password that is only compared: what was allowed once may be shorter than what is allowed today. */
const password = z.string().min(1).max(256);
const nothing = z.object({});
const bare = z.object({ password, method: z.literal('totp').optional() });

/**
 * What of better-auth is reached from outside, and with what. All else of it stays shut: members come by invitation and leave by an
 * administrator; nobody signs in with a token that was made for somewhere else; what better-auth keeps for a caller is bounded.
 */
export function doorsOf(publicUrl: string): (method: string, path: string) => z.ZodType | undefined {
  const ownPath = z
    .string()
    .max(2000)
    .refine(
      (path) =>
        /^\/(?![/\\])[\x21-\x7e]*$/.test(path) &&
        URL.canParse(path, publicUrl) &&
        new URL(path, publicUrl).origin === publicUrl,
    );
  const doors = new Map<string, z.ZodType>([
    [
      'POST /sign-in/email',
      z.object({ email: z.string().max(254), password: z.string().max(256), rememberMe: z.boolean().optional() }),
    ],
    [
      'POST /sign-in/social',
      z.object({ provider: z.string().max(40), callbackURL: ownPath, errorCallbackURL: ownPath.optional() }),
    ],
    ['POST /sign-out', nothing],
    ['GET /get-session', nothing],
    [
      'POST /change-password',
      // Whoever changes it may do so because somebody else is signed in.
      z
        .object({ currentPassword: password, newPassword: passwordSchema })
        .transform((body) => ({ ...body, revokeOtherSessions: true })),
    ],
    ['POST /update-user', z.object({ name: nameSchema })],
    ['GET /list-sessions', nothing],
    ['POST /revoke-session', z.object({ token: z.string().max(200) })],
    ['POST /revoke-other-sessions', nothing],
    ['POST /two-factor/enable', bare],
    ['POST /two-factor/disable', bare],
    ['POST /two-factor/verify-totp', z.object({ code: z.string().max(10), trustDevice: z.boolean().optional() })],
    ['POST /two-factor/verify-backup-code', z.object({ code: z.string().max(40) })],
    ['POST /two-factor/generate-backup-codes', bare],
  ]);
  return (method, path) =>
    method === 'GET' && /^\/callback\/[a-z0-9-]{1,40}$/.test(path) ? nothing : doors.get(`${method} ${path}`);
}
