import { createHash } from 'node:crypto';
import { z } from 'zod';
import { algorithms, type SigningAlgorithm } from '../../../engine/provenance/signing/algorithms.ts';
import { post } from './post.ts';
import { SignerRefusal } from './refusal.ts';
import { type Environment, readChain, readSecret, type SecretPlace, type Signer, verified } from './signer.ts';

export interface HttpSignerSettings {
  /** https, or http to this machine itself. */
  url: string;
  /** The service's own name for the key. */
  keyId: string;
  /** Certificates, PEM, the signer's first. */
  chainFile: string;
  algorithm?: SigningAlgorithm | undefined;
  /** Sent as `Authorization: Bearer …`. */
  token?: SecretPlace | undefined;
  /** Whether the service gets the whole message, or only its hash. Ed25519 cannot do with the hash. The message unless said. */
  send?: 'message' | 'digest' | undefined;
  /** For one signature. 10 s unless said. */
  timeoutMs?: number | undefined;
}

/**
 * A signer behind a key-management service. The contract, for whoever puts a service behind it:
 *
 *     POST {url}
 *     Authorization: Bearer {token}          when there is one
 *     Content-Type: application/json
 *     {"alg": "es256", "keyId": "…", "message": "{base64}"}
 *     {"alg": "es256", "keyId": "…", "digest": "{base64}", "hash": "sha256"}       with `send: 'digest'`
 *
 *     200, application/json: {"signature": "{base64}"}
 *
 * `alg` is one of es256, es384, es512, ps256, ps384, ps512, ed25519. The signature is r and s side by side (ECDSA, as
 * COSE and JOSE want it), RSASSA-PSS with MGF1 of the same hash and a salt as long as the hash, or Ed25519 (RFC 8032). Any
 * other status is a refusal; redirects are not followed; more than 16 KiB are not read. The signature is verified with the
 * certificate before it is used.
 */
export async function openHttpSigner(
  settings: HttpSignerSettings,
  environment: Environment,
  at: Date,
): Promise<Signer> {
  const url = serviceAddress(settings.url);
  const chain = await readChain(settings.chainFile, settings.algorithm, at);
  const token = settings.token && (await readSecret(settings.token, environment));
  const { algorithm } = chain;
  return verified(chain, async (message) => {
    const bytes = await post({
      service: 'signer',
      url,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: Buffer.from(
        JSON.stringify({ alg: algorithm, keyId: settings.keyId, ...payload(message, algorithm, settings) }),
      ),
      timeoutMs: settings.timeoutMs ?? 10_000,
      maxBytes: 16 * 1024,
    });
    return readSignature(bytes);
  });
}

function payload(message: Uint8Array, algorithm: SigningAlgorithm, { send }: HttpSignerSettings) {
  const { hash } = algorithms[algorithm];
  if (send !== 'digest' || hash === null) return { message: Buffer.from(message).toString('base64') };
  return { digest: createHash(hash).update(message).digest('base64'), hash };
}

const answerSchema = z.object({ signature: z.base64().max(8192) });

function readSignature(bytes: Uint8Array): Uint8Array {
  try {
    const { signature } = answerSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return new Uint8Array(Buffer.from(signature, 'base64'));
  } catch (cause) {
    throw new SignerRefusal('signer-bad-answer', '', { cause });
  }
}

function serviceAddress(address: string): URL {
  const url = URL.parse(address);
  const isLocal = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return url;
  throw new SignerRefusal('signer-address-insecure', url?.protocol ?? '');
}
