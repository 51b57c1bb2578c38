import { z } from 'zod';
import { factNames, factsSchema, jurisdictionIds } from './facts.ts';
import { bothSchema, clockUnits, dueKinds, provenances } from './rulebook.ts';

/**
 * The question "may this launch?" and its answer: which rulebooks apply, which triggers fire and why, what is due and by when,
 * and which missing fact is worth asking next. Plain JSON; the same for API, CLI and web.
 */

export const questionSchema = z.strictObject({
  facts: factsSchema,
  /** Only these rulebooks; all when left out. */
  rulebooks: z.array(z.string().max(64)).max(100).optional(),
});
export type Question = z.infer<typeof questionSchema>;

const factNameSchema = z.enum(factNames);

/** A fact's value as it was given: `true`, a word, words, a day, or a figure with its day. */
const factValueSchema = z.union([
  z.boolean(),
  z.string(),
  z.array(z.string()),
  z.strictObject({ value: z.number(), asOf: z.string() }),
]);
export type FactValue = z.infer<typeof factValueSchema>;

/** One fact that made a condition what it is, with the clause that asks for it. */
export const reasonSchema = z.strictObject({
  fact: factNameSchema,
  value: factValueSchema,
  /** What the clause asks of the fact, such as `hasAny` with the words. */
  asks: z.strictObject({ how: z.string(), of: z.union([z.boolean(), z.string(), z.number(), z.array(z.string())]) }),
  /** Whether the fact is as the clause asks. */
  holds: z.boolean(),
  /** Of the definition or trigger that asks. */
  rule: z.string(),
  clause: bothSchema,
  verified: z.boolean(),
});
export type Reason = z.infer<typeof reasonSchema>;

/** Outside the time in which the rule is in force: `on` is the day that was looked at. */
export const notInForceSchema = z.strictObject({
  on: z.iso.date(),
  from: z.iso.date(),
  to: z.iso.date().nullable(),
});

const sureness = { verified: z.boolean(), provenance: z.enum(provenances), source: z.array(z.string()) };

export const triggerAnswerSchema = z.strictObject({
  id: z.string(),
  clause: bothSchema,
  text: bothSchema,
  /** Languages in which the text is quoted from the source. */
  quotes: z.array(z.enum(['zh', 'en'])),
  state: z.enum(['fired', 'not-fired', 'unknown']),
  because: z.array(reasonSchema),
  /** Facts without which it cannot be said. Empty unless `unknown`. */
  missing: z.array(factNameSchema),
  notInForce: notInForceSchema.nullable(),
  ...sureness,
});
export type TriggerAnswer = z.infer<typeof triggerAnswerSchema>;

export const skippedDaySchema = z.strictObject({
  date: z.iso.date(),
  why: z.enum(['weekend', 'holiday', 'projected-holiday']),
  name: bothSchema.nullable(),
});
export const workedDaySchema = z.strictObject({ date: z.iso.date(), name: bothSchema });

/** How a date was computed, so that anyone can count again. */
export const derivationSchema = z.strictObject({
  /** The fact that starts the clock, and its value. */
  startFact: factNameSchema.nullable(),
  start: z.string(),
  length: z.number().int(),
  unit: z.enum(clockUnits),
  timeZone: z.string(),
  /** First day that counts (the day after the start); `null` for hours, which run from the moment itself. */
  firstCounted: z.iso.date().nullable(),
  /** A clock in hours was given only a day: counted from its first moment, the careful reading. */
  startWasOnlyADay: z.boolean(),
  calendar: z.string().nullable(),
  skipped: z.array(skippedDaySchema),
  /** Weekend days that counted because they are worked in exchange (调休上班). */
  worked: z.array(workedDaySchema),
  /** Years whose calendar is not published: the date may move. */
  projectedYears: z.array(z.number().int()),
});
export type Derivation = z.infer<typeof derivationSchema>;

export const bySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('before-launch'), launch: z.string().nullable() }),
  z.strictObject({
    kind: z.literal('date'),
    /** The last day on which it is in time, in the time zone of the rulebook. */
    date: z.iso.date(),
    /** The last moment, ISO 8601 with offset. */
    at: z.iso.datetime({ offset: true }),
    /** At least one year of its calendar is not published yet. */
    projected: z.boolean(),
    overdue: z.boolean(),
    /** `null` for a day fixed by the text. */
    derivation: derivationSchema.nullable(),
  }),
  /** The clock's start is not known yet. */
  z.strictObject({
    kind: z.literal('start-unknown'),
    waitsFor: z.array(factNameSchema).min(1),
    length: z.number().int(),
    unit: z.enum(clockUnits),
  }),
  /** Again and again; `next` is the first time after now, when the start is known. */
  z.strictObject({
    kind: z.literal('recurring'),
    every: z.number().int(),
    unit: z.enum(['day', 'month', 'year']),
    next: z.iso.date().nullable(),
  }),
  /** From the launch on, as long as the service runs. */
  z.strictObject({ kind: z.literal('standing'), from: z.string().nullable() }),
  /** The text names no number: at once, in time, promptly. */
  z.strictObject({ kind: z.literal('without-delay'), since: z.string().nullable() }),
]);
export type By = z.infer<typeof bySchema>;

export const dueAnswerSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(dueKinds),
  title: bothSchema,
  /** `due`: a trigger fired. `may-be-due`: a trigger cannot be decided yet. */
  state: z.enum(['due', 'may-be-due']),
  /** The triggers that fired, or that are open. */
  triggers: z.array(z.string()).min(1),
  by: bySchema,
  clock: z.strictObject({ id: z.string(), clause: bothSchema, text: bothSchema, ...sureness }),
  /** Requirements that go with it; those that are known not to concern the service are left out. */
  requirements: z.array(z.string()),
  /** Everything that this rests on was read by somebody: triggers, definitions, clock. */
  verified: z.boolean(),
  /** The launch must wait for it. Never true for something that is not verified: that can only warn. */
  blocks: z.boolean(),
});
export type DueAnswer = z.infer<typeof dueAnswerSchema>;

export const rulebookAnswerSchema = z.strictObject({
  id: z.string(),
  version: z.string(),
  jurisdiction: z.enum(jurisdictionIds),
  title: bothSchema,
  shortTitle: bothSchema,
  verdict: z.enum(['applies', 'does-not-apply', 'cannot-say']),
  /** The rule that draws the scope, why it holds or not, and what is missing. */
  scope: triggerAnswerSchema.omit({ state: true }),
  /** Empty when the rulebook does not apply. */
  triggers: z.array(triggerAnswerSchema),
  due: z.array(dueAnswerSchema),
});
export type RulebookAnswer = z.infer<typeof rulebookAnswerSchema>;

/** A fact worth asking next: how many open rules wait for it, and which. */
export const askNextSchema = z.strictObject({
  fact: factNameSchema,
  rules: z.array(z.strictObject({ rulebook: z.string(), rule: z.string() })).min(1),
});

export const answerSchema = z.strictObject({
  schema: z.literal('clearmirror.answer/1'),
  /** The moment for which it was answered. */
  now: z.iso.datetime(),
  facts: factsSchema,
  rulebooks: z.array(rulebookAnswerSchema),
  /** Most useful first. */
  ask: z.array(askNextSchema),
  /** Something blocks; or something is due without blocking; or something may be due; or nothing. */
  summary: z.enum(['blocked', 'due', 'may-be-due', 'nothing-due']),
});
export type Answer = z.infer<typeof answerSchema>;
