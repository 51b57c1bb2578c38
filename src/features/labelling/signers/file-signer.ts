import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { algorithms, type SigningAlgorithm, signatureOptions } from '../../../engine/provenance/signing/algorithms.ts';
import { SignerRefusal } from './refusal.ts';
import {
  type Environment,
  readChain,
  readSecret,
  readText,
  type SecretPlace,
  type Signer,
  verified,
} from './signer.ts';

export interface FileSignerSettings {
  /** PKCS#8, PEM, encrypted or not. */
  keyFile: string;
  /** Certificates, PEM, the signer's first. */
  chainFile: string;
  /** For an encrypted key. */
  passphrase?: SecretPlace | undefined;
  /** What the key usually signs with, unless said. */
  algorithm?: SigningAlgorithm | undefined;
}

/** A signer whose key lies in a file. `at`: now, for the dates of the certificates. */
export async function openFileSigner(
  settings: FileSignerSettings,
  environment: Environment,
  at: Date,
): Promise<Signer> {
  const chain = await readChain(settings.chainFile, settings.algorithm, at);
  const passphrase = settings.passphrase && (await readSecret(settings.passphrase, environment));
  const key = readKey(await readText(settings.keyFile), passphrase, settings.keyFile);
  if (!createPublicKey(key).equals(chain.key)) throw new SignerRefusal('key-mismatch');
  const { algorithm } = chain;
  return verified(
    chain,
    async (message) =>
      new Uint8Array(sign(algorithms[algorithm].hash, message, { key, ...signatureOptions(algorithm) })),
  );
}

function readKey(pem: string, passphrase: string | undefined, file: string): KeyObject {
  try {
    return createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
  } catch (cause) {
    const isEncrypted = pem.includes('ENCRYPTED');
    throw new SignerRefusal(isEncrypted ? 'signer-passphrase-wrong' : 'signer-key-unreadable', file, { cause });
  }
}
