import { z } from 'zod';
import { probeIds, severities } from './assessment.ts';
import { assessmentStates, line, personId, personSchema, ruleRefSchema, seen, words } from './assessment-parts.ts';
import { daySchema, nameInSchema, reasonSchema, refSchema, revisionSchema, slugSchema } from './fields.ts';
import { pageOf, pageQuerySchema } from './paging.ts';
import { doerSchema } from './screenings.ts';

/** Hazards 隐患, and their rectification 整改. */

export const hazardStates = ['open', 'planned', 'done', 'verified'] as const;
export type HazardState = (typeof hazardStates)[number];
export const impacts = ['misleads', 'hinders', 'weakens'] as const;
export const frequencies = ['usual', 'frequent', 'occasional'] as const;

export const newHazardSchema = z.strictObject({
  title: line(500),
  impact: z.enum(impacts),
  frequency: z.enum(frequencies),
  requirements: z.array(ruleRefSchema).min(1).max(50),
  reproduce: z.array(words(2_000)).max(20).default([]),
});
export type NewHazard = z.output<typeof newHazardSchema>;

export const hazardMoveSchema = z.discriminatedUnion('to', [
  /** Who, and by when. */
  z.strictObject({ to: z.literal('planned'), ...seen, owner: personId, dueOn: daySchema, plan: words(4_000) }),
  z.strictObject({ to: z.literal('extended'), ...seen, dueOn: daySchema, reason: reasonSchema }),
  z.strictObject({ to: z.literal('done'), ...seen, note: words(4_000) }),
  z.strictObject({ to: z.literal('open'), ...seen, reason: reasonSchema }),
  /** Only of what no probe found: by evidence of this assessment. */
  z.strictObject({ to: z.literal('verified'), ...seen, evidence: z.uuid() }),
]);
export type HazardMove = z.output<typeof hazardMoveSchema>;

export const hazardStepSchema = z.object({
  to: z.enum(['found', 'planned', 'extended', 'done', 'open', 'verified', 'found-again', 'not-verified']),
  at: z.iso.datetime(),
  by: doerSchema.nullable(),
  dueOn: daySchema.nullable(),
  note: z.string().nullable(),
  run: z.uuid().nullable(),
});
export const hazardSchema = z
  .object({
    id: z.uuid(),
    no: z.number().int(),
    revision: revisionSchema,
    assessment: z.object({ id: z.uuid(), state: z.enum(assessmentStates) }),
    service: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema }),
    function: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema }).nullable(),
    /** Written by a person; null where a probe found it, and `seen` says what. */
    title: z.string().nullable(),
    seen: z
      .object({
        probe: z.enum(probeIds),
        subject: z.string(),
        code: z.string(),
        params: z.record(z.string(), z.union([z.string(), z.number()])),
        lost: z.number().int(),
        tried: z.number().int(),
        reproduce: z.array(
          z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }),
        ),
        run: z.uuid(),
        /** Found by a search over chains of edits: another search verifies it. */
        search: z.boolean(),
      })
      .nullable(),
    reproduce: z.array(z.string()),
    requirements: z.array(ruleRefSchema),
    severity: z.enum(severities),
    /** False: it breaks only rules whose text nobody has read, so it warns and holds nothing up. */
    verifiedRule: z.boolean(),
    state: z.enum(hazardStates),
    owner: personSchema.nullable(),
    plan: z.string().nullable(),
    foundAt: z.iso.datetime(),
    plannedAt: z.iso.datetime().nullable(),
    /** The one that stands, after extensions. */
    dueOn: daySchema.nullable(),
    firstDueOn: daySchema.nullable(),
    doneAt: z.iso.datetime().nullable(),
    verifiedAt: z.iso.datetime().nullable(),
    steps: z.array(hazardStepSchema),
  })
  .meta({ id: 'Hazard' });
export type Hazard = z.output<typeof hazardSchema>;
export const hazardsSchema = pageOf(hazardSchema);
export const hazardQuerySchema = pageQuerySchema.extend({
  assessment: z.uuid().optional(),
  service: refSchema.optional(),
  state: z.enum(hazardStates).optional(),
  owner: personId.optional(),
  /** Not verified yet. */
  open: z.stringbool().optional(),
});
