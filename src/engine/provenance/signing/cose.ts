import { encode, Tag } from 'cbor2';
import { algorithms, type SigningAlgorithm } from './algorithms.ts';

/** The header that the signature covers: algorithm and certificates, DER, the signer's first (RFC 9360 §2). */
export function protectedHeader(algorithm: SigningAlgorithm, chain: readonly Uint8Array[]): Uint8Array {
  return encode(
    new Map<number, unknown>([
      [headerAlgorithm, algorithms[algorithm].cose],
      // One certificate stands alone, several in an array.
      [headerChain, chain.length === 1 && chain[0] ? plain(chain[0]) : chain.map(plain)],
    ]),
  );
}

/** What the signer signs (C2PA 2.2 §13.2.3; RFC 9052 §4.4): the claim is a detached payload. */
export function toBeSigned(header: Uint8Array, claim: Uint8Array): Uint8Array {
  return encode(['Signature1', plain(header), new Uint8Array(0), plain(claim)]);
}

/**
 * What a time-stamp authority stamps (C2PA 2.2 §10.3.2.5): a countersignature over the signature field "including the bytes
 * that indicate the major type and the length".
 */
export function toBeStamped(header: Uint8Array, signature: Uint8Array): Uint8Array {
  return encode(['CounterSignature', plain(header), new Uint8Array(0), encode(plain(signature))]);
}

/**
 * COSE_Sign1_Tagged (RFC 9052 §4.2) of exactly `size` bytes, or as short as it can be without one. Zeros in `pad`, and in
 * `pad2` where one byte string cannot have the length, fill it up (C2PA 2.2 §10.4.2). Null where it does not fit.
 */
export function coseSign1(
  parts: { header: Uint8Array; signature: Uint8Array; token: Uint8Array | null },
  size?: number,
): Uint8Array | null {
  const bare = encodeSign1(parts, []);
  const pads = size === undefined ? [] : paddingOf(size - bare.length);
  return pads && encodeSign1(parts, pads);
}

/** Room to leave for padding where the size cannot be known to the byte: every length from here on can be reached. */
export const leastPadding = 8;

const headerAlgorithm = 1;
const headerChain = 33;
const tagSign1 = 18;

/** Token: the DER TimeStampToken of RFC 3161, as the one value of a tstContainer (§10.3.2.5.4). */
function encodeSign1(
  { header, signature, token }: { header: Uint8Array; signature: Uint8Array; token: Uint8Array | null },
  pads: readonly number[],
): Uint8Array {
  const open = new Map<string, unknown>();
  if (token) open.set('sigTst2', { tstTokens: [{ val: plain(token) }] });
  pads.forEach((length, index) => {
    open.set(index === 0 ? 'pad' : 'pad2', new Uint8Array(length));
  });
  return encode(new Tag(tagSign1, [plain(header), open, null, plain(signature)]));
}

/** Lengths of `pad` and `pad2` that make the structure longer by `missing` bytes. */
function paddingOf(missing: number): number[] | null {
  if (missing === 0) return [];
  const one = byteStringOf(missing - entryBytes('pad'));
  if (one !== null) return [one];
  // The header of a byte string grows with its length, so some sums have no solution: an empty `pad` shifts the rest.
  const two = byteStringOf(missing - entryBytes('pad') - 1 - entryBytes('pad2'));
  return two === null ? null : [0, two];
}

/** Length of the byte string that takes `total` bytes with its own header. */
function byteStringOf(total: number): number | null {
  for (const header of [1, 2, 3, 5]) {
    const length = total - header;
    if (length >= 0 && headBytes(length) === header) return length;
  }
  return null;
}

/** RFC 8949 §3: a length below 24 stands in the first byte. */
const headBytes = (length: number) => (length < 24 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 5);
const entryBytes = (name: string) => headBytes(name.length) + name.length;

/** A Buffer would be written as something else than a plain byte string. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
