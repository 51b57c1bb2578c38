/**
 * Name of the scheme in a manifest. It is not on C2PA's list of soft-binding algorithms, so it may not stand in a
 * `c2pa.soft-binding` assertion nor be called `c2pa.watermarked` (C2PA 2.2, 18.14): until it is listed it goes into an assertion of our own.
 */
export const identifierAlgorithm = 'org.clearmirror.identifier.1';

/** The value of a soft binding by this scheme: the identifier as eight bytes, most significant first. */
export function identifierBytes(identifier: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(identifier);
  return bytes;
}

/** The identifier for people and for JSON: sixteen hexadecimal digits in lower case. */
export function identifierText(identifier: bigint): string {
  return identifier.toString(16).padStart(16, '0');
}
