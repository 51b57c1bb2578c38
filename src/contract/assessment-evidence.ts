import { z } from 'zod';
import { probeIds } from './assessment.ts';
import { line, moment, ruleRefSchema, sha256, words } from './assessment-parts.ts';
import { cleanLine, reasonSchema } from './fields.ts';
import { storedDocumentSchema } from './filings.ts';
import { doerSchema } from './screenings.ts';

/** Evidence 证据 of an assessment. */

export const evidenceKinds = ['file', 'probe-run', 'screening', 'link', 'attestation'] as const;
const evidenceFields = {
  title: line(300),
  /** When what it shows was so. */
  observedAt: moment,
  /** From then on it supports nothing. */
  validUntil: moment.nullable().default(null),
  requirements: z.array(ruleRefSchema).min(1).max(200),
};
export const newEvidenceSchema = z.discriminatedUnion('kind', [
  /** Handed in before, `POST /api/v1/filing-documents`. */
  z.strictObject({ kind: z.literal('file'), ...evidenceFields, sha256 }),
  z.strictObject({
    kind: z.literal('link'),
    ...evidenceFields,
    url: z
      .url({ protocol: /^https?$/ })
      .max(1_000)
      .regex(cleanLine, 'field.no-control-characters'),
  }),
  z.strictObject({ kind: z.literal('attestation'), ...evidenceFields, statement: words(8_000) }),
  z.strictObject({ kind: z.literal('screening'), ...evidenceFields, screening: z.uuid() }),
]);
export type NewEvidence = z.output<typeof newEvidenceSchema>;

export const evidenceSchema = z
  .object({
    id: z.uuid(),
    no: z.number().int(),
    kind: z.enum(evidenceKinds),
    title: z.string(),
    observedAt: z.iso.datetime(),
    receivedAt: z.iso.datetime(),
    validUntil: z.iso.datetime().nullable(),
    lapsed: z.boolean(),
    /** Of the file, of the run of the probe, of the examined media, or of the words of an attestation. */
    sha256: z.string().nullable(),
    file: storedDocumentSchema.nullable(),
    url: z.string().nullable(),
    statement: z.string().nullable(),
    screening: z.uuid().nullable(),
    run: z.object({ id: z.uuid(), probe: z.enum(probeIds) }).nullable(),
    requirements: z.array(ruleRefSchema),
    by: doerSchema.nullable(),
    /** Taken over from the assessment before. */
    carriedFrom: z.uuid().nullable(),
    withdrawn: z.object({ at: z.iso.datetime(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'Evidence' });
export type Evidence = z.output<typeof evidenceSchema>;
export const withdrawEvidenceSchema = z.strictObject({ reason: reasonSchema });
