import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

/** What a sealed text is bound to: it opens only where all of it is the same again. */
export interface Seal {
  /** The installation's. */
  secret: string;
  /** Known to whoever may open it, and kept only as a hash. */
  key: string;
  /** Whose it is, not secret. */
  owner: string;
}

/** Encrypts a text (AES-256-GCM, the key by HKDF from both secrets), so that a copy of the database holds nothing to read. */
export function seal(text: string, { secret, key, owner }: Seal): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secret, key), iv).setAAD(Buffer.from(owner));
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** The text again; throws when it was sealed under anything else. */
export function unseal(sealed: Uint8Array, { secret, key, owner }: Seal): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret, key), bytes.subarray(0, ivBytes))
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(-tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8');
}

function sealingKey(secret: string, key: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, key, 'clearmirror idempotency', 32));
}
