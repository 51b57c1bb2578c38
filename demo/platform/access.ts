import type { FastifyRequest } from 'fastify';
import { Problem } from '../../src/contract/problem.ts';

export interface Account {
  name: string;
  /** Whether the person's identity was verified (real-name rule for publishing). */
  verified: boolean;
  staff: boolean;
}

/** Fixed and public: this platform is a sample and holds nothing of anybody. */
const accounts: ReadonlyMap<string, Account> = new Map([
  ['sample-verified', { name: 'shimmer-user-1', verified: true, staff: false }],
  ['sample-unverified', { name: 'shimmer-user-2', verified: false, staff: false }],
  ['sample-staff', { name: 'shimmer-staff', verified: true, staff: true }],
]);

/** Who asks; null without a token, or with one that nobody was given. */
export function callerOf({ headers }: FastifyRequest): Account | null {
  const token = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  return token === undefined ? null : (accounts.get(token) ?? null);
}

export function requireCaller(request: FastifyRequest): Account {
  const caller = callerOf(request);
  if (!caller) throw new Problem('not-signed-in', 'Send "Authorization: Bearer <token>".', { status: 401 });
  return caller;
}

export function requireVerified(request: FastifyRequest): Account {
  const caller = requireCaller(request);
  if (!caller.verified) {
    throw new Problem('identity-required', 'Only users whose identity is verified may do this.', { status: 403 });
  }
  return caller;
}

export function requireStaff(request: FastifyRequest): Account {
  const caller = requireCaller(request);
  if (!caller.staff) throw new Problem('staff-only', 'This is for staff.', { status: 403 });
  return caller;
}

/** Test traffic names itself; it is treated like any other, but the public list does not show it. */
export function isProbe({ headers }: FastifyRequest): boolean {
  return headers['clearmirror-probe'] !== undefined;
}
