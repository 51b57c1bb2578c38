import type { Invitation, Member, Role } from '../../contract/accounts.ts';
import { Problem } from '../../contract/problem.ts';
import { stepOut, type Tx } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import type { Caller } from '../../platform/http/endpoint.ts';
import { refuseForeignRoles } from './grants.ts';
import { issueLink } from './links.ts';
import { listInvitations, withdrawInvitation, withdrawInvitationsOf } from './links-store.ts';
import { hashEmail } from './lockout.ts';
import {
  administratorsForChange,
  endMembership,
  listMembers,
  memberForChange,
  organisationsOf,
  setRoles,
} from './members-store.ts';
import { lockedUntil, operatorsAmong, removeSecondFactor } from './store.ts';

export interface Change {
  tx: Tx;
  caller: Caller;
  now: Date;
}

export async function members({ tx, now }: Change): Promise<Member[]> {
  const rows = await listMembers(tx);
  const hashes = rows.map(({ email }) => hashEmail(email));
  const locks = new Map(
    (await stepOut(tx, () => lockedUntil(tx, hashes, now))).map(({ email_sha256, locked_until }) => [
      Buffer.from(email_sha256).toString('hex'),
      locked_until,
    ]),
  );
  return rows.map(({ id, name, email, two_factor, roles, since }) => ({
    id,
    name,
    email,
    roles,
    twoFactor: two_factor,
    since: since.toISOString(),
    lockedUntil: locks.get(hashEmail(email).toString('hex'))?.toISOString() ?? null,
  }));
}

export async function changeRoles({ tx, caller, now }: Change, id: string, roles: Role[]): Promise<void> {
  refuseForeignRoles(caller, roles);
  const administrators = await administratorsForChange(tx);
  const { roles: before } = await findMember(tx, id);
  if (!roles.includes('administrator')) {
    refuseWithoutAdministrator(administrators, id);
    if (before.includes('administrator')) await withdrawInvitationsOf(tx, id, now);
  }
  await setRoles(tx, id, roles);
  await recordDeed(tx, caller, {
    kind: 'roles-changed',
    subject: { type: 'person', id },
    data: { before, after: roles },
  });
}

export async function removeMember({ tx, caller, now }: Change, id: string): Promise<void> {
  const administrators = await administratorsForChange(tx);
  const { roles } = await findMember(tx, id);
  refuseWithoutAdministrator(administrators, id);
  await endMembership(tx, id, now);
  await withdrawInvitationsOf(tx, id, now);
  await recordDeed(tx, caller, { kind: 'member-removed', subject: { type: 'person', id }, data: { roles } });
}

/** A link with which a member chooses a new password. Not for somebody who is in another organisation too: that is theirs as well. */
export async function renewPassword({ tx, caller, now }: Change, id: string, publicUrl: string) {
  await refuseElsewhere(tx, id);
  await refuseOverOperator(tx, caller, id);
  const member = (await listMembers(tx)).find((one) => one.id === id);
  if (!member) throw memberUnknown();
  const link = {
    purpose: 'new-password',
    organisation: caller.actor.organisation,
    email: member.email,
    roles: [],
    createdBy: caller.actor.person,
  } as const;
  const issued = await stepOut(tx, () => issueLink(tx, { ...link, roles: [] }, { publicUrl, now }));
  await recordDeed(tx, caller, { kind: 'new-password-offered', subject: { type: 'person', id } });
  return { address: issued.address, expiresAt: issued.expiresAt.toISOString() };
}

/** For somebody who has lost their second factor and their backup codes. */
export async function forgetSecondFactor({ tx, caller }: Change, id: string): Promise<void> {
  await refuseElsewhere(tx, id);
  await refuseOverOperator(tx, caller, id);
  await stepOut(tx, () => removeSecondFactor(tx, id));
  await recordDeed(tx, caller, { kind: 'second-factor-removed', subject: { type: 'person', id } });
}

export async function invite(
  { tx, caller, now }: Change,
  { email, roles }: { email: string; roles: Role[] },
  publicUrl: string,
) {
  refuseForeignRoles(caller, roles);
  if ((await listMembers(tx)).some((member) => member.email === email)) {
    throw new Problem('member-already', `${email} is a member already.`, { status: 409, params: { email } });
  }
  const { organisation, person } = caller.actor;
  const link = { purpose: 'invitation', organisation, email, roles, createdBy: person } as const;
  const { id, address, expiresAt } = await issueLink(tx, { ...link, roles }, { publicUrl, now });
  await recordDeed(tx, caller, { kind: 'member-invited', subject: { type: 'invitation', id }, data: { email, roles } });
  return { address, expiresAt: expiresAt.toISOString() };
}

export async function invitations({ tx, now }: Change): Promise<Invitation[]> {
  const rows = await listInvitations(tx, now);
  return rows.map(({ id, email, roles, created_at, expires_at }) => ({
    id,
    email: email ?? '',
    roles,
    createdAt: created_at.toISOString(),
    expiresAt: expires_at.toISOString(),
  }));
}

export async function withdraw({ tx, caller, now }: Change, id: string): Promise<void> {
  if (!(await withdrawInvitation(tx, id, now))) {
    throw new Problem('invitation-unknown', 'There is no such open invitation.', { status: 404 });
  }
  await recordDeed(tx, caller, { kind: 'invitation-withdrawn', subject: { type: 'invitation', id } });
}

async function findMember(tx: Tx, id: string): Promise<{ roles: Role[] }> {
  const member = await memberForChange(tx, id);
  if (!member) throw memberUnknown();
  return member;
}

async function refuseElsewhere(tx: Tx, id: string): Promise<void> {
  await findMember(tx, id);
  if ((await stepOut(tx, () => organisationsOf(tx, id))).length > 1) {
    throw new Problem('member-elsewhere-too', 'This person is a member of another organisation too.', { status: 409 });
  }
}

/** Whoever signs in as an operator rules every organisation: an administrator of one must not become that. */
async function refuseOverOperator(tx: Tx, caller: Caller, id: string): Promise<void> {
  const operators = await stepOut(tx, () => operatorsAmong(tx, [id, caller.actor.person ?? '']));
  if (operators.has(id) && !operators.has(caller.actor.person ?? '')) {
    throw new Problem('operators-only', 'This is for operators of the installation.', { status: 403 });
  }
}

function refuseWithoutAdministrator(administrators: string[], leaving: string): void {
  if (administrators.every((id) => id === leaving)) {
    throw new Problem('last-administrator', 'An organisation needs an administrator.', { status: 409 });
  }
}

function memberUnknown(): Problem {
  return new Problem('member-unknown', 'There is no such member.', { status: 404 });
}
