import type { NewOrganisation } from '../../contract/accounts.ts';
import { Problem } from '../../contract/problem.ts';
import { recordDeed } from '../../platform/database/events.ts';
import { issueLink } from './links.ts';
import { organisationName, withdrawLinks } from './links-store.ts';
import type { Change } from './members.ts';
import { administratorsIn, insertOrganisation } from './members-store.ts';

/** Makes an organisation and the invitation of its first administrator. Only outside row-level security. */
export async function openOrganisation(
  change: Change,
  { organisation, email }: { organisation: NewOrganisation; email: string },
  publicUrl: string,
) {
  const made = await insertOrganisation(change.tx, organisation);
  const link = await inviteFirst(change, made.id, email, publicUrl);
  await recordDeed(change.tx, operatorIn(change, made.id), {
    kind: 'organisation-made',
    subject: { type: 'organisation', id: made.id },
    data: { email },
  });
  return { organisation: made, link };
}

/**
 * For the organisation that nobody has entered because the link was lost, too old, or sent to a wrong address: makes a new one, and what
 * was sent before works no more. Throws `administrator-there` once there is somebody who can invite. Only outside row-level security.
 */
export async function inviteFirstAgain(change: Change, organisation: string, email: string, publicUrl: string) {
  const { tx, now } = change;
  if (!(await organisationName(tx, organisation))) {
    throw new Problem('organisation-unknown', 'There is no such organisation.', { status: 404 });
  }
  // Before looking who is there: somebody who accepts at this moment is either waited for, or finds the link withdrawn.
  await withdrawLinks(tx, { purpose: 'invitation', organisation }, now);
  if ((await administratorsIn(tx, organisation)).length > 0) {
    throw new Problem('administrator-there', 'This organisation has an administrator already.', { status: 409 });
  }
  const link = await inviteFirst(change, organisation, email, publicUrl);
  await recordDeed(tx, operatorIn(change, organisation), {
    kind: 'first-administrator-invited',
    subject: { type: 'organisation', id: organisation },
    data: { email },
  });
  return link;
}

async function inviteFirst({ tx, caller, now }: Change, organisation: string, email: string, publicUrl: string) {
  const link = { purpose: 'invitation', organisation, email, createdBy: caller.actor.person } as const;
  const { address, expiresAt } = await issueLink(tx, { ...link, roles: ['administrator'] }, { publicUrl, now });
  return { address, expiresAt: expiresAt.toISOString() };
}

/** What an operator does to an organisation stands among its own events. */
function operatorIn({ caller }: Change, organisation: string) {
  return { actor: { organisation, person: caller.actor.person }, key: null };
}
