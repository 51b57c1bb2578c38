import { type SigningAlgorithm, signatureBytes, verifySignature } from './algorithms.ts';
import { checkChain } from './certificates.ts';
import { coseSign1, leastPadding, protectedHeader, toBeSigned, toBeStamped } from './cose.ts';
import { SigningRefusal } from './refusal.ts';

/** Who signs. Keys and networks are elsewhere: these are calls out of the glass box. */
export interface Signing {
  /** DER certificates, the signer's first. */
  chain: readonly Uint8Array[];
  algorithm: SigningAlgorithm;
  /** Signs the bytes (hashing them as the algorithm says) and answers in COSE's form: both halves of ECDSA side by side. */
  sign(message: Uint8Array): Promise<Uint8Array>;
  timestamp?: Timestamping | undefined;
  /** Now, for the dates of the certificates. */
  at: Date;
}

export interface Timestamping {
  /** Answers with a DER TimeStampToken (RFC 3161 §2.4.2) over the message. */
  stamp(message: Uint8Array): Promise<Uint8Array>;
  /** Length of such a token, where one is known. Without it one more token is asked for, to see. */
  tokenBytes?: number | undefined;
}

/** Makes claim signatures of one length, which is known before there is a claim. */
export interface Seal {
  algorithm: SigningAlgorithm;
  /** Length of every claim signature in bytes. */
  size: number;
  /** The claim signature: COSE_Sign1 over the claim's CBOR, with its time stamp. */
  close(claim: Uint8Array): Promise<Uint8Array>;
}

/**
 * Runs `work` with a seal for this signer; once more, with more room, where the time-stamp token came out longer than expected.
 * Throws a SigningRefusal for a chain that C2PA does not let sign, and for a signature that does not hold.
 */
export async function withSeal<T>(signing: Signing, work: (seal: Seal) => Promise<T>): Promise<T> {
  const { chain, key, algorithms: possible } = checkChain(signing.chain, signing.at);
  const { algorithm, timestamp } = signing;
  if (!possible.includes(algorithm)) throw new SigningRefusal('algorithm-unsupported', `${algorithm} with this key`);
  const header = protectedHeader(algorithm, chain);
  const empty = new Uint8Array(signatureBytes(algorithm, key));

  const sealFor = (tokenBytes: number | null): Seal => {
    const size = sizeFor(header, empty, tokenBytes);
    return {
      algorithm,
      size,
      close: async (claim) => {
        const message = toBeSigned(header, claim);
        const signature = await signing.sign(message);
        if (!verifySignature(algorithm, key, message, signature)) throw new SigningRefusal('key-mismatch');
        const token = timestamp ? await timestamp.stamp(toBeStamped(header, signature)) : null;
        const cose = coseSign1({ header, signature, token }, size);
        if (!cose) throw new TokenTooLong(token?.length ?? 0);
        return cose;
      },
    };
  };

  if (!timestamp) return work(sealFor(null));
  const expected = timestamp.tokenBytes ?? (await timestamp.stamp(toBeStamped(header, empty))).length;
  try {
    return await work(sealFor(expected));
  } catch (error) {
    if (!(error instanceof TokenTooLong)) throw error;
    return await work(sealFor(error.bytes)).catch((again) => {
      throw again instanceof TokenTooLong ? new SigningRefusal('timestamp-too-large') : again;
    });
  }
}

/** Longest token there is room for; real ones take 2 to 7 kB, with the authority's certificates. */
const maxTokenBytes = 64 * 1024;
/** Tokens of one authority differ by some bytes: serial number, fractions of a second, a signature in DER. */
const tokenSlack = 64;

class TokenTooLong extends Error {
  readonly bytes: number;

  constructor(bytes: number) {
    super('time-stamp token longer than the room for it');
    this.bytes = bytes;
  }
}

/** The structure's own length: to the byte without a time stamp, with room for a slightly longer token otherwise. */
function sizeFor(header: Uint8Array, signature: Uint8Array, tokenBytes: number | null): number {
  if (tokenBytes !== null && tokenBytes > maxTokenBytes) throw new SigningRefusal('timestamp-too-large');
  const token = tokenBytes === null ? null : new Uint8Array(tokenBytes + tokenSlack);
  const bare = coseSign1({ header, signature, token })?.length ?? 0;
  return token ? bare + leastPadding : bare;
}
