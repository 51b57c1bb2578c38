import { z } from 'zod';
import {
  exhibitsSchema,
  findingSchema,
  mediaFormatSchema,
  mediaKindSchema,
  mediaSchema,
  signalSchema,
} from '../contract/screening.ts';
import { stages } from './protocol.ts';

/*
 * Loaded while the first box starts: schemas take a while to build, and a person is waiting.
 */

export const readySchema = z.object({ type: z.literal('ready'), tools: z.record(z.string(), z.string()) });

/** The examiner handles hostile bytes, so its answers are checked like any foreign input. */
export const answerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stage'), stage: z.enum(stages) }),
  z.object({ type: z.literal('done'), spent: z.boolean() }),
  z.object({
    type: z.literal('part'),
    bytes: z.number().int().nonnegative().optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    format: mediaFormatSchema.optional(),
    kind: mediaKindSchema.optional(),
    media: mediaSchema.optional(),
    signals: z.array(signalSchema).max(1_000).optional(),
    findings: z.array(findingSchema).max(1_000).optional(),
    exhibits: exhibitsSchema.optional(),
    tools: z.record(z.string().max(64), z.string().max(64)).optional(),
  }),
]);
