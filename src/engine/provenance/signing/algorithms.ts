import { constants, type KeyObject, verify } from 'node:crypto';

/** How C2PA signs (C2PA 2.2 §13.2), under the names of c2pa-rs. */
export type SigningAlgorithm = keyof typeof algorithms;

interface AlgorithmFacts {
  /** COSE algorithm identifier (RFC 9053, RFC 8230). */
  cose: number;
  /** Name for node:crypto; null where the scheme hashes for itself. */
  hash: 'sha256' | 'sha384' | 'sha512' | null;
  hashBytes: number;
  key: 'ec' | 'rsa' | 'ed25519';
  /** Bytes of one coordinate of the curve. */
  coordinateBytes?: number;
}

export const algorithms = {
  es256: { cose: -7, hash: 'sha256', hashBytes: 32, key: 'ec', coordinateBytes: 32 },
  es384: { cose: -35, hash: 'sha384', hashBytes: 48, key: 'ec', coordinateBytes: 48 },
  es512: { cose: -36, hash: 'sha512', hashBytes: 64, key: 'ec', coordinateBytes: 66 },
  ps256: { cose: -37, hash: 'sha256', hashBytes: 32, key: 'rsa' },
  ps384: { cose: -38, hash: 'sha384', hashBytes: 48, key: 'rsa' },
  ps512: { cose: -39, hash: 'sha512', hashBytes: 64, key: 'rsa' },
  ed25519: { cose: -8, hash: null, hashBytes: 64, key: 'ed25519' },
} as const satisfies Record<string, AlgorithmFacts>;

/** The algorithms that a public key can sign with, the usual one first; none for a key that C2PA does not allow. */
export function algorithmsOfKey(key: KeyObject): SigningAlgorithm[] {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return ['ed25519'];
  if (type === 'ec') {
    // §13.2.1 names a hash for each algorithm and no curve; each hash goes with the curve of its strength (RFC 9053 §2.1).
    if (details?.namedCurve === 'prime256v1') return ['es256'];
    if (details?.namedCurve === 'secp384r1') return ['es384'];
    return details?.namedCurve === 'secp521r1' ? ['es512'] : [];
  }
  const bits = details?.modulusLength ?? 0;
  // §14.5.1.1: at least 2048 bits; above 16384 nobody verifies in sensible time.
  if (bits < 2048 || bits > 16384) return [];
  // A key that says "RSASSA-PSS only" in its certificate is allowed by §14.5.1.1, but c2pa-rs calls its signatures false.
  return type === 'rsa' ? ['ps256', 'ps384', 'ps512'] : [];
}

/** Length of a signature in bytes as COSE wants it: both coordinates of ECDSA side by side, no DER. */
export function signatureBytes(algorithm: SigningAlgorithm, key: KeyObject): number {
  const facts: AlgorithmFacts = algorithms[algorithm];
  if (facts.key === 'rsa') return Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  return 2 * (facts.coordinateBytes ?? 32);
}

/** Whether a signature in COSE's form holds over the message. */
export function verifySignature(
  algorithm: SigningAlgorithm,
  key: KeyObject,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const facts: AlgorithmFacts = algorithms[algorithm];
  if (signature.length !== signatureBytes(algorithm, key)) return false;
  return verify(facts.hash, message, { key, ...signatureOptions(algorithm) }, signature);
}

/** What node:crypto must be told to sign or verify as COSE says (RFC 9053 §2.1, RFC 8230 §2). */
export function signatureOptions(algorithm: SigningAlgorithm) {
  const facts: AlgorithmFacts = algorithms[algorithm];
  if (facts.key === 'ec') return { dsaEncoding: 'ieee-p1363' } as const;
  if (facts.key === 'rsa') return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: facts.hashBytes };
  return {};
}
