import { z } from 'zod';
import { cleanLine, nameInSchema, refSchema, searchSchema, slugSchema } from './fields.ts';
import { pageOf, pageQuerySchema } from './paging.ts';
import { rulebookIdSchema } from './rulebook.ts';

/**
 * Reports that were filed with an authority. `recorded`: made on an official platform and noted here by the company. `here`: made in
 * Clearmirror. docs/workflows/filing.md draws their life.
 */

export const filingStates = ['filed', 'accepted', 'returned', 'withdrawn'] as const;
export type FilingState = (typeof filingStates)[number];

// One line for lists, forms and terminals.
const line = (max: number) => z.string().trim().min(1).max(max).regex(cleanLine, 'field.no-control-characters');
const day = z.iso.date();
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** A copy of what was filed or answered: an uploaded file by its SHA-256, or words that say where it is. */
export const filedDocumentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), sha256: sha256Schema }),
  z.strictObject({ kind: z.literal('link'), text: line(1000) }),
]);

/** What the report was about: the launch of a service, a version of a function, or a happening. */
export const newFilingSchema = z.strictObject({
  rulebook: rulebookIdSchema,
  service: refSchema,
  function: refSchema.nullable().default(null),
  /** The current one when left out. */
  version: z.number().int().min(1).optional(),
  happening: z.uuid().nullable().default(null),
  /** Where it was filed, such as 全国互联网安全管理服务平台. */
  authority: line(300),
  /** The number that it was given there. */
  number: line(100).nullable().default(null),
  filedOn: day,
  /** Who filed it, by name. */
  filedBy: line(200),
  document: filedDocumentSchema.nullable().default(null),
});
export type NewFiling = z.output<typeof newFilingSchema>;

/** To correct how it was recorded. What is left out stays; the report itself and its state do not change by this. */
export const filingChangesSchema = z.strictObject({
  revision: z.number().int().min(0).optional(),
  authority: line(300).optional(),
  number: line(100).nullable().optional(),
  filedBy: line(200).optional(),
  document: filedDocumentSchema.nullable().optional(),
});
export type FilingChanges = z.output<typeof filingChangesSchema>;

const seen = { revision: z.number().int().min(0).optional(), on: day };
export const filingMoveSchema = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('accepted'), ...seen, number: line(100).optional() }),
  z.strictObject({ to: z.literal('returned'), ...seen, reason: line(2000) }),
  /** Filed again after it was returned. */
  z.strictObject({
    to: z.literal('filed'),
    ...seen,
    number: line(100).optional(),
    filedBy: line(200),
    document: filedDocumentSchema.nullable().optional(),
  }),
  z.strictObject({ to: z.literal('withdrawn'), ...seen, reason: line(2000) }),
]);
export type FilingMove = z.output<typeof filingMoveSchema>;

export const filingStepSchema = z
  .object({
    to: z.enum(filingStates),
    /** The day on which it happened. */
    on: day,
    reason: z.string().nullable(),
    number: z.string().nullable(),
    /** When and by whom it was recorded. */
    at: z.iso.datetime(),
    by: z.string().nullable(),
  })
  .meta({ id: 'FilingStep' });

export const storedDocumentSchema = z
  .object({
    sha256: sha256Schema,
    name: z.string(),
    bytes: z.number().int(),
    /** As the uploader said; it is served as a download, never shown as that. */
    mediaType: z.string(),
  })
  .meta({ id: 'StoredDocument' });
export type StoredDocument = z.output<typeof storedDocumentSchema>;

export const filingSchema = z
  .object({
    id: z.uuid(),
    revision: z.number().int(),
    made: z.enum(['recorded', 'here']),
    rulebook: z.string(),
    service: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema }),
    function: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema, version: z.number().int() }).nullable(),
    happening: z.object({ id: z.uuid(), kind: z.string(), on: z.string() }).nullable(),
    state: z.enum(filingStates),
    authority: z.string(),
    number: z.string().nullable(),
    filedOn: day,
    filedBy: z.string(),
    /** Why it was returned or withdrawn last. */
    reason: z.string().nullable(),
    document: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('file'), file: storedDocumentSchema }),
        z.object({ kind: z.literal('link'), text: z.string() }),
      ])
      .nullable(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Filing' });
export type Filing = z.output<typeof filingSchema>;
export const filingWithStepsSchema = filingSchema
  .extend({ steps: z.array(filingStepSchema) })
  .meta({ id: 'FilingWithSteps' });
export type FilingWithSteps = z.output<typeof filingWithStepsSchema>;

export const filingQuerySchema = pageQuerySchema.extend({
  service: refSchema.optional(),
  function: z.uuid().optional(),
  rulebook: rulebookIdSchema.optional(),
  state: z.enum(filingStates).optional(),
  search: searchSchema.optional().describe('Part of the number, the authority, or a name.'),
});
export const filingsSchema = pageOf(filingSchema);

/** The most that one uploaded document may hold. */
export const maxDocumentBytes = 30 * 1024 * 1024;
