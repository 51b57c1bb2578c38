import { z } from 'zod';
import { clean, cleanLine, revisionSchema } from './fields.ts';
import { rulebookIdSchema, ruleIdSchema } from './rulebook.ts';

/** What the parts of an assessment have in common. */

export const assessmentStates = [
  'draft',
  'assessing',
  'rectifying',
  'concluding',
  'signed',
  'filed',
  'abandoned',
] as const;
export type AssessmentState = (typeof assessmentStates)[number];

export const line = (max: number) => z.string().trim().min(1).max(max).regex(cleanLine, 'field.no-control-characters');
export const words = (max: number) => z.string().trim().min(1).max(max).regex(clean, 'field.no-control-characters');
export const moment = z.iso.datetime({ offset: true });
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A member of the organisation. */
export const personSchema = z.object({ id: z.string(), name: z.string() });
export const personId = z.string().min(1).max(100);

export const ruleRefSchema = z.strictObject({ rulebook: rulebookIdSchema, id: ruleIdSchema });
export type RuleRef = z.output<typeof ruleRefSchema>;

/** The revision that was seen; a change over another one is refused. */
export const seen = { revision: revisionSchema.optional() };
