import { z } from 'zod';
import { probeIds, requirementResults } from './assessment.ts';
import { evidenceSchema } from './assessment-evidence.ts';
import { assessmentStates, line, personId, personSchema, ruleRefSchema, seen, words } from './assessment-parts.ts';
import { reportSchema, signatureSchema } from './assessment-reports.ts';
import { runSchema } from './assessment-runs.ts';
import { daySchema, nameInSchema, reasonSchema, refSchema, revisionSchema, slugSchema } from './fields.ts';
import { hazardSchema } from './hazards.ts';
import { pageOf, pageQuerySchema } from './paging.ts';
import { bothSchema, methods, provenances, rulebookIdSchema, ruleIdSchema } from './rulebook.ts';
import { doerSchema } from './screenings.ts';

/** The assessment workspace: what the server keeps of one assessment. docs/workflows/assessment-workspace.md draws its life. */

export const newAssessmentSchema = z.strictObject({
  service: refSchema,
  function: refSchema.nullable().default(null),
  rulebooks: z.array(rulebookIdSchema).min(1).max(20),
  /** A re-assessment: starts from that one and shows what changed. */
  previous: z.uuid().nullable().default(null),
});
export type NewAssessment = z.output<typeof newAssessmentSchema>;

const signatorySchema = z.strictObject({ person: personId, role: line(200) });
/** By `<section>.<field>` of the rulebook's form, before it the rulebook: `cn-2018/unit.name`. */
const answersSchema = z.record(z.string().regex(/^[a-z0-9-]+\/[a-z0-9_]+\.[a-z0-9_]+$/), words(20_000).nullable());

export const assessmentChangesSchema = z.strictObject({
  revision: revisionSchema.optional(),
  conclusion: words(20_000).nullable().optional(),
  /** What only people can say in the official form. What is left out stays; null takes an answer back. */
  answers: answersSchema.optional(),
  signatories: z.array(signatorySchema).max(20).optional(),
});
export type AssessmentChanges = z.output<typeof assessmentChangesSchema>;

export const assessmentMoveSchema = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('assessing'), ...seen, reason: reasonSchema.nullable().default(null) }),
  z.strictObject({ to: z.literal('rectifying'), ...seen }),
  /** The report that was recorded under Filings. */
  z.strictObject({ to: z.literal('filed'), ...seen, filing: z.uuid() }),
  z.strictObject({ to: z.literal('abandoned'), ...seen, reason: reasonSchema }),
]);
export type AssessmentMove = z.output<typeof assessmentMoveSchema>;

/** What stands in the way of the conclusion. */
export const blockCodes = [
  'requirement-open',
  'no-evidence',
  'evidence-lapsed',
  'hazard-open',
  'run-under-way',
  'conclusion-missing',
  'signatory-missing',
] as const;
export const blockSchema = z
  .object({
    code: z.enum(blockCodes),
    requirement: ruleRefSchema.nullable(),
    hazard: z.uuid().nullable(),
    evidence: z.uuid().nullable(),
  })
  .meta({ id: 'AssessmentBlock' });
export type Block = z.output<typeof blockSchema>;

export const changeKinds = ['added', 'text', 'result'] as const;

export const requirementItemSchema = z
  .object({
    rulebook: z.string(),
    id: ruleIdSchema,
    clause: bothSchema,
    title: bothSchema,
    text: bothSchema,
    verified: z.boolean(),
    provenance: z.enum(provenances),
    method: z.array(z.enum(methods)),
    result: z.enum(requirementResults),
    /** In the words of whoever answered. */
    reason: z.string().nullable(),
    /** What the probes said last. */
    tested: z
      .object({
        run: z.uuid(),
        at: z.iso.datetime(),
        result: z.enum(requirementResults),
        code: z.string(),
        probes: z.array(z.enum(probeIds)),
        kept: z.number().int(),
        lost: z.number().int(),
        unclear: z.number().int(),
      })
      .nullable(),
    answeredBy: z.enum(['probe', 'person']).nullable(),
    answeredAt: z.iso.datetime().nullable(),
    by: doerSchema.nullable(),
    assignee: personSchema.nullable(),
    dueOn: daySchema.nullable(),
    /** Ids of evidence that is not withdrawn. */
    evidence: z.array(z.uuid()),
    hazards: z.array(z.uuid()),
    comments: z.number().int(),
    /** In the assessment before. */
    before: z.object({ result: z.enum(requirementResults), reason: z.string().nullable() }).nullable(),
    changed: z.array(z.enum(changeKinds)),
  })
  .meta({ id: 'RequirementItem' });
export type RequirementItem = z.output<typeof requirementItemSchema>;

export const answerChangesSchema = z
  .strictObject({
    result: z.enum(requirementResults).optional(),
    reason: words(8_000).nullable().optional(),
    assignee: personId.nullable().optional(),
    dueOn: daySchema.nullable().optional(),
    /** The result that was seen: an answer over one that changed meanwhile is refused. */
    seen: z.enum(requirementResults).optional(),
  })
  .refine(
    ({ result, reason }) => result === undefined || result === 'open' || (reason ?? null) !== null,
    'field.answer-reason',
  );
export type AnswerChanges = z.output<typeof answerChangesSchema>;

// ── comments 意见

export const newCommentSchema = z.strictObject({
  text: words(4_000),
  requirement: ruleRefSchema.nullable().default(null),
  hazard: z.uuid().nullable().default(null),
});
export const commentSchema = z
  .object({
    id: z.uuid(),
    text: z.string(),
    requirement: ruleRefSchema.nullable(),
    hazard: z.uuid().nullable(),
    at: z.iso.datetime(),
    by: doerSchema.nullable(),
  })
  .meta({ id: 'AssessmentComment' });
export type Comment = z.output<typeof commentSchema>;

// ── the whole

export const assessmentItemSchema = z
  .object({
    id: z.uuid(),
    revision: revisionSchema,
    state: z.enum(assessmentStates),
    service: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema }),
    function: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema, version: z.number().int() }).nullable(),
    /** As they were when it began. `form`: the report has a sheet in its name. */
    rulebooks: z.array(z.object({ id: z.string(), version: z.string(), shortTitle: bothSchema, form: z.boolean() })),
    previous: z.uuid().nullable(),
    requirements: z.number().int(),
    settled: z.number().int(),
    fails: z.number().int(),
    openHazards: z.number().int(),
    running: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    by: doerSchema.nullable(),
  })
  .meta({ id: 'AssessmentItem' });
export type AssessmentItem = z.output<typeof assessmentItemSchema>;
export const assessmentsSchema = pageOf(assessmentItemSchema);
export const assessmentQuerySchema = pageQuerySchema.extend({
  service: refSchema.optional(),
  function: z.uuid().optional(),
  state: z.enum(assessmentStates).optional(),
});

export const assessmentSchema = assessmentItemSchema
  .omit({ requirements: true })
  .extend({
    hasTarget: z.boolean(),
    requirements: z.array(requirementItemSchema),
    evidence: z.array(evidenceSchema),
    hazards: z.array(hazardSchema),
    /** Newest first, without their records. */
    runs: z.array(runSchema),
    comments: z.array(commentSchema),
    conclusion: z.string().nullable(),
    answers: z.record(z.string(), z.string()),
    signatories: z.array(z.object({ person: personSchema, role: z.string() })),
    report: reportSchema.nullable(),
    signatures: z.array(signatureSchema),
    filing: z.uuid().nullable(),
    /** Why it cannot be concluded; empty when it can. */
    blocks: z.array(blockSchema),
    /** States that it may be moved to by hand. */
    moves: z.array(z.enum(assessmentStates)),
  })
  .meta({ id: 'Assessment' });
export type Assessment = z.output<typeof assessmentSchema>;
