import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { acceptLinkSchema, Link, setupSchema } from '../../contract/accounts.ts';
import { Problem } from '../../contract/problem.ts';
import { actAsSystem, type Database, type Tx } from '../../platform/database/database.ts';
import { recordDeed } from '../../platform/database/events.ts';
import type { Auth } from './auth.ts';
import { insertLink, openLink, organisationName, useLink, withdrawLinks } from './links-store.ts';
import { clearFailures } from './lockout.ts';
import { insertMembership, insertOrganisation, organisationsOf } from './members-store.ts';
import { hashSecret, newSecret } from './secrets.ts';
import { anybodyThere, insertUser, removeSecondFactor, setPassword, signInToAccept, userByEmail } from './store.ts';

const lifeMs = {
  'first-administrator': 24 * 3_600_000,
  invitation: 7 * 24 * 3_600_000,
  'new-password': 24 * 3_600_000,
};

/** Makes a link of which only the newest works. Its secret stands behind `#`, which browsers never send and no log sees. */
export async function issueLink(
  tx: Tx,
  link: Omit<Parameters<typeof insertLink>[1], 'sha256' | 'createdAt' | 'expiresAt'>,
  { publicUrl, now }: { publicUrl: string; now: Date },
): Promise<{ id: string; address: string; expiresAt: Date }> {
  const { secret, sha256 } = newSecret();
  const expiresAt = new Date(now.getTime() + lifeMs[link.purpose]);
  await withdrawLinks(tx, link, now);
  const id = await insertLink(tx, { ...link, sha256, createdAt: now, expiresAt });
  const page = link.purpose === 'first-administrator' ? 'setup' : 'link';
  return { id, address: `${publicUrl}/${page}#${secret}`, expiresAt };
}

/** The link for the first administrator; null once somebody is there. */
export async function issueSetupLink(database: Database, publicUrl: string, now: Date): Promise<string | null> {
  return actAsSystem(database, async (tx) => {
    if (await anybodyThere(tx)) return null;
    const nobody = { organisation: null, email: null, roles: [], createdBy: null };
    const { address } = await issueLink(tx, { purpose: 'first-administrator', ...nobody }, { publicUrl, now });
    return address;
  });
}

/** A new-password link for somebody whom nobody in an organisation can help; it also lifts the second factor. For the operator's console. */
export async function recoverPerson(
  database: Database,
  email: string,
  { publicUrl, now }: { publicUrl: string; now: Date },
): Promise<string> {
  return actAsSystem(database, async (tx) => {
    const person = await userByEmail(tx, email.trim().toLowerCase());
    if (!person)
      throw new Problem('person-unknown', `Nobody signs in as ${email}`, {
        next: 'Check the spelling of the address.',
        exitCode: 4,
      });
    await removeSecondFactor(tx, person.id);
    const link = {
      purpose: 'new-password',
      organisation: null,
      email: person.email,
      roles: [],
      createdBy: null,
    } as const;
    const { address } = await issueLink(tx, { ...link, roles: [] }, { publicUrl, now });
    const by = { actor: { organisation: null, person: null }, key: null };
    await recordDeed(tx, by, { kind: 'recovered-from-console', subject: { type: 'person', id: person.id } });
    return address;
  });
}

/** Makes the first person and the first organisation. Returns the person's id. */
export async function setUp(
  { auth, database }: { auth: Auth; database: Database },
  { secret, person, organisation }: z.output<typeof setupSchema>,
  now: Date,
): Promise<string> {
  const passwordHash = await hashPassword(auth, person.password);
  return actAsSystem(database, async (tx) => {
    const link = await findLink(tx, secret, now);
    if (link.purpose !== 'first-administrator' || (await anybodyThere(tx))) throw linkUnknown();
    await useLink(tx, link.id, now);
    const id = randomUUID();
    await insertUser(tx, { id, name: person.name, email: person.email, passwordHash, operator: true, at: now });
    const { id: organisationId } = await insertOrganisation(tx, organisation);
    await insertMembership(tx, organisationId, id, ['administrator'], now);
    const by = { actor: { organisation: organisationId, person: id }, key: null };
    await recordDeed(tx, by, { kind: 'installation-set-up', subject: { type: 'organisation', id: organisationId } });
    return id;
  });
}

export async function lookAtLink(database: Database, secret: string, now: Date): Promise<Link> {
  return actAsSystem(database, async (tx) => {
    const { purpose, organisation_id, email, roles, expires_at } = await findLink(tx, secret, now);
    const organisation =
      organisation_id === null ? null : ((await organisationName(tx, organisation_id))?.name ?? null);
    const known = email !== null && (await userByEmail(tx, email)) !== undefined;
    return { purpose, organisation, email, roles, known, expiresAt: expires_at.toISOString() };
  });
}

/**
 * Uses an invitation or a new-password link. Who is new chooses a name and a password; who is known already must be signed in, because
 * the link alone does not show that it reached them. Returns the address to sign in with, when a password was chosen.
 */
export async function acceptLink(
  { auth, database }: { auth: Auth; database: Database },
  { secret, name, password }: z.output<typeof acceptLinkSchema>,
  signedIn: string | null,
  now: Date,
): Promise<{ email: string; chosePassword: boolean }> {
  const passwordHash = password === undefined ? null : await hashPassword(auth, password);
  return actAsSystem(database, async (tx) => {
    const link = await findLink(tx, secret, now);
    if (link.email === null || link.purpose === 'first-administrator') throw linkUnknown();
    const { email } = link;
    const known = await userByEmail(tx, email);
    await useLink(tx, link.id, now);
    if (link.purpose === 'new-password') {
      if (!known || (await belongsElsewhere(tx, known.id, link.organisation_id))) throw linkUnknown();
      if (passwordHash === null) throw passwordMissing();
      await setPassword(tx, known.id, passwordHash, now);
      await clearFailures(tx, email);
      const by = { actor: { organisation: link.organisation_id, person: known.id }, key: null };
      await recordDeed(tx, by, { kind: 'password-renewed', subject: { type: 'person', id: known.id } });
      return { email, chosePassword: true };
    }
    if (link.organisation_id === null) throw linkUnknown();
    if (known && signedIn !== known.id) throw signInToAccept(email);
    const id = known?.id ?? randomUUID();
    if (!known) {
      if (passwordHash === null || name === undefined) throw passwordMissing();
      await insertUser(tx, { id, name, email, passwordHash, operator: false, at: now });
    }
    await insertMembership(tx, link.organisation_id, id, link.roles, now);
    const by = { actor: { organisation: link.organisation_id, person: id }, key: null };
    const deed = { kind: 'invitation-accepted', subject: { type: 'person', id }, data: { roles: link.roles } };
    await recordDeed(tx, by, deed);
    return { email, chosePassword: !known };
  });
}

/** Somebody who left the organisation that offered the link, or joined another since, is no longer its alone to let in. */
async function belongsElsewhere(tx: Tx, userId: string, organisation: string | null): Promise<boolean> {
  if (organisation === null) return false;
  const organisations = await organisationsOf(tx, userId);
  return organisations.length !== 1 || organisations[0] !== organisation;
}

export async function hashPassword(auth: Auth, password: string): Promise<string> {
  const { password: passwords } = await auth.$context;
  return passwords.hash(password);
}

async function findLink(tx: Tx, secret: string, now: Date) {
  const link = await openLink(tx, hashSecret(secret), now);
  if (!link) throw linkUnknown();
  return link;
}

function linkUnknown(): Problem {
  return new Problem('link-unknown', 'This link does not work: it was used, withdrawn, or is too old.', {
    status: 404,
  });
}

function passwordMissing(): Problem {
  return new Problem('password-missing', 'A name and a password are needed.', { status: 400 });
}
