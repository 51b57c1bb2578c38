import { z } from 'zod';
import { mediaFormatSchema } from './screening.ts';

/** What happened to one label under one treatment. `broken`: still there, but it no longer holds. */
export const fates = ['kept', 'altered', 'broken', 'lost'] as const;
export const fateSchema = z.enum(fates);
export type Fate = z.infer<typeof fateSchema>;

/** The labels that are followed, when the file has them. */
export const followedLabels = ['aigc', 'source-type', 'manifest', 'watermark'] as const;
export const followedLabelSchema = z.enum(followedLabels);
export type FollowedLabel = z.infer<typeof followedLabelSchema>;

/** One ordinary thing that happens to files, and what it left of the labels. */
export const treatedSchema = z.object({
  /** Stable id, e.g. `ffmpeg-copy`. */
  id: z.string(),
  /** What a person would type. */
  command: z.string(),
  /** Null when the treatment could not be carried out on this file. */
  fates: z.partialRecord(followedLabelSchema, fateSchema).nullable(),
  format: mediaFormatSchema.nullable(),
});
export type Treated = z.infer<typeof treatedSchema>;

export const survivalSchema = z.object({
  schema: z.literal('clearmirror.survival/1'),
  file: z.object({ name: z.string(), format: mediaFormatSchema }),
  followed: z.array(followedLabelSchema),
  treatments: z.array(treatedSchema),
  tools: z.record(z.string(), z.string()),
});
export type Survival = z.infer<typeof survivalSchema>;
