import { z } from 'zod';
import { cleanLine, revisionSchema, text } from './fields.ts';
import { implicitPlanSchema, labellingSchema, labelPlanSchema } from './labelling.ts';
import { pageOf, pageQuerySchema } from './paging.ts';
import { mediaFormatSchema, mediaKindSchema } from './screening.ts';
import { doerSchema } from './screenings.ts';

/** Labelling as a service: what the server keeps around the record of one labelling (labelling.ts). docs/workflows/labelling.md */

/** `refused`: the file or the plan stands in the way, and trying the same again gives the same. `failed`: something else did. */
export const labellingStates = ['queued', 'working', 'done', 'refused', 'failed'] as const;
export type LabellingState = (typeof labellingStates)[number];

/** Where the file comes from: a finished upload with `for=label`, the media of a screening, or the original of an earlier labelling. */
export const labellingSources = ['upload', 'screening', 'labelling'] as const;

/** `keep` leaves the source type as it is; left out, the organisation's settings say. */
export const keepSourceType = 'keep';

/** A plan as it is asked for. Left out: what the label settings of the organisation say; `implicit: null` writes no label. */
export const askedPlanSchema = labelPlanSchema.partial().extend({
  implicit: implicitPlanSchema
    .extend({ mode: implicitPlanSchema.shape.mode.default('write'), seal: z.boolean().default(false) })
    .nullable()
    .optional(),
  replace: z.boolean().default(false),
});
export type AskedPlan = z.output<typeof askedPlanSchema>;

const nameSchema = z.string().trim().min(1).max(300).regex(cleanLine, 'field.no-control-characters');

export const newLabellingSchema = z.object({
  file: z.object({ from: z.enum(labellingSources), id: z.uuid() }),
  /** As it was uploaded, when left out. */
  name: nameSchema.optional(),
  plan: askedPlanSchema.prefault({}),
});

/** Why there is no labelled file. The sentences are `problem.<code>` and `next.<code>`. */
const labellingFailureSchema = z
  .object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
  .meta({ id: 'LabellingFailure' });

export const labellingItemSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    bytes: z.number().int().nonnegative(),
    /** Of the original; hex. */
    sha256: z.string(),
    source: z.enum(labellingSources),
    /** As recognised by content; null until it is done. */
    kind: mediaKindSchema.nullable(),
    format: mediaFormatSchema.nullable(),
    state: z.enum(labellingStates),
    /** Set when `refused` or `failed`. */
    failure: labellingFailureSchema.nullable(),
    /** Set while `working`: how far, 0 to 1. */
    share: z.number().min(0).max(1).nullable(),
    /** Set when `done`. */
    labelled: z.object({ name: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string() }).nullable(),
    /** What was written, when `done`: `step` of the record's steps. */
    wrote: z.array(z.string()),
    /** How many things that were asked for this file cannot have. */
    shortfalls: z.number().int().nonnegative(),
    createdAt: z.iso.datetime(),
    doneAt: z.iso.datetime().nullable(),
    by: doerSchema.nullable(),
    /** Original and labelled file were deleted; the record stays. */
    filesRemovedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'LabellingItem' });
export type LabellingItem = z.infer<typeof labellingItemSchema>;

export const labellingsSchema = pageOf(labellingItemSchema);

export const labellingQuerySchema = pageQuerySchema.extend({
  state: z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(z.enum(labellingStates)).max(10),
    )
    .optional()
    .describe('May be given several times: any of them.'),
  text: z.string().trim().min(1).max(200).regex(cleanLine).optional().describe('A part of the name.'),
});
export type LabellingQuery = z.output<typeof labellingQuerySchema>;

export const labellingDetailSchema = labellingItemSchema
  .extend({
    /** What was asked for, with what the settings added. */
    plan: labelPlanSchema.meta({ id: 'LabelPlan' }),
    /** As `clearmirror label --json` prints it for this file. Null until `done`. */
    record: labellingSchema.meta({ id: 'LabellingRecord' }).nullable(),
    /** `shown` as `contentType` by `…/file`, or only handed out as a download; null when it is not (or no longer) there. */
    media: z.object({ shown: z.boolean(), contentType: z.string() }).nullable(),
    /** Content credentials in a file of their own, where the container takes none; from `…/sidecar`. */
    sidecar: z.object({ name: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string() }).nullable(),
  })
  .meta({ id: 'LabellingDetail' });
export type LabellingDetail = z.infer<typeof labellingDetailSchema>;

export const removeFilesSchema = z.object({ reason: text(2000) });

const providerSchema = z.string().trim().min(1).max(200);

/** What an organisation says in its labels each time. Used where a plan leaves it out. */
const labelSettingsFieldsSchema = z.object({
  /** Provider code or name of the organisation as the one that generates (ContentProducer). */
  contentProducer: providerSchema.nullable(),
  /** The same as the one that publishes (ContentPropagator). */
  contentPropagator: providerSchema.nullable(),
  /** `1` is, `2` may be, `3` is suspected to be generated. */
  label: z.enum(['1', '2', '3']),
  /** IPTC digital source type written beside a new label that says "is generated"; null leaves it. */
  sourceType: z.string().max(100).nullable(),
});

/** With whose certificate this installation signs content credentials. */
export const labelSignerSchema = z.object({
  subject: z.string(),
  algorithm: z.string(),
  /** Whether a time-stamp authority is asked. */
  stamps: z.boolean(),
});
export type LabelSigner = z.infer<typeof labelSignerSchema>;

export const newLabelSettingsSchema = labelSettingsFieldsSchema.extend({ revision: revisionSchema });
export const labelSettingsSchema = labelSettingsFieldsSchema
  .extend({
    /** 0: never saved. */
    revision: revisionSchema,
    changedAt: z.iso.datetime().nullable(),
    by: doerSchema.nullable(),
    /** Null where the installation has no certificate (`serve --signer`). */
    signer: labelSignerSchema.nullable(),
  })
  .meta({ id: 'LabelSettings' });
export type LabelSettings = z.infer<typeof labelSettingsSchema>;
/** What is kept of them; who signs is the operator's to say. */
export type KeptLabelSettings = Omit<LabelSettings, 'signer'>;
export type LabelSettingsFields = z.infer<typeof labelSettingsFieldsSchema>;

/** The screening that examines a labelled file. */
export const screenedLabellingSchema = z
  .object({ screening: z.uuid(), duplicate: z.boolean() })
  .meta({ id: 'ScreenedLabelling' });
