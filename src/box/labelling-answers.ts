import { z } from 'zod';
import { aigcFieldsSchema, labelMeasureSchema } from '../contract/labelling.ts';
import { findingSchema, mediaFormatSchema, mediaKindSchema, signalSchema } from '../contract/screening.ts';
import { followedLabelSchema, treatedSchema } from '../contract/survival.ts';
import { maxPieces } from './labelling-protocol.ts';

const offset = z.number().int().nonnegative();

/** The labeller handles hostile bytes, so its answers are checked like any foreign input. */
export const labellerAnswerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('inspection'),
    bytes: offset,
    format: mediaFormatSchema.nullable(),
    kind: mediaKindSchema.nullable(),
    mime: z.string().max(100).nullable(),
    writable: z.boolean(),
    labels: z
      .array(
        z.object({
          fields: aigcFieldsSchema.nullable(),
          path: z.string().max(1_000),
          location: z.string().max(200),
          current: z.boolean(),
          unknownFields: z.boolean(),
        }),
      )
      .max(100),
    signals: z.array(signalSchema).max(1_000),
    manifest: z.boolean().nullable(),
    findings: z.array(findingSchema).max(1_000),
  }),
  z.object({
    type: z.literal('labelled'),
    base: z.enum(['input', 'made']),
    pieces: z
      .array(z.union([z.object({ from: offset, length: offset }), z.object({ literal: offset })]))
      .max(maxPieces),
    manifest: z.string().max(300).nullable(),
    sidecar: z
      .base64()
      .max(16 * 1024 * 1024)
      .nullable(),
    rendered: z
      .object({
        explicit: z
          .object({
            kind: z.enum(['text', 'eu-icon', 'rhythm', 'notice']),
            text: z.string().max(200).nullable(),
            heightRatio: z.number().nullable(),
            position: z.string().max(100),
            fromMs: z.number().nullable(),
            toMs: z.number().nullable(),
          })
          .nullable(),
        identifier: z.string().max(16).nullable(),
        lost: z.array(z.string().max(100)).max(50),
      })
      .nullable(),
  }),
  z.object({ type: z.literal('refused'), code: z.string().max(100), where: z.string().max(1_000) }),
  z.object({
    type: z.literal('ask'),
    ask: z.number().int().nonnegative(),
    what: z.enum(['sign', 'timestamp']),
    bytes: z.base64().max(8 * 1024 * 1024),
  }),
  z.object({ type: z.literal('measured'), measure: labelMeasureSchema }),
  z.object({ type: z.literal('treated'), treated: treatedSchema, of: z.number().int().positive() }),
  z.object({
    type: z.literal('survived'),
    followed: z.array(followedLabelSchema),
    tools: z.record(z.string().max(64), z.string().max(64)),
  }),
  z.object({ type: z.literal('progress'), step: z.string().max(100), fraction: z.number().min(0).max(1) }),
]);
