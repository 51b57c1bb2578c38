import { z } from 'zod';
import { revisionSchema } from './fields.ts';
import { doerSchema } from './screenings.ts';
import { targetSchema } from './target.ts';

/** The service under test 被测服务, as a server keeps it. */

/** A target as it is kept here: values of secrets come apart from it, and never go out again. */
export const keptTargetSchema = targetSchema.safeExtend({ secrets: z.strictObject({}).default({}) });

const secretChangesSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'field.short-name'),
  z
    .string()
    .min(1)
    .max(4_000)
    // A header would break on anything else, and a request could be smuggled.
    .regex(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/, 'field.secret')
    .nullable(),
);

export const newServiceTargetSchema = z.strictObject({
  revision: revisionSchema.describe('The one that was seen; 0: none was there.'),
  target: keptTargetSchema,
  /** Null forgets one; what is left out stays. */
  secrets: secretChangesSchema.default({}),
});

export const serviceTargetSchema = z
  .object({
    revision: revisionSchema,
    /** As it was written; null: nobody said yet how the service is reached. */
    target: z.record(z.string(), z.unknown()).nullable(),
    /** Names of the secrets that are kept. */
    secrets: z.array(z.string()),
    changedAt: z.iso.datetime().nullable(),
    by: doerSchema.nullable(),
  })
  .meta({ id: 'ServiceTarget' });
export type ServiceTarget = z.output<typeof serviceTargetSchema>;
