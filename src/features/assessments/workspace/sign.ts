import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { z } from 'zod';
import type { newSigningKeySchema, signingKeysSchema, signSchema } from '../../../contract/assessment-reports.ts';
import type { Assessment } from '../../../contract/assessments.ts';
import { Problem } from '../../../contract/problem.ts';
import { recordDeed } from '../../../platform/database/events.ts';
import { type Change, hold, organisationOf, recordDone } from './change.ts';
import { readAssessment, sha256Of } from './read.ts';
import {
  insertKey,
  insertSignature,
  keyById,
  keysOf,
  readBy,
  reportFilesOf,
  revokeKey,
  signaturesOf,
} from './signing-store.ts';

/** What whoever registers a key signs with it. */
export function proofText(person: string): string {
  return `clearmirror signing key ${person}`;
}

/** The asking person's keys. */
export async function signingKeys(change: Change): Promise<z.input<typeof signingKeysSchema>> {
  const rows = await keysOf(change.tx, personOf(change));
  return {
    items: rows.map((row) => ({
      id: row.id,
      name: row.name,
      publicKey: Buffer.from(row.public_key).toString('base64url'),
      fingerprint: fingerprintOf(row.public_key),
      madeAt: row.made_at.toISOString(),
      revokedAt: row.revoked_at?.toISOString() ?? null,
    })),
    next: null,
  };
}

/** Throws `key-not-held` when the proof was not made with it, `key-known`. */
export async function addSigningKey(
  change: Change,
  { name, publicKey, proof }: z.output<typeof newSigningKeySchema>,
): Promise<z.input<typeof signingKeysSchema>> {
  const { tx, now, caller } = change;
  const person = personOf(change);
  const raw = Buffer.from(publicKey, 'base64url');
  if (!isSignedBy(raw, Buffer.from(proofText(person)), Buffer.from(proof, 'base64url'))) {
    throw new Problem('key-not-held', 'The proof was not made with this key.', { status: 422 });
  }
  const id = await insertKey(tx, { organisation: organisationOf(change), person, name, publicKey: raw, now });
  if (id === null) throw new Problem('key-known', 'This key is registered already.', { status: 409 });
  await recordDeed(tx, caller, {
    kind: 'signing-key-added',
    subject: { type: 'signing-key', id },
    data: { name, fingerprint: fingerprintOf(raw) },
  });
  return signingKeys(change);
}

export async function revokeSigningKey(change: Change, id: string): Promise<z.input<typeof signingKeysSchema>> {
  const { tx, now, caller } = change;
  await ownKey(change, id);
  await revokeKey(tx, id, now);
  await recordDeed(tx, caller, { kind: 'signing-key-revoked', subject: { type: 'signing-key', id } });
  return signingKeys(change);
}

/**
 * Signs the report that stands, as one of its signatories, after its pages were opened. With the last signature the assessment is signed.
 * Throws `not-concluded`, `not-a-signatory`, `report-changed`, `report-not-read`, `signed-already`, `key-revoked`, `signature-wrong`.
 */
export async function signReport(
  change: Change,
  id: string,
  { reportSha256, key, signature }: z.output<typeof signSchema>,
): Promise<Assessment> {
  const { tx, now, caller } = change;
  const held = await hold(tx, id);
  const person = personOf(change);
  if (held.report === null || held.state !== 'concluding') {
    throw new Problem('not-concluded', 'There is no report to be signed.', {
      status: 409,
      params: { state: held.state },
    });
  }
  const own = held.signatories.find((one) => one.person === person);
  if (!own)
    throw new Problem('not-a-signatory', 'The report does not name you among its signatories.', { status: 403 });
  if (sha256Of(held.report) !== reportSha256) {
    throw new Problem('report-changed', 'That is not the report that stands.', { status: 409 });
  }
  await refuseUnread(change, id, { reportSha256, person });
  const standing = (await signaturesOf(tx, id)).filter(({ voided_at }) => voided_at === null);
  if (standing.some((one) => one.person_id === person)) {
    throw new Problem('signed-already', 'You signed it already.', { status: 409 });
  }
  const row = await ownKey(change, key);
  if (row.revoked_at) throw new Problem('key-revoked', 'This key was revoked.', { status: 409 });
  const signed = Buffer.from(signature, 'base64url');
  if (!isSignedBy(row.public_key, Buffer.from(reportSha256, 'hex'), signed)) {
    throw new Problem('signature-wrong', 'The signature does not hold.', { status: 422 });
  }
  const organisation = organisationOf(change);
  const { role } = own;
  const publicKey = Buffer.from(row.public_key);
  await insertSignature(tx, {
    organisation,
    assessment: id,
    person,
    role,
    key,
    publicKey,
    reportSha256,
    signature: signed,
    now,
  });
  const signers = new Set([...standing.map((one) => one.person_id), person]);
  const isWhole = held.signatories.every((one) => signers.has(one.person));
  await recordDone(change, held, {
    kind: 'report-signed',
    data: {
      report: reportSha256,
      role,
      fingerprint: fingerprintOf(row.public_key),
      ...(isWhole ? { whole: true } : {}),
    },
    ...(isWhole ? { columns: { state: 'signed' as const } } : {}),
    isEdit: true,
  });
  return readAssessment(tx, id, { now, person: caller.actor.person });
}

/** At least one of the sheets in some language; a person reads one of them, not all. */
async function refuseUnread(
  { tx }: Change,
  assessment: string,
  { reportSha256, person }: { reportSha256: string; person: string },
): Promise<void> {
  const files = await reportFilesOf(tx, assessment, reportSha256);
  const read = new Set(await readBy(tx, assessment, reportSha256, person));
  const sheets = Map.groupBy(
    files.filter(({ name }) => name.endsWith('.pdf')),
    ({ name }) => name.split('.')[0] ?? name,
  );
  const unread = [...sheets]
    .filter(([, some]) => !some.some(({ name }) => read.has(name)))
    .map(([rulebook]) => rulebook);
  if (unread.length === 0) return;
  throw new Problem('report-not-read', 'The report was not opened yet.', {
    status: 409,
    params: { rulebooks: unread.join(', ') },
  });
}

async function ownKey(change: Change, id: string) {
  const row = await keyById(change.tx, id);
  if (row?.person_id !== personOf(change)) throw new Problem('key-unknown', 'You have no such key.', { status: 404 });
  return row;
}

function personOf({ caller }: Change): string {
  const { person } = caller.actor;
  if (person === null || caller.key !== null) throw new Error('only people sign');
  return person;
}

function fingerprintOf(key: Uint8Array): string {
  return sha256Of(key)
    .slice(0, 16)
    .replace(/(.{4})(?=.)/g, '$1 ');
}

/** Ed25519 (RFC 8032) over the message itself. */
function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(null, message, asKey(publicKey), signature);
  } catch {
    return false;
  }
}

function asKey(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
