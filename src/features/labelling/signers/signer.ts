import { readFile } from 'node:fs/promises';
import { type SigningAlgorithm, verifySignature } from '../../../engine/provenance/signing/algorithms.ts';
import { type CheckedChain, certificatesOfPem, checkChain } from '../../../engine/provenance/signing/certificates.ts';
import { SigningRefusal } from '../../../engine/provenance/signing/refusal.ts';
import { SignerRefusal } from './refusal.ts';

/** Somebody who signs claims. The key is in a file, in a token or behind a service; here it is only asked. */
export interface Signer {
  algorithm: SigningAlgorithm;
  /** DER certificates, the signer's first, without the root. */
  chain: Uint8Array[];
  /**
   * The signature over the whole message, in COSE's form: r and s of ECDSA side by side, RSASSA-PSS with a salt as long as the
   * hash, Ed25519 as it is. Throws a SignerRefusal.
   */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A secret by where it is kept; never by its text, which would stand in shell histories and process lists. */
export type SecretPlace = { env: string } | { file: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks the chain of a PEM file, and settles the algorithm. Throws SignerRefusal or the engine's SigningRefusal. */
export async function readChain(
  file: string,
  wanted: SigningAlgorithm | undefined,
  at: Date,
): Promise<CheckedChain & { algorithm: SigningAlgorithm }> {
  const checked = checkChain(certificatesOfPem(await readText(file)), at);
  const [usual] = checked.algorithms;
  const algorithm = wanted ?? usual;
  if (!algorithm || !checked.algorithms.includes(algorithm)) throw new SigningRefusal('algorithm-unsupported', wanted);
  return { ...checked, algorithm };
}

/** A signer whose every signature is verified with the certificate before anybody uses it. */
export function verified(
  { chain, key, algorithm }: CheckedChain & { algorithm: SigningAlgorithm },
  sign: Signer['sign'],
): Signer {
  return {
    algorithm,
    chain,
    sign: async (message) => {
      const signature = await sign(message);
      if (!verifySignature(algorithm, key, message, signature)) throw new SignerRefusal('signature-does-not-verify');
      return signature;
    },
  };
}

export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SignerRefusal('signer-file-missing', file, { cause });
  }
}

/** The secret without the line end that editors put after it. */
export async function readSecret(place: SecretPlace, environment: Environment): Promise<string> {
  const secret = 'env' in place ? environment[place.env] : await readText(place.file);
  const trimmed = secret?.replace(/\r?\n$/, '');
  if (!trimmed) throw new SignerRefusal('signer-secret-missing', 'env' in place ? place.env : place.file);
  return trimmed;
}
