import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Say } from '../../contract/words.ts';
import { SigningRefusal } from '../../engine/provenance/signing/refusal.ts';
import type { SigningTools } from './credentials.ts';
import { refusal } from './refusals.ts';
import { openFileSigner } from './signers/file-signer.ts';
import { openHttpSigner } from './signers/http-signer.ts';
import { openPkcs11Signer } from './signers/pkcs11-signer.ts';
import { SignerRefusal } from './signers/refusal.ts';
import type { Environment, Signer } from './signers/signer.ts';
import { openTimestamping } from './signers/timestamp.ts';

const secretSchema = z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })]);
const common = {
  /** PEM, the signer's first. */
  chainFile: z.string().min(1),
  algorithm: z.enum(['es256', 'es384', 'es512', 'ps256', 'ps384', 'ps512', 'ed25519']).optional(),
  /** Address of an RFC 3161 authority. */
  timestamp: z.string().min(1).optional(),
};

/** A settings file for a signer (YAML): where key and certificates are, never the secrets themselves. Paths are relative to the file. */
export const signerSettingsSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    ...common,
    keyFile: z.string().min(1),
    passphrase: secretSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('pkcs11'),
    ...common,
    module: z.string().min(1),
    token: z.union([z.strictObject({ label: z.string() }), z.strictObject({ slot: z.number().int().nonnegative() })]),
    key: z.union([z.strictObject({ id: z.string().regex(/^[0-9a-fA-F]+$/) }), z.strictObject({ label: z.string() })]),
    pin: secretSchema,
  }),
  z.strictObject({
    kind: z.literal('http'),
    ...common,
    url: z.string().min(1),
    keyId: z.string().min(1),
    token: secretSchema.optional(),
    send: z.enum(['message', 'digest']).optional(),
  }),
]);
export type SignerSettings = z.infer<typeof signerSettingsSchema>;

export interface OpenSigning {
  settings: SignerSettings;
  /** Where named secrets are looked up. */
  environment: Environment;
  now: Date;
  say: Say;
}

/** Opens the key and checks the certificates before a file is touched. Throws a Problem that says what is wrong with them. */
export async function openSigning({ settings, environment, now, say }: OpenSigning): Promise<SigningTools> {
  try {
    const signer = await openSigner(settings, environment, now);
    const timestamping = settings.timestamp === undefined ? null : openTimestamping({ url: settings.timestamp });
    const [leaf] = signer.chain;
    return {
      algorithm: signer.algorithm,
      chain: signer.chain,
      subject: leaf ? subjectOf(leaf) : '',
      sign: (message) => signer.sign(message),
      stamp: timestamping ? (message) => timestamping.stamp(message) : null,
    };
  } catch (error) {
    throw signingProblem(error, say);
  }
}

/** What a signer or authority refused, as a Problem; anything else as it is. */
export function signingProblem(error: unknown, say: Say): unknown {
  if (error instanceof SignerRefusal) return refusal(say, `label-${error.code}`, { where: error.detail }, error);
  if (error instanceof SigningRefusal) return refusal(say, `label-sign-${error.code}`, { where: error.detail }, error);
  return error;
}

/** Reads a settings file; what is wrong in it is named by its place. */
export function readSignerSettings(file: string, say: Say): SignerSettings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw refusal(say, 'label-signer-file-missing', { where: file }, error);
  }
  let written: unknown;
  try {
    written = parse(text);
  } catch (error) {
    throw refusal(say, 'label-signer-settings', { file, where: 'YAML' }, error);
  }
  const settings = signerSettingsSchema.safeParse(written);
  if (!settings.success) {
    const [issue] = settings.error.issues;
    throw refusal(say, 'label-signer-settings', { file, where: issue?.path.join('.') || 'kind' });
  }
  return withPathsFrom(dirname(resolve(file)), settings.data);
}

function withPathsFrom(folder: string, settings: SignerSettings): SignerSettings {
  const at = (path: string) => resolve(folder, path);
  const chainFile = at(settings.chainFile);
  if (settings.kind === 'file') return { ...settings, chainFile, keyFile: at(settings.keyFile) };
  return { ...settings, chainFile };
}

function openSigner(settings: SignerSettings, environment: Environment, now: Date): Promise<Signer> {
  switch (settings.kind) {
    case 'file':
      return openFileSigner(settings, environment, now);
    case 'pkcs11':
      return openPkcs11Signer(settings, environment, now);
    case 'http':
      return openHttpSigner(settings, environment, now);
  }
}

/** The common name of the certificate, else its whole subject on one line. */
function subjectOf(der: Uint8Array): string {
  const { subject } = new X509Certificate(der);
  return /^CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');
}
