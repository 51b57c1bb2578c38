import { z } from 'zod';
import {
  checkSchema,
  findingSchema,
  mediaFormatSchema,
  mediaKindSchema,
  signalSchema,
  versionsSchema,
} from './screening.ts';

/** Regimes whose labels are written together (docs/workflows/labelling.md). */
export const labelProfiles = ['cn-2025', 'eu-2026', 'us-ca', 'in-2026', 'all'] as const;
export const labelProfileSchema = z.enum(labelProfiles);
export type LabelProfile = z.infer<typeof labelProfileSchema>;

/** `write` puts a label in place of any other; `update` adds the platform's part and keeps the producer's (CNLB-7); `remove` makes room to label anew. */
export const implicitModes = ['write', 'update', 'remove'] as const;

/** What the platform or producer says in the AIGC object (GB 45438-2025 Annex E). Texts are checked when the label is composed. */
export const implicitPlanSchema = z.object({
  mode: z.enum(implicitModes),
  /** `1` is, `2` may be, `3` is suspected to be generated. With `update`, left out: as it is in the file. */
  label: z.enum(['1', '2', '3']).optional(),
  contentProducer: z.string().max(4_096).optional(),
  /** Left out with `write`: a new number is drawn. */
  produceId: z.string().max(4_096).optional(),
  contentPropagator: z.string().max(4_096).optional(),
  propagateId: z.string().max(4_096).optional(),
  reservedCode1: z.string().max(4_096).optional(),
  reservedCode2: z.string().max(4_096).optional(),
  /** Seal the producer's values with the current seal key, into ReservedCode1. */
  seal: z.boolean(),
});
export type ImplicitPlan = z.infer<typeof implicitPlanSchema>;

/** A C2PA manifest, signed with the key of this installation. */
export const credentialsPlanSchema = z.object({
  /** Name of the system that generated or edited the content (softwareAgent; California §22757.3(b)(B)). */
  system: z.string().min(1).max(200),
  systemVersion: z.string().min(1).max(100).optional(),
});
export type CredentialsPlan = z.infer<typeof credentialsPlanSchema>;

/** What an explicit label says, and where it stands. */
export const explicitClaims = ['generated', 'possible', 'suspected', 'edited'] as const;
export const labelPositions = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'bottom', 'top'] as const;
export const soundPlaces = ['start', 'middle', 'end'] as const;

/** An explicit label: drawn on pictures and films, heard in sounds. Which of its parts count depends on the kind of file. */
export const explicitPlanSchema = z.object({
  claim: z.enum(explicitClaims),
  lang: z.enum(['zh', 'en']),
  /** `eu-icon`: the sign of the EU code of practice with its word. */
  style: z.enum(['text', 'eu-icon']),
  /** The operator's own words; they need an AI element and a generation element (GB 45438-2025 clause 5). */
  text: z.string().min(1).max(80).optional(),
  position: z.enum(labelPositions),
  /** How long a film shows it from its first frame, at least 2 (GB 45438-2025 5.4); null: throughout. */
  seconds: z.number().min(2).max(3_600).nullable(),
  /** `rhythm`: short-long, short-short (GB 45438-2025 5.3). `notice`: words, spoken. */
  sound: z.enum(['rhythm', 'notice']),
  where: z.array(z.enum(soundPlaces)).min(1),
});
export type ExplicitPlan = z.infer<typeof explicitPlanSchema>;

/**
 * What shall be done to a file. Whoever hands a plan on hands it on whole. `sourceType` is a term of the IPTC vocabulary; null takes it
 * out of the file, left out leaves it as it is. `replace` allows a label to stand in place of one that says something else.
 */
export const labelPlanSchema = z.object({
  implicit: implicitPlanSchema.nullable(),
  sourceType: z.string().max(100).nullable().optional(),
  replace: z.boolean(),
  explicit: explicitPlanSchema.nullable().optional(),
  /** Identifier to hide in a picture: 16 hex digits, or `new` to draw one. */
  watermark: z
    .union([z.literal('new'), z.string().regex(/^[0-9a-f]{16}$/)])
    .nullable()
    .optional(),
  credentials: credentialsPlanSchema.nullable().optional(),
  /** The regime whose labels are meant; it is named in the record, and what it asks for beyond the plan is told. */
  profile: labelProfileSchema.nullable().optional(),
});
export type LabelPlan = z.infer<typeof labelPlanSchema>;

/** The values of the AIGC object, as composed or as read. */
export const aigcFieldsSchema = z.object({
  Label: z.string(),
  ContentProducer: z.string(),
  ProduceID: z.string(),
  ReservedCode1: z.string(),
  ContentPropagator: z.string(),
  PropagateID: z.string(),
  ReservedCode2: z.string(),
});

/** One thing that was done to the file. */
export const labelStepSchema = z.discriminatedUnion('step', [
  z.object({
    step: z.literal('implicit'),
    how: z.enum(['written', 'updated', 'removed']),
    /** Null after a removal. */
    fields: aigcFieldsSchema.nullable(),
    /** Where it stands now, as readers name it. */
    path: z.string().nullable(),
    /** Labels that were there before and are not any more. */
    replaced: z.number().int().nonnegative(),
    sealed: z.boolean(),
  }),
  z.object({ step: z.literal('source-type'), term: z.string() }),
  z.object({
    step: z.literal('explicit'),
    kind: z.enum(['text', 'eu-icon', 'rhythm', 'notice']),
    text: z.string().nullable(),
    /** Height of the drawn letters over the short side; null for sound. */
    heightRatio: z.number().nullable(),
    /** Where on the picture, or where in the sound. */
    position: z.string(),
    fromMs: z.number().nullable(),
    toMs: z.number().nullable(),
    /** Codes of what could not be kept by drawing, e.g. `bit-depth-reduced`. */
    lost: z.array(z.string()),
    /** What measuring the new file found, as `label check` does; null where nothing here can measure it: a spoken notice, or no tesseract. */
    measured: z.array(checkSchema).max(50).nullable(),
  }),
  z.object({ step: z.literal('watermark'), identifier: z.string() }),
  z.object({
    step: z.literal('credentials'),
    manifest: z.string(),
    algorithm: z.string(),
    /** Subject of the signing certificate. */
    signer: z.string(),
    timestamped: z.boolean(),
    /** Kept as the parent of the new manifest. */
    parent: z.boolean(),
    /** File name of the sidecar where the container takes no manifest. */
    sidecar: z.string().nullable(),
  }),
]);
export type LabelStep = z.infer<typeof labelStepSchema>;

/** Something a profile asks for and this file, container or installation cannot have. */
export const shortfallSchema = z.object({
  /** Id of the requirement in the rulebooks, e.g. `EUCOP-2`. */
  requirement: z.string(),
  clause: z.string(),
  verified: z.boolean(),
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Shortfall = z.infer<typeof shortfallSchema>;

/** What was done to one file, and what an independent reading of the new file found. */
export const labellingSchema = z.object({
  schema: z.literal('clearmirror.labelling/1'),
  input: z.object({
    name: z.string(),
    bytes: z.number().int().nonnegative(),
    format: mediaFormatSchema,
    kind: mediaKindSchema,
  }),
  output: z.object({
    name: z.string(),
    bytes: z.number().int().nonnegative(),
    /** Hex; null above the hashing limit. */
    sha256: z.string().nullable(),
  }),
  profile: labelProfileSchema.nullable(),
  steps: z.array(labelStepSchema),
  cannot: z.array(shortfallSchema),
  /** Signals of labels and provenance as read from the written file. */
  readBack: z.array(signalSchema),
  findings: z.array(findingSchema),
  isolation: z.enum(['sandboxed', 'limits-only']),
  versions: versionsSchema.pick({ clearmirror: true, tools: true }),
});
export type Labelling = z.infer<typeof labellingSchema>;

/** What was measured of an explicit label in rendered media, and how it stands to each clause. */
export const labelMeasureSchema = z.object({
  kind: z.enum(['image', 'video', 'audio']),
  /** Heights in pixels, times in milliseconds, by kind; null where no label was found. */
  seen: z.json().nullable(),
  checks: z.array(checkSchema).max(50),
});
export type LabelMeasure = z.infer<typeof labelMeasureSchema>;

export const labelCheckSchema = labelMeasureSchema.extend({
  schema: z.literal('clearmirror.label-check/1'),
  file: z.object({ name: z.string() }),
});
export type LabelCheck = z.infer<typeof labelCheckSchema>;
