import { z } from 'zod';
import { factNames, factsSchema, jurisdictionIds, momentNames } from './facts.ts';
import { nameInSchema, refSchema, slugSchema } from './fields.ts';
import { filingStates } from './filings.ts';
import { answerSchema, bySchema } from './question.ts';
import { bothSchema } from './rulebook.ts';

/** The launch gate: may this service, or this function in its current version, be live? And the question put to stored facts. */

const factNameSchema = z.enum(factNames);

export const gateQuerySchema = z.object({
  service: refSchema,
  function: refSchema.optional().describe('Without it the launch of the service itself is asked about.'),
});

/** What an assessment is about: the launch of the service, a version of a function, or something that befell the service. */
export const occasionSchema = z
  .object({
    kind: z.enum(['service-launch', 'function-version', 'happening']),
    event: z.enum(momentNames),
    version: z.number().int().nullable(),
    happening: z.uuid().nullable(),
    on: z.string().nullable(),
  })
  .meta({ id: 'Occasion' });
export type Occasion = z.infer<typeof occasionSchema>;

export const gateReasonCodes = [
  /** It is due before the launch, and no report was filed. */
  'not-filed',
  /** Filed, not accepted yet. */
  'not-accepted',
  'filing-returned',
  'filing-withdrawn',
  /** Its time is over. */
  'overdue',
  /** It cannot be said whether it is due: facts are unknown. */
  'facts-unknown',
  'service-withdrawn',
  'function-withdrawn',
  /** More happenings are open than are asked about. */
  'happenings-too-many',
  /** There are no rulebooks to ask: nothing can be said. */
  'no-rulebooks',
] as const;
export type GateReasonCode = (typeof gateReasonCodes)[number];

export const gateWarningCodes = [
  /** It is due by a rule whose text nobody has read. */
  'unverified-due',
  /** It may be due; it does not keep the gate shut. */
  'facts-unknown',
  /** It is due, there is time left. */
  'due-later',
  /** A rulebook on disk is damaged; its last sound state was asked. */
  'rulebooks-broken',
] as const;
export type GateWarningCode = (typeof gateWarningCodes)[number];

const noteFields = {
  /** In the language of `Accept-Language`. */
  message: z.string(),
  /** What to do about it. */
  next: z.string(),
  rulebook: z.string().nullable(),
  /** Of what is due, such as `CN18-D1`, and of the triggers that fired or are open. */
  due: z.string().nullable(),
  triggers: z.array(z.string()),
  clauses: z.array(bothSchema),
  /** Facts that are unknown. */
  missing: z.array(factNameSchema),
  occasion: occasionSchema.nullable(),
};
export const gateReasonSchema = z.object({ code: z.enum(gateReasonCodes), ...noteFields }).meta({ id: 'GateReason' });
export const gateWarningSchema = z
  .object({ code: z.enum(gateWarningCodes), ...noteFields })
  .meta({ id: 'GateWarning' });

/** One thing that a rulebook makes due (or may) on one occasion, and what was filed about it. */
export const gateDueSchema = z
  .object({
    rulebook: z.string(),
    rulebookTitle: bothSchema,
    due: z.string(),
    title: bothSchema,
    state: z.enum(['due', 'may-be-due']),
    triggers: z.array(z.object({ id: z.string(), clause: bothSchema, text: bothSchema, state: z.string() })),
    /** The facts that made it so. */
    because: z.array(z.object({ fact: factNameSchema, value: z.unknown() })),
    missing: z.array(factNameSchema),
    by: bySchema,
    verified: z.boolean(),
    blocks: z.boolean(),
    occasion: occasionSchema,
    filing: z.object({ id: z.uuid(), state: z.enum(filingStates), number: z.string().nullable() }).nullable(),
    /** Open again as soon as this is true for everything that blocks. */
    settled: z.boolean(),
  })
  .meta({ id: 'GateDue' });
export type GateDue = z.infer<typeof gateDueSchema>;

export const gateSchema = z
  .object({
    schema: z.literal('clearmirror.gate/1'),
    open: z.boolean(),
    service: z.object({ id: z.uuid(), slug: slugSchema, name: nameInSchema, state: z.string() }),
    function: z
      .object({ id: z.uuid(), slug: slugSchema, name: nameInSchema, state: z.string(), version: z.number().int() })
      .nullable(),
    reasons: z.array(gateReasonSchema),
    warnings: z.array(gateWarningSchema),
    dues: z.array(gateDueSchema),
    asOf: z.iso.datetime(),
  })
  .meta({ id: 'Gate' });
export type Gate = z.infer<typeof gateSchema>;

// ── the question, put to what is registered

/** `overrides` are taken instead of what is stored, for this question only. */
export const askServiceSchema = z.strictObject({
  function: refSchema.nullable().default(null),
  event: z.enum(momentNames),
  plannedAt: factsSchema.shape.plannedAt,
  /** Of a happening that is registered: its facts are used. */
  happening: z.uuid().optional(),
  overrides: factsSchema.default({}),
  rulebooks: z.array(z.string().max(64)).max(100).optional(),
});
export type AskService = z.output<typeof askServiceSchema>;

export const factOrigins = ['service', 'function', 'figure', 'happening', 'question'] as const;
export const factSourceSchema = z
  .object({
    fact: factNameSchema,
    from: z.enum(factOrigins),
    /** The slug of the function it comes from, if it is one. */
    function: z.string().nullable(),
  })
  .meta({ id: 'FactSource' });
export type FactSource = z.infer<typeof factSourceSchema>;

export const serviceAnswerSchema = z.object({ answer: answerSchema, sources: z.array(factSourceSchema) });

export const rulebookSummarySchema = z
  .object({
    id: z.string(),
    version: z.string(),
    jurisdiction: z.enum(jurisdictionIds),
    title: bothSchema,
    shortTitle: bothSchema,
    reference: bothSchema,
    inForce: z.object({ from: z.iso.date(), to: z.iso.date().nullable() }),
    triggers: z.number().int(),
    requirements: z.number().int(),
    /** How many of its rules somebody has read in their source. */
    rules: z.object({ all: z.number().int(), verified: z.number().int() }),
    /** False when an alternative to it is chosen. */
    used: z.boolean(),
  })
  .meta({ id: 'RulebookSummary' });
export const rulebooksSchema = z.object({ items: z.array(rulebookSummarySchema), next: z.null() });
