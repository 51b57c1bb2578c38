import { z } from 'zod';
import { strengths } from './strengths.ts';

/** Formats recognised by content. `null` in a record means: none of these. */
export const imageFormats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heic', 'svg'] as const;
export const videoFormats = ['mp4', 'mov', 'm4v', 'mkv', 'webm', 'avi', 'flv', 'mpegts'] as const;
export const audioFormats = ['wav', 'mp3', 'm4a', 'flac', 'ogg', 'opus', 'aac'] as const;
export const documentFormats = ['pdf', 'ooxml', 'markdown'] as const;
export const mediaFormats = [...imageFormats, ...videoFormats, ...audioFormats, ...documentFormats] as const;
export const mediaFormatSchema = z.enum(mediaFormats);
export type MediaFormat = z.infer<typeof mediaFormatSchema>;

export const mediaKinds = ['image', 'video', 'audio', 'document'] as const;
export const mediaKindSchema = z.enum(mediaKinds);
export type MediaKind = z.infer<typeof mediaKindSchema>;

/** Where in the media a signal was found. Offsets are bytes in the file; times are milliseconds of media time. */
export const placeSchema = z.object({
  /** Stable id of the container location, e.g. `png.itxt.xmp`, `bmff.moov.udta.meta.mdta`, `id3.txxx`. */
  location: z.string().optional(),
  /** The way there for a person, e.g. `moov/udta/meta/ilst[3]`. */
  path: z.string().optional(),
  offset: z.number().int().nonnegative().optional(),
  length: z.number().int().nonnegative().optional(),
  fromMs: z.number().nonnegative().optional(),
  toMs: z.number().nonnegative().optional(),
  /** Frame index among the sampled frames. */
  frame: z.number().int().nonnegative().optional(),
  /** x, y, width, height in pixels of the decoded picture. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
});
export type Place = z.infer<typeof placeSchema>;

export const checkOutcomes = ['pass', 'fail', 'warn'] as const;
/** One check of a label or manifest against a clause. `id` is stable, e.g. `GB-M8`, `GB-CODE-USCC`. */
export const checkSchema = z.object({
  id: z.string(),
  outcome: z.enum(checkOutcomes),
  /** Clause or standard the check comes from, e.g. `GB 45438-2025 Annex E j`. */
  clause: z.string(),
  /** False while nobody has read the clause's text: such a check can only warn. */
  verified: z.boolean(),
  /** Stable code of what was seen, e.g. `charset-space`; texts come from the catalogue. */
  code: z.string(),
  /** The field or value in question, shortened to 200 characters. */
  subject: z.string().optional(),
});
export type Check = z.infer<typeof checkSchema>;

/** What a signal says about how the media came to be. */
export const claims = [
  'ai-generated',
  'ai-edited',
  'ai-possible',
  'ai-suspected',
  'captured',
  'human-made',
  'unspecified',
] as const;
export const claimSchema = z.enum(claims);
export type Claim = z.infer<typeof claimSchema>;

export const strengthSchema = z.enum(strengths);
export type Strength = z.infer<typeof strengthSchema>;

export const rateSchema = z.object({
  /** 0…1 */
  rate: z.number().min(0).max(1),
  /** Number of items the rate was measured on; null when it is a bound computed from a model, not counted. */
  n: z.number().int().nonnegative().nullable(),
});
export const errorRateSchema = z.object({
  falsePositive: rateSchema.nullable(),
  falseNegative: rateSchema.nullable(),
  /** Where the figures come from: a card, a computation, a paper. */
  source: z.string(),
});
export type ErrorRate = z.infer<typeof errorRateSchema>;

export const layers = ['provenance', 'label', 'match', 'forensic'] as const;

/** One line of evidence. */
export const signalSchema = z.object({
  /** Unique within the record and the same on every run, e.g. `label.aigc#1`. */
  id: z.string(),
  layer: z.enum(layers),
  /** What produced it, e.g. `provenance.c2pa`, `label.aigc`, `label.iptc`, `trace.sd-webui`, `watermark.dwt-dct`. */
  method: z.string(),
  claim: claimSchema,
  strength: strengthSchema,
  /** Stable code of the sentence that explains it; the catalogues hold the words in each language. */
  code: z.string(),
  /** Values for that sentence: short strings and numbers only. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  place: placeSchema.nullable(),
  checks: z.array(checkSchema),
  /** How often this method is wrong; null where it cannot be measured (a statement may simply be a lie). */
  errorRate: errorRateSchema.nullable(),
  /** The evidence itself, structured by method, bounded in size. */
  evidence: z.json(),
});
export type Signal = z.infer<typeof signalSchema>;

/** Something a person must know about the examination of this file. */
export const findingSchema = z.object({
  /** Stable code, e.g. `unexaminable`, `not-decodable`, `truncated`, `sampled`, `nested-too-deep`. */
  code: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  /** Stage of the examination: `start`, `read`, `sniff`, `labels`, `provenance`, `decode`, `forensics`, `hash`, `verdict`. */
  stage: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Finding = z.infer<typeof findingSchema>;

export const propagationStatuses = ['confirmed', 'possible', 'suspected', 'none'] as const;

export const conflictSchema = z.object({
  /** Stable code, e.g. `captured-vs-generated`, `human-made-vs-generated`, `labels-disagree`, `labels-differ`. */
  code: z.string(),
  /** Ids of the signals that disagree. */
  signals: z.array(z.string()).min(2),
});
export type Conflict = z.infer<typeof conflictSchema>;

export const verdictSchema = z.object({
  word: strengthSchema,
  /** Stable code of the one sentence that says it, e.g. `declared-generated`. */
  code: z.string(),
  /** Ids of the signals that carried it. */
  because: z.array(z.string()),
});
export type Verdict = z.infer<typeof verdictSchema>;

export const propagationSchema = z.object({
  status: z.enum(propagationStatuses),
  /** `CNLB-4`, `CNLB-5`, `CNLB-6`, or null for none. */
  rule: z.string().nullable(),
  because: z.array(z.string()),
});
export type Propagation = z.infer<typeof propagationSchema>;

export const streamSchema = z.object({
  kind: z.enum(['video', 'audio', 'image', 'other']),
  codec: z.string(),
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
  frameRate: z.number().positive().optional(),
  sampleRateHz: z.number().int().positive().optional(),
  channels: z.number().int().positive().optional(),
});

export const mediaSchema = z.object({
  durationMs: z.number().nonnegative().nullable(),
  width: z.number().int().positive().nullable(),
  height: z.number().int().positive().nullable(),
  streams: z.array(streamSchema),
  /** What was really looked at. */
  sampled: z.object({
    frames: z.number().int().nonnegative(),
    /** How frames were picked, e.g. `whole-image`, `key-frames`. */
    framePick: z.string().nullable(),
    audioMs: z.number().nonnegative(),
    /** True when the whole duration was covered. */
    whole: z.boolean(),
  }),
  /** Chromaprint of the sampled audio (base64, algorithm 1), null without audio. */
  audioFingerprint: z.string().nullable(),
});
export type Media = z.infer<typeof mediaSchema>;

export const versionsSchema = z.object({
  clearmirror: z.string(),
  verdictRule: z.string(),
  tools: z.record(z.string(), z.string()),
  models: z.array(z.object({ id: z.string(), version: z.string(), sha256: z.string() })),
  trustLists: z.array(z.object({ id: z.string(), version: z.string(), sha256: z.string() })),
});
export type Versions = z.infer<typeof versionsSchema>;

/** The record of one screening: the same file, tools, models and trust lists give the same record. */
export const recordSchema = z.object({
  schema: z.literal('clearmirror.screening/1'),
  file: z.object({
    name: z.string(),
    bytes: z.number().int().nonnegative().nullable(),
    /** Hex; null when the file was above the hashing limit or could not be read. */
    sha256: z.string().nullable(),
    format: mediaFormatSchema.nullable(),
    kind: mediaKindSchema.nullable(),
  }),
  verdict: verdictSchema,
  propagation: propagationSchema,
  conflicts: z.array(conflictSchema),
  signals: z.array(signalSchema),
  findings: z.array(findingSchema),
  media: mediaSchema.nullable(),
  /** `sandboxed`, or `limits-only` where user namespaces are forbidden. */
  isolation: z.enum(['sandboxed', 'limits-only']),
  versions: versionsSchema,
});
export type ScreeningRecord = z.infer<typeof recordSchema>;

/** Pictures for people, made in the glass box on request; not part of the record. */
export const exhibitsSchema = z.object({
  /** JPEG data, at most 320 px on the long side. */
  thumbnails: z.array(
    z.object({ atMs: z.number().nullable(), width: z.number(), height: z.number(), jpegBase64: z.string() }),
  ),
  /** Peaks −1…1 of equal spans of the sampled audio, at most 1,000. */
  waveform: z.object({ durationMs: z.number(), min: z.array(z.number()), max: z.array(z.number()) }).nullable(),
  /** Grey PNG: time left to right over `durationMs`, 0…`maxHz` bottom to top, −90…0 dB black to white. */
  spectrogram: z.object({ durationMs: z.number(), maxHz: z.number(), pngBase64: z.string() }).nullable(),
});
export type Exhibits = z.infer<typeof exhibitsSchema>;
