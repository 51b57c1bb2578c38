import { z } from 'zod';
import { assessmentRecordSchema, probeIds } from './assessment.ts';
import { doerSchema } from './screenings.ts';

/** Runs of probes 探针运行 for an assessment. */

export const runStates = ['queued', 'working', 'done', 'failed', 'stopped'] as const;
export type RunState = (typeof runStates)[number];
export const newRunSchema = z.strictObject({
  /** How many in all. */
  samples: z.number().int().min(1).max(2_000).default(200),
  /** Those that the requirements ask for when left out. */
  probes: z.array(z.enum(probeIds)).min(1).max(probeIds.length).optional(),
  /** Publications that a search for the shortest chain of edits may take besides; 0 makes none. */
  search: z.number().int().min(0).max(2_000).default(0),
});
/** One letter for each step that is done, in order: everything kept, something lost, something unclear. */
export const probeProgressSchema = z.object({
  probe: z.enum(probeIds),
  samples: z.number().int(),
  marks: z.string().regex(/^[klu]*$/),
  done: z.boolean(),
});
export type ProbeProgress = z.output<typeof probeProgressSchema>;
export const runSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(runStates),
    samples: z.number().int(),
    probes: z.array(z.enum(probeIds)).nullable(),
    search: z.number().int(),
    step: z.enum(['samples', 'probes', 'search', 'clean-up']).nullable(),
    progress: z.array(probeProgressSchema),
    failure: z
      .object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) })
      .nullable(),
    /** How often work on it began: more than once, and it went on where another process died. */
    starts: z.number().int(),
    requests: z.number().int().nullable(),
    leftBehind: z.number().int().nullable(),
    recordSha256: z.string().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
    by: doerSchema.nullable(),
  })
  .meta({ id: 'AssessmentRun' });
export type Run = z.output<typeof runSchema>;
export const runDetailSchema = runSchema
  .extend({ assessment: z.uuid(), record: assessmentRecordSchema.nullable() })
  .meta({ id: 'AssessmentRunDetail' });
