import { callHeaders } from './api.ts';
import { isObject, readProblem } from './problem.ts';
import { reachServer } from './reach.ts';

/** Signing in and what belongs to it: better-auth's own endpoints below /api/auth, which are not part of our interface. */
export type SignInStep = 'done' | 'second-factor';

export async function signIn(email: string, password: string): Promise<SignInStep> {
  const answer = await post('sign-in/email', { email, password, rememberMe: true });
  return answer['twoFactorRedirect'] === true ? 'second-factor' : 'done';
}

/** Leaves for the identity provider; it sends the browser back to `to`. Both are paths of this installation. */
export async function signInWith(providerId: string, to: string): Promise<void> {
  const answer = await post('sign-in/social', { provider: providerId, callbackURL: to, errorCallbackURL: '/sign-in' });
  if (typeof answer['url'] === 'string') location.assign(answer['url']);
}

export async function signOut(): Promise<void> {
  await post('sign-out', {});
}

export async function verifyCode(code: string, trustDevice: boolean): Promise<void> {
  await post('two-factor/verify-totp', { code, trustDevice });
}

export async function verifyBackupCode(code: string): Promise<void> {
  await post('two-factor/verify-backup-code', { code });
}

export interface Enrolment {
  /** `otpauth://totp/…`, for the picture; the secret stands in it. */
  uri: string;
  secret: string;
  backupCodes: string[];
}

/** Begins: the second factor counts only after a first right code. */
export async function enrolSecondFactor(password: string): Promise<Enrolment> {
  const answer = await post('two-factor/enable', { password, method: 'totp' });
  const uri = String(answer['totpURI']);
  return { uri, secret: new URL(uri).searchParams.get('secret') ?? '', backupCodes: strings(answer['backupCodes']) };
}

export async function disableSecondFactor(password: string): Promise<void> {
  await post('two-factor/disable', { password });
}

export async function newBackupCodes(password: string): Promise<string[]> {
  return strings((await post('two-factor/generate-backup-codes', { password }))['backupCodes']);
}

export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  await post('change-password', { currentPassword, newPassword, revokeOtherSessions: true });
}

export async function changeName(name: string): Promise<void> {
  await post('update-user', { name });
}

export interface Session {
  id: string;
  /** Names the session to the server when it is to end. */
  token: string;
  current: boolean;
  address: string | null;
  browser: string | null;
  since: string;
  until: string;
}

export async function listSessions(): Promise<Session[]> {
  const [here, all] = await Promise.all([call('GET', 'get-session'), call('GET', 'list-sessions')]);
  const current = isObject(here) && isObject(here['session']) ? here['session']['id'] : null;
  return Array.isArray(all) ? all.filter(isObject).map((session) => readSession(session, current)) : [];
}

export async function endSession(token: string): Promise<void> {
  await post('revoke-session', { token });
}

export async function endOtherSessions(): Promise<void> {
  await post('revoke-other-sessions', {});
}

async function post(path: string, body: Record<string, unknown>): Promise<Record<string, unknown>> {
  const answer = await call('POST', path, body);
  return isObject(answer) ? answer : {};
}

async function call(method: 'GET' | 'POST', path: string, body?: Record<string, unknown>): Promise<unknown> {
  const { 'idempotency-key': _, ...headers } = callHeaders(method);
  const response = await reachServer(
    new Request(`/api/auth/${path}`, {
      method,
      credentials: 'same-origin',
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
  if (!response.ok) throw await readProblem(response);
  return await response.json().catch(() => null);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function readSession(session: Record<string, unknown>, current: unknown): Session {
  const text = (name: string) => (typeof session[name] === 'string' ? session[name] : null);
  return {
    id: text('id') ?? '',
    token: text('token') ?? '',
    current: session['id'] === current,
    address: text('ipAddress') || null,
    browser: text('userAgent') || null,
    since: text('createdAt') ?? '',
    until: text('expiresAt') ?? '',
  };
}
