import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as text that fits into an address. Only its hash is kept. */
export function newSecret(prefix = ''): { secret: string; sha256: Buffer } {
  const secret = prefix + randomBytes(32).toString('base64url');
  return { secret, sha256: hashSecret(secret) };
}

/** A plain hash is enough for a secret of 256 bits: there is nothing to guess. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
