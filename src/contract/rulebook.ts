import { z } from 'zod';
import { jurisdictionIds } from './facts.ts';
import { clean, slugSchema } from './fields.ts';
import { conditionSchema } from './rulebook-condition.ts';

/**
 * A rulebook: one regime as data, in `rulebooks/<id>/rulebook.yaml`. docs/rulebooks.md explains it to the lawyer who edits one.
 * Nothing in it is a program: conditions name facts, clocks name days, and a rule that nobody has read can only warn.
 */

export const rulebookSchemaName = 'clearmirror.rulebook/1';

// Rulebooks may come from strangers and end on terminals and in forms: no control characters, no direction overrides.
const words = z.string().min(1).max(4000).regex(clean, 'field.no-control-characters');

/** The same in Chinese and in English. Both are required: the languages are equals. */
export const bothSchema = z.strictObject({ zh: words, en: words });
export type Both = z.infer<typeof bothSchema>;

export const ruleIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/, 'field.rule-id');

export const rulebookIdSchema = slugSchema;

export const provenances = ['F', 'F2', 'K'] as const;

/** Where a rule stands and how sure that is. */
export const citation = {
  /** Article, paragraph or item: `第三条第（一）项`, `Art. 3(1)`. */
  clause: bothSchema,
  /** Keys of the rulebook's `sources`. Empty only for `K`. */
  source: z.array(z.string().max(40)).max(20),
  /** `F`: found in the source itself. `F2`: found in a secondary source only. `K`: known, not found. */
  provenance: z.enum(provenances),
  /** Somebody read the text of this rule. Only then may it hold anything up; otherwise it warns. */
  verified: z.boolean(),
  /** Languages in which `text` is a quotation. The others are our wording. */
  quotes: z
    .array(z.enum(['zh', 'en']))
    .max(2)
    .default([]),
  /** When this rule is in force, if not as long as its rulebook. */
  inForce: z.strictObject({ from: z.iso.date(), to: z.iso.date().nullable().default(null) }).optional(),
};

export const ruleKinds = [
  'assess',
  'report-field',
  'filing',
  'deadline',
  'authority-power',
  'label',
  'metadata',
  'duty',
  'prohibition',
  'penalty',
  'record',
] as const;
export const actors = [
  'service-provider',
  'propagation-platform',
  'app-store',
  'user',
  'tech-supporter',
  'deployer',
  'licensee',
  'authority',
] as const;
/** How one could tell whether the requirement is met: run something, look at documents, or ask a person. */
export const methods = ['test', 'examine', 'interview'] as const;

export const requirementSchema = z.strictObject({
  id: ruleIdSchema,
  kind: z.enum(ruleKinds),
  actor: z.enum(actors).default('service-provider'),
  /** Heading of a few words. */
  title: bothSchema,
  text: bothSchema,
  /** Best first. Empty for what nobody assesses: powers, penalties. */
  method: z.array(z.enum(methods)).max(3),
  /** When left out, the requirement holds for every service in the rulebook's scope. */
  when: conditionSchema.optional(),
  ...citation,
});
export type Requirement = z.infer<typeof requirementSchema>;

/** A condition with a name and a clause, to be used by several triggers: `definition: <id>`. */
export const definitionSchema = z.strictObject({
  id: ruleIdSchema,
  text: bothSchema,
  when: conditionSchema,
  ...citation,
});
export type Definition = z.infer<typeof definitionSchema>;

export const triggerSchema = z.strictObject({
  id: ruleIdSchema,
  text: bothSchema,
  when: conditionSchema,
  ...citation,
});
export type Trigger = z.infer<typeof triggerSchema>;

export const clockUnits = ['hour', 'day', 'working-day', 'month', 'year'] as const;
export type ClockUnit = (typeof clockUnits)[number];

/** Facts that hold a day. */
const startSchema = z.array(z.string().max(60)).min(1).max(6);

/** What a clock says: before the launch, so long after a fact, again and again, with no number in the text, on a fixed day … */
export const clockRuleSchema = z.union([
  z.strictObject({ before: z.literal('launch') }),
  z.strictObject({
    /** The first of these facts that is known starts the clock. */
    after: startSchema,
    length: z.number().int().min(1).max(1000),
    unit: z.enum(clockUnits),
  }),
  z.strictObject({
    every: z.number().int().min(1).max(100),
    unit: z.enum(['day', 'month', 'year']),
    /** The first of these facts that is known; without one the period is counted from what was last done. */
    since: z.array(z.string().max(60)).max(6).default([]),
  }),
  z.strictObject({ without: z.literal('delay'), since: z.array(z.string().max(60)).max(6).default([]) }),
  z.strictObject({ on: z.iso.date() }),
  /** From the launch on, as long as the service runs. */
  z.strictObject({ during: z.literal('operation') }),
  /** A time limit of the authority or the company within a filing: it runs from when the filing or its decision arrived. */
  z.strictObject({
    afterFiling: z.enum(['received', 'decided']),
    length: z.number().int().min(1).max(1000),
    unit: z.enum(clockUnits),
  }),
]);
export type ClockRule = z.infer<typeof clockRuleSchema>;

export const clockSchema = z.strictObject({ id: ruleIdSchema, text: bothSchema, rule: clockRuleSchema, ...citation });

export const dueKinds = [
  'assessment',
  'filing',
  'label',
  'metadata',
  'notice',
  'consent',
  'record',
  'removal',
  'review',
  'duty',
] as const;
export type DueKind = (typeof dueKinds)[number];

/** What comes due when one of the triggers fires, and by which clock. */
export const dueSchema = z.strictObject({
  id: ruleIdSchema,
  kind: z.enum(dueKinds),
  title: bothSchema,
  triggers: z.array(ruleIdSchema).min(1).max(40),
  clock: ruleIdSchema,
  /** Requirements that are met by doing it, or that say how. */
  requirements: z.array(ruleIdSchema).max(60),
  /** A launch waits for it. Only where every trigger and the clock are verified. */
  gate: z.boolean().default(false),
});
export type Due = z.infer<typeof dueSchema>;

export const fieldKinds = [
  'text',
  'long-text',
  'tel',
  'id-number',
  'url',
  'date',
  'choice',
  'choices',
  'table',
] as const;

export const formFieldSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'field.form-id'),
  label: bothSchema,
  kind: z.enum(fieldKinds),
  required: z.boolean().default(true),
  /** For `choice` and `choices`. */
  options: z
    .array(z.strictObject({ id: ruleIdSchema, label: bothSchema }))
    .max(40)
    .optional(),
  /** The requirement or trigger whose result stands here. */
  about: ruleIdSchema.optional(),
});

/** The form in which the authority wants the report, in its order and with its names. */
export const formSchema = z.strictObject({
  title: bothSchema,
  source: z.array(z.string().max(40)).max(20),
  provenance: z.enum(provenances),
  verified: z.boolean(),
  sections: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/),
        label: bothSchema,
        /** Sections of one group exclude each other, such as organisation and person. */
        oneOf: z.string().max(40).optional(),
        fields: z.array(formFieldSchema).min(1).max(60),
      }),
    )
    .min(1)
    .max(40),
});

/** The life of a filing under this rulebook. */
export const filingLifeSchema = z.strictObject({
  states: z
    .array(z.strictObject({ id: ruleIdSchema, label: bothSchema }))
    .min(2)
    .max(40),
  moves: z
    .array(
      z.strictObject({
        from: ruleIdSchema,
        to: ruleIdSchema,
        by: z.enum(['company', 'authority']),
        /** The requirement that gives the power or the duty. */
        rule: ruleIdSchema.optional(),
        clock: ruleIdSchema.optional(),
      }),
    )
    .min(1)
    .max(100),
});

/** A number that the text leaves open. An operator may set another one. */
export const parameterSchema = z.strictObject({
  id: ruleIdSchema,
  about: bothSchema,
  value: z.number().int().nonnegative(),
  provenance: z.enum(provenances),
});

export const rulebookSchema = z.strictObject({
  schema: z.literal(rulebookSchemaName),
  id: rulebookIdSchema,
  /** Day of the last edit. */
  version: z.iso.date(),
  jurisdiction: z.enum(jurisdictionIds),
  title: bothSchema,
  /** As people call it. */
  shortTitle: bothSchema,
  /** Document number, official journal. */
  reference: bothSchema,
  issuers: z.array(bothSchema).min(1).max(20),
  /** IANA name. Days begin and end here. */
  timeZone: z.string().max(60),
  /** Name of a file in `calendars/`, for working days; `null` where no clock counts them. */
  calendar: z.string().max(40).nullable(),
  inForce: z.strictObject({ from: z.iso.date(), to: z.iso.date().nullable().default(null) }),
  /** Rulebooks that exclude each other, such as a text before and after an amendment whose status is open. One is used. */
  alternative: z.strictObject({ group: rulebookIdSchema, preferred: z.boolean() }).optional(),
  /** What was left out, and other things a reader must know. */
  note: bothSchema.optional(),
  sources: z.record(
    z.string().max(40),
    z.strictObject({ about: words, url: z.url({ protocol: /^https?$/ }).optional() }),
  ),
  parameters: z.array(parameterSchema).max(40).default([]),
  scope: definitionSchema,
  definitions: z.array(definitionSchema).max(60).default([]),
  triggers: z.array(triggerSchema).min(1).max(100),
  clocks: z.array(clockSchema).max(60),
  due: z.array(dueSchema).max(100),
  requirements: z.array(requirementSchema).min(1).max(300),
  form: formSchema.optional(),
  filing: filingLifeSchema.optional(),
});
export type Rulebook = z.infer<typeof rulebookSchema>;

/** Days of rest under one name, and the weekend days that are worked in exchange for them (调休上班). */
export const restSchema = z.strictObject({
  name: bothSchema,
  from: z.iso.date(),
  to: z.iso.date(),
  workedInExchange: z.array(z.iso.date()).max(10).default([]),
});

/** `rulebooks/calendars/<id>.yaml`: which weekdays are not worked, and which weekend days are. */
export const calendarSchema = z.strictObject({
  schema: z.literal('clearmirror.calendar/1'),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'field.calendar-id'),
  title: bothSchema,
  timeZone: z.string().max(60),
  years: z
    .array(
      z.strictObject({
        year: z.number().int().min(2000).max(2100),
        /** `published`: as announced. `projected`: only what the law fixes; bridges and make-up days are not known yet. */
        status: z.enum(['published', 'projected']),
        /** The announcement, and where it was read. */
        source: words,
        rest: z.array(restSchema).max(60),
      }),
    )
    .min(1)
    .max(100),
});
export type Calendar = z.infer<typeof calendarSchema>;
