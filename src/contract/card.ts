import { z } from 'zod';
import { cleanLine, slugSchema } from './fields.ts';

/**
 * The card of a detector: what the model takes, what its output means, how often it is wrong and where it was never measured.
 * A model without a card that holds is not run. See models/README.md for a worked example.
 */

/** No model file may be larger. */
export const maxModelBytes = 500_000_000;
/** No card may be larger. */
export const maxCardBytes = 256 * 1024;

/** `strong` must be earned: at most this rate of false positives … */
const strongMaxFalsePositive = 0.01;
/** … on at least this many real items from sources that were not trained on. */
const strongMinReals = 300;

/** Becomes a folder name and the method `forensic.<id>`. */
export const detectorIdSchema = slugSchema;

// Cards come from strangers and end on terminals: no control characters, no direction overrides.
const textSchema = (most: number) => z.string().min(1).max(most).regex(cleanLine, 'field.no-control-characters');

const tensorNameSchema = textSchema(200);

const bothLanguagesSchema = z.strictObject({ en: textSchema(200), zh: textSchema(200) });

const modelFileSchema = z.strictObject({
  /** Name of the file beside the card. */
  file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,98}\.onnx$/, 'field.onnx-name'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'field.sha256'),
  bytes: z.number().int().positive().max(maxModelBytes),
});

const waveformSchema = z.strictObject({
  form: z.literal('waveform'),
  /** Samples −1…1 as they are, or each window with zero mean and unit variance. */
  normalisation: z.enum(['none', 'mean-variance']),
  /** B = 1 (batch), T = samples of a window. */
  layout: z.enum(['BT', 'B1T']),
});

const logMelSchema = z
  .strictObject({
    form: z.literal('log-mel'),
    nFft: z
      .number()
      .int()
      .min(64)
      .max(8192)
      .refine((n) => (n & (n - 1)) === 0, 'field.power-of-two'),
    /** Analysis window in samples, at most nFft; centred in the FFT frame and zero-padded. */
    winSamples: z.number().int().min(16).max(8192),
    hopSamples: z.number().int().min(16).max(8192),
    window: z.enum(['hann-periodic', 'hann-symmetric', 'hamming-periodic', 'hamming-symmetric', 'rectangular']),
    /** What lies beyond both ends: frames are centred on their sample (`reflect`, `zero`), or start at it (`none`). */
    edges: z.enum(['reflect', 'zero', 'none']),
    /** 1 = magnitude, 2 = power spectrum. */
    power: z.union([z.literal(1), z.literal(2)]),
    mels: z.number().int().min(1).max(512),
    fminHz: z.number().min(0).max(8000),
    fmaxHz: z.number().positive().max(8000),
    melScale: z.enum(['htk', 'slaney']),
    /** `slaney`: each filter has unit area. */
    melNorm: z.enum(['none', 'slaney']),
    log: z.strictObject({
      /** `db` is 10·log10 of the (power or magnitude) value. */
      unit: z.enum(['ln', 'log10', 'db']),
      floor: z.number().positive().max(1),
      /** `clamp`: log(max(x, floor)); `add`: log(x + floor). */
      floorMode: z.enum(['clamp', 'add']),
    }),
    normalisation: z.discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('none') }),
      /** Zero mean and unit variance over the whole window. */
      z.strictObject({ mode: z.literal('window') }),
      /** The same for each mel band. */
      z.strictObject({ mode: z.literal('band') }),
      z.strictObject({ mode: z.literal('fixed'), mean: z.number(), std: z.number().positive() }),
    ]),
    /** B = 1, M = mels, T = spectral frames. */
    layout: z.enum(['BMT', 'BTM', 'B1MT', 'B1TM']),
  })
  .refine((mel) => mel.winSamples <= mel.nFft, { path: ['winSamples'], message: 'field.larger-than-nfft' })
  .refine((mel) => mel.fminHz < mel.fmaxHz, { path: ['fminHz'], message: 'field.not-below-fmax' });

const audioInputSchema = z
  .strictObject({
    tensor: tensorNameSchema,
    /** Mono. Anything else is resampled before. */
    sampleRateHz: z.literal(16_000),
    windowMs: z.number().int().min(100).max(60_000),
    hopMs: z.number().int().min(50).max(60_000),
    /** What fills the window of a recording shorter than it. */
    short: z.enum(['zero', 'repeat']),
    features: z.discriminatedUnion('form', [waveformSchema, logMelSchema]),
  })
  .refine((input) => input.hopMs <= input.windowMs, { path: ['hopMs'], message: 'field.hop-leaves-gaps' })
  .refine(
    ({ features, windowMs }) =>
      features.form === 'waveform' || features.edges !== 'none' || features.nFft <= windowMs * 16,
    { path: ['features', 'nFft'], message: 'field.longer-than-window' },
  );
export type LogMel = z.infer<typeof logMelSchema>;

/** `bilinear` and `bicubic` widen with the scale when they shrink, as Pillow does; `nearest` takes the pixel at the centre. */
const kernelSchema = z.enum(['nearest', 'bilinear', 'bicubic']);
export type Kernel = z.infer<typeof kernelSchema>;

const imageInputSchema = z
  .strictObject({
    tensor: tensorNameSchema,
    width: z.number().int().min(8).max(2048),
    height: z.number().int().min(8).max(2048),
    resize: z.discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('stretch'), kernel: kernelSchema }),
      /** The shorter side becomes `shortSide` pixels, then the middle is cut out. */
      z.strictObject({
        mode: z.literal('center-crop'),
        shortSide: z.number().int().min(8).max(4096),
        kernel: kernelSchema,
      }),
      /** Pieces of width × height at the original resolution, spread evenly, at most `maxTiles`. */
      z.strictObject({ mode: z.literal('tile'), maxTiles: z.number().int().min(1).max(64) }),
    ]),
    /** Transparency is dropped, the colour under it is kept. `grey` is 0.299 R + 0.587 G + 0.114 B. */
    channels: z.enum(['rgb', 'bgr', 'grey']),
    layout: z.enum(['NCHW', 'NHWC']),
    /** Applied first: 0…255 as it is, ÷ 255, or ÷ 127.5 − 1. */
    valueRange: z.enum(['byte', 'zero-one', 'minus-one-one']),
    /** Then (value − mean) ÷ std, one number per channel in the order of `channels`. */
    mean: z.array(z.number()).min(1).max(3),
    std: z.array(z.number().positive()).min(1).max(3),
  })
  .refine(({ mean, channels }) => mean.length === (channels === 'grey' ? 1 : 3), {
    path: ['mean'],
    message: 'field.one-per-channel',
  })
  .refine(({ std, channels }) => std.length === (channels === 'grey' ? 1 : 3), {
    path: ['std'],
    message: 'field.one-per-channel',
  })
  .refine(({ resize, width, height }) => resize.mode !== 'center-crop' || resize.shortSide >= Math.max(width, height), {
    path: ['resize', 'shortSide'],
    message: 'field.smaller-than-input',
  });
export type ImageInput = z.infer<typeof imageInputSchema>;

/** The score is always natural log-odds that the piece is synthetic; `meaning` says how to get there. */
const outputSchema = z
  .discriminatedUnion('meaning', [
    /** One log-odds value. */
    z.strictObject({
      meaning: z.literal('logit'),
      tensor: tensorNameSchema,
      size: z.number().int().min(1).max(1000),
      index: z.number().int().min(0).max(999),
      higherIsSynthetic: z.boolean(),
    }),
    /** One probability 0…1. */
    z.strictObject({
      meaning: z.literal('probability'),
      tensor: tensorNameSchema,
      size: z.number().int().min(1).max(1000),
      index: z.number().int().min(0).max(999),
      higherIsSynthetic: z.boolean(),
    }),
    /** One unnormalised value per class; `index` is the synthetic class. */
    z.strictObject({
      meaning: z.literal('class-logits'),
      tensor: tensorNameSchema,
      size: z.number().int().min(2).max(1000),
      index: z.number().int().min(0).max(999),
    }),
  ])
  .refine(({ index, size }) => index < size, { path: ['index'], message: 'field.not-below-size' });
export type Output = z.infer<typeof outputSchema>;

/** How the scores of the windows, frames or tiles become the score of the file. */
const aggregationSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('mean') }),
  z.strictObject({ method: z.literal('median') }),
  z.strictObject({ method: z.literal('max') }),
  z.strictObject({ method: z.literal('top-k-mean'), k: z.number().int().min(1).max(1000) }),
]);
export type Aggregation = z.infer<typeof aggregationSchema>;

const countedRateSchema = z.strictObject({
  rate: z.number().min(0).max(1),
  /** Items counted. */
  n: z.number().int().min(1),
});

/** A threshold on the file's score, and how often it is wrong. */
const operatingPointSchema = z.strictObject({
  threshold: z.number(),
  /** Real items at or above the threshold. */
  falsePositive: countedRateSchema,
  /** Synthetic items below it. */
  falseNegative: countedRateSchema,
});
export type OperatingPoint = z.infer<typeof operatingPointSchema>;

/** A way the media came: what was measured there. */
const channelSchema = z
  .strictObject({
    /** E.g. `clean`, `mp3-64k`, `opus-16k`, `jpeg-75`. */
    id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,39}$/, 'field.channel-id'),
    /** Codecs that this channel stands for, as ffprobe names them, e.g. `pcm_s16le`, `mp3`, `opus`, `mjpeg`, `h264`. */
    codecs: z
      .array(z.string().regex(/^[a-z0-9_]{1,40}$/))
      .min(1)
      .max(40),
    some: operatingPointSchema,
    /** Null when the detector has no such threshold here. */
    strong: operatingPointSchema.nullable(),
    /** log10 of the likelihood ratio = a · score + b. */
    calibration: z.strictObject({ a: z.number().positive(), b: z.number() }),
    /** True when the counted items come from sources (speakers, devices, sites, generators' samples) not trained on. */
    outOfSource: z.boolean(),
    /** What was counted, in words. */
    source: textSchema(500),
  })
  .refine(({ strong, some }) => strong === null || strong.threshold >= some.threshold, {
    path: ['strong', 'threshold'],
    message: 'field.strong-below-some',
  });
export type Channel = z.infer<typeof channelSchema>;

const neverMeasuredSchema = z.array(textSchema(200)).max(40);

const voiceScopeSchema = z.strictObject({
  /** BCP 47 tags of the languages measured. */
  languages: z
    .array(z.string().regex(/^[a-zA-Z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/))
    .min(1)
    .max(200),
  minSpeechSeconds: z.number().min(0.1).max(600),
  neverMeasuredOn: neverMeasuredSchema,
});

const pictureScopeSchema = z.strictObject({
  /** Shorter side of the picture in pixels. */
  minSidePixels: z.number().int().min(8).max(10_000),
  neverMeasuredOn: neverMeasuredSchema,
});

const sharedShape = {
  schema: z.literal('clearmirror.card/1'),
  id: detectorIdSchema,
  version: z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}(?:-[0-9A-Za-z.-]{1,40})?$/, 'field.version'),
  title: bothLanguagesSchema,
  /** SPDX expression. */
  licence: z
    .string()
    .max(200)
    .regex(/^\(?[A-Za-z0-9][A-Za-z0-9.+-]*(?: (?:AND|OR|WITH) \(?[A-Za-z0-9][A-Za-z0-9.+-]*\)?)*\)?$/, 'field.spdx'),
  model: modelFileSchema,
  output: outputSchema,
  aggregation: aggregationSchema,
  channels: z
    .array(channelSchema)
    .min(1)
    .max(40)
    .refine((channels) => new Set(channels.map(({ id }) => id)).size === channels.length, 'field.channel-twice'),
  training: z.strictObject({ summary: textSchema(2000), items: z.number().int().nonnegative().nullable() }),
  authors: z.array(textSchema(200)).min(1).max(40),
  date: z.iso.date(),
};

export const voiceCardSchema = z.strictObject({
  ...sharedShape,
  kind: z.literal('voice'),
  input: audioInputSchema,
  scope: voiceScopeSchema,
});
export type VoiceCard = z.infer<typeof voiceCardSchema>;

const imageCardSchema = z.strictObject({
  ...sharedShape,
  kind: z.literal('image'),
  input: imageInputSchema,
  scope: pictureScopeSchema,
});
export type ImageCard = z.infer<typeof imageCardSchema>;

/** Accepted and kept, but not run until the house has a face finder. */
const faceCardSchema = z.strictObject({
  ...sharedShape,
  kind: z.literal('face'),
  input: imageInputSchema,
  scope: pictureScopeSchema,
});

export const cardSchema = z.discriminatedUnion('kind', [voiceCardSchema, imageCardSchema, faceCardSchema]);
export type Card = z.infer<typeof cardSchema>;
export type DetectorKind = Card['kind'];

export const withheldReasons = ['no-threshold', 'too-many-false-positives', 'too-few-reals', 'in-source'] as const;

/**
 * Why `strong` may not be said on this channel, or null when it is earned:
 * at most 1 % false positives on at least 300 real items from sources not trained on (docs/decisions/detector-slot.md).
 */
export function whyNotStrong({ strong, outOfSource }: Channel): (typeof withheldReasons)[number] | null {
  if (!strong) return 'no-threshold';
  if (strong.falsePositive.rate > strongMaxFalsePositive) return 'too-many-false-positives';
  if (strong.falsePositive.n < strongMinReals) return 'too-few-reals';
  if (!outOfSource) return 'in-source';
  return null;
}
