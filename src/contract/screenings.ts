import { z } from 'zod';
import { pageOf, pageQuerySchema } from './paging.ts';
import { mediaFormatSchema, mediaKindSchema, mediaKinds, propagationStatuses, recordSchema } from './screening.ts';
import { strengths } from './strengths.ts';

/** Screening as a service: what the server keeps around the record of one screening (screening.ts). */

export const screeningStates = ['queued', 'examining', 'done', 'failed'] as const;
export type ScreeningState = (typeof screeningStates)[number];
/** `upload` by the tus protocol, `address` fetched for the caller, `api` sent as the body of one request. */
export const screeningSources = ['upload', 'address', 'api'] as const;

/** Who did something: a person, or a program with an API key. */
export const doerSchema = z
  .object({ type: z.enum(['person', 'key']), id: z.string(), name: z.string() })
  .meta({ id: 'Doer' });
export type Doer = z.infer<typeof doerSchema>;

/** Why there is no record. The sentences are `problem.<code>` and `next.<code>`. */
export const failureSchema = z
  .object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
  .meta({ id: 'ScreeningFailure' });

/** `fetch` while an address is being fetched, then the stages of an examination. */
export const progressStages = ['fetch', 'start', 'sniff', 'labels', 'provenance', 'decode', 'hash'] as const;
export const progressSchema = z
  .object({ stage: z.enum(progressStages), share: z.number().min(0).max(1) })
  .meta({ id: 'ScreeningProgress' });
export type Progress = z.infer<typeof progressSchema>;

export const screeningItemSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    /** Null until an address was fetched. */
    bytes: z.number().int().nonnegative().nullable(),
    /** Hex; null until an address was fetched. */
    sha256: z.string().nullable(),
    /** As recognised by content; null before the examination, and for what is no known format. */
    kind: mediaKindSchema.nullable(),
    format: mediaFormatSchema.nullable(),
    state: z.enum(screeningStates),
    /** Set when `failed`. */
    failure: failureSchema.nullable(),
    /** Set while `examining`. */
    progress: progressSchema.nullable(),
    /** The machine's, set when `done`. `code` `unexaminable` goes with the word `not-applicable`. */
    verdict: z.object({ word: z.enum(strengths), code: z.string() }).nullable(),
    propagation: z.enum(propagationStatuses).nullable(),
    /** How many statements in the file contradict each other. */
    conflicts: z.number().int().nonnegative(),
    /** The sender said that it is, or may be, AI-generated (CNLB-5). */
    declared: z.boolean(),
    source: z.enum(screeningSources),
    address: z.string().nullable(),
    batch: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    doneAt: z.iso.datetime().nullable(),
    by: doerSchema.nullable(),
    /** An earlier screening of the same bytes in the same organisation. */
    duplicateOf: z.uuid().nullable(),
    /** How many notes people wrote. */
    noteCount: z.number().int().nonnegative(),
    /** The word a person put above the machine's verdict. */
    overridden: z.enum(strengths).nullable(),
    /** The media was deleted; the record stays. */
    mediaRemovedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ScreeningItem' });
export type ScreeningItem = z.infer<typeof screeningItemSchema>;

export const screeningsSchema = pageOf(screeningItemSchema);

/** A file's name as it was sent, without control characters: names come from strangers. */
const nameSchema = z
  .string()
  .max(1000)
  .transform(
    (name) =>
      name
        .slice(0, 500)
        .toWellFormed()
        .replace(/\p{Cc}+/gu, ' ')
        .trim() || 'unnamed',
  );

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(item).max(10));

/** Newest first. `state`, `verdict`, `kind`, `propagation` and `source` may be given several times: any of them. */
export const screeningFiltersSchema = z.object({
  state: oneOrMore(z.enum(screeningStates)).optional(),
  verdict: oneOrMore(z.enum(strengths)).optional().describe("The machine's word."),
  kind: oneOrMore(z.enum(mediaKinds)).optional(),
  propagation: oneOrMore(z.enum(propagationStatuses)).optional(),
  source: oneOrMore(z.enum(screeningSources)).optional(),
  text: writing(200).optional().describe('A part of the name, or the start of a SHA-256.'),
  batch: z.uuid().optional(),
  from: z.iso.datetime({ offset: true }).optional().describe('Sent then or later.'),
  to: z.iso.datetime({ offset: true }).optional().describe('Sent before then.'),
  by: writing(100).optional().describe('Id of a person or an API key.'),
  overridden: z.stringbool().optional(),
  noted: z.stringbool().optional(),
  conflicts: z.stringbool().optional().describe('Statements in the file contradict each other.'),
});
export type ScreeningFilters = z.infer<typeof screeningFiltersSchema>;
export const screeningQuerySchema = pageQuerySchema.extend(screeningFiltersSchema.shape);

/** Pictures for people, made in the glass box; fetched by number from `…/exhibits/{number}`. */
export const exhibitSchema = z
  .object({
    number: z.number().int().positive(),
    /** `thumbnail`: a picture made small. `frame`: one moment of a film. `waveform` is SVG, `spectrogram` grey PNG, the others JPEG. */
    kind: z.enum(['thumbnail', 'frame', 'waveform', 'spectrogram']),
    /** The moment of a frame; null when it is not known. */
    atMs: z.number().nonnegative().nullable(),
    /** What a waveform or spectrogram covers, from the start. */
    durationMs: z.number().nonnegative().nullable(),
    /** The top of a spectrogram. */
    maxHz: z.number().nonnegative().nullable(),
    width: z.number().int().positive(),
    height: z.number().int().positive(),
  })
  .meta({ id: 'Exhibit' });
export type Exhibit = z.infer<typeof exhibitSchema>;

/** Peaks −1…1 of equal spans of the sound, at most 1,000. */
export const waveformSchema = z
  .object({ durationMs: z.number().nonnegative(), min: z.array(z.number()), max: z.array(z.number()) })
  .meta({ id: 'Waveform' });

/** What people decided about a screening, oldest first; never changed. A note's words are its `reason`. */
export const decisionSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(['note', 'override', 'override-withdrawn', 'retry', 'media-removed']),
    word: z.enum(strengths).nullable(),
    reason: z.string().nullable(),
    by: doerSchema.nullable(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'ScreeningDecision' });
export type Decision = z.infer<typeof decisionSchema>;

export const noteSchema = z
  .object({ id: z.uuid(), text: z.string(), by: doerSchema.nullable(), at: z.iso.datetime() })
  .meta({ id: 'ScreeningNote' });
export const overrideSchema = z
  .object({ word: z.enum(strengths), reason: z.string(), by: doerSchema.nullable(), at: z.iso.datetime() })
  .meta({ id: 'ScreeningOverride' });

export const screeningSchema = screeningItemSchema
  .extend({
    /** The very record that `clearmirror screen --json` prints for this file. Null until `done`. */
    record: recordSchema.meta({ id: 'ScreeningRecord' }).nullable(),
    notes: z.array(noteSchema),
    /** The machine's verdict stays where it is: this stands beside it. */
    override: overrideSchema.nullable(),
    exhibits: z.array(exhibitSchema),
    decisions: z.array(decisionSchema),
    /** `shown` as `contentType` by `…/media`, or only handed out as a download; null when it is not (or no longer) there. */
    media: z.object({ shown: z.boolean(), contentType: z.string() }).nullable(),
    /** Other screenings of the same bytes here, newest first, at most 20. */
    sameBytes: z.array(z.object({ id: z.uuid(), name: z.string(), createdAt: z.iso.datetime() })),
  })
  .meta({ id: 'Screening' });
export type Screening = z.infer<typeof screeningSchema>;

/** `duplicate`: these bytes were screened before with the same versions, and nothing new was begun. `again=true` asks for a new one. */
export const submittedSchema = z
  .object({ screening: screeningItemSchema, duplicate: z.boolean() })
  .meta({ id: 'Submitted' });

/** What a sender says with a file. For tus these are the keys of `Upload-Metadata`, for one request its query. */
export const submissionSchema = z.object({
  name: nameSchema.default('unnamed'),
  batch: z.uuid().optional().describe('Chosen by the client; files with the same one are a batch.'),
  declared: z.stringbool().default(false).describe('The sender says that it is, or may be, AI-generated (CNLB-5).'),
  again: z.stringbool().default(false).describe('Screen anew, although these bytes were screened before.'),
});
export type Submission = z.infer<typeof submissionSchema>;

/** What an upload is for: to be screened once it is in, or to be kept until it is labelled (`POST /api/v1/labellings`). */
export const uploadPurposes = ['screen', 'label'] as const;
export const uploadMetadataSchema = submissionSchema.extend({
  for: z.enum(uploadPurposes).default('screen').describe('`label`: kept until it is labelled, and not screened.'),
});

export const fromAddressSchema = z.object({
  address: z.url({ protocol: /^https?$/ }).max(2000),
  name: nameSchema.optional(),
  batch: z.uuid().optional(),
  declared: z.boolean().default(false),
});

/** What uploads may be. `maxBytes` is also the `Tus-Max-Size` of `OPTIONS /api/v1/uploads`. */
export const uploadLimitsSchema = z
  .object({ maxBytes: z.number().int().positive(), expiresAfterHours: z.number().positive() })
  .meta({ id: 'UploadLimits' });

/** One upload, of the one who sends it. Once all bytes are in, `screening` names what came of it, if it is for screening. */
export const uploadSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    bytes: z.number().int().nonnegative(),
    received: z.number().int().nonnegative(),
    expiresAt: z.iso.datetime(),
    for: z.enum(uploadPurposes),
    /** Set once all bytes are in of an upload that is for labelling: it can be named by a labelling until `expiresAt`. */
    sha256: z.string().nullable(),
    screening: z.uuid().nullable(),
    duplicate: z.boolean(),
  })
  .meta({ id: 'Upload' });

export const batchSchema = z
  .object({
    id: z.uuid(),
    files: z.number().int().nonnegative(),
    bytes: z.number().int().nonnegative(),
    states: z.record(z.enum(screeningStates), z.number().int().nonnegative()),
    /** Of those that are done; `unexaminable` ones are counted there and not under `not-applicable`. */
    verdicts: z.record(z.enum([...strengths, 'unexaminable']), z.number().int().nonnegative()),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
  })
  .meta({ id: 'ScreeningBatch' });
export type Batch = z.infer<typeof batchSchema>;

export const newNoteSchema = z.object({ text: writing(5000) });
export const newOverrideSchema = z.object({ word: z.enum(strengths), reason: writing(2000) });
export const reasonSchema = z.object({ reason: writing(2000) });

/** Text that a database can hold: PostgreSQL knows no NUL, and half a surrogate pair is no character. */
function writing(atMost: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(atMost)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'field.no-character');
}
