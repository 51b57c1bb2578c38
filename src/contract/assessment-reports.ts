import { z } from 'zod';
import { line, personSchema, sha256 } from './assessment-parts.ts';
import { pageOf } from './paging.ts';

/** The report 评估报告, and its signatures 签署. */

export const reportFileSchema = z.object({
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number().int(),
  sha256,
});
/** Fixed when it was concluded. `sha256` is that of the manifest, which names every file with its own: it is what is signed. */
export const reportSchema = z
  .object({
    sha256,
    at: z.iso.datetime(),
    files: z.array(reportFileSchema),
    /** Those that the asking person opened. */
    read: z.array(z.string()),
  })
  .meta({ id: 'AssessmentReport' });

export const signatureSchema = z
  .object({
    id: z.uuid(),
    person: personSchema,
    role: z.string(),
    reportSha256: sha256,
    algorithm: z.literal('Ed25519'),
    /** Base64url of the 32 bytes of the key, and of the 64 of the signature over the 32 bytes of `reportSha256`. */
    publicKey: z.string(),
    signature: z.string(),
    at: z.iso.datetime(),
    voided: z.object({ at: z.iso.datetime(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'AssessmentSignature' });
export type Signature = z.output<typeof signatureSchema>;

export const signSchema = z.strictObject({
  /** Which report was read. */
  reportSha256: sha256,
  key: z.uuid(),
  signature: z.base64url().length(86),
});
export const newSigningKeySchema = z.strictObject({
  name: line(100),
  publicKey: z.base64url().length(43),
  /** Over the UTF-8 of `clearmirror signing key <person id>`: whoever registers it holds it. */
  proof: z.base64url().length(86),
});
export const signingKeySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    publicKey: z.string(),
    /** The first 16 hex digits of the SHA-256 of the key, in fours. */
    fingerprint: z.string(),
    madeAt: z.iso.datetime(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'SigningKey' });
export const signingKeysSchema = pageOf(signingKeySchema);
