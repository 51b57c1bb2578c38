import { z } from 'zod';
import type { Queue } from '../../platform/jobs.ts';

const oneLabelling = z.object({ labelling: z.uuid() });
export type OneLabelling = z.infer<typeof oneLabelling>;

/** More than `mostStarts`: the last word is ours, not the queue's, or a labelling would hang for ever. */
const retryLimit = 20;

export const labelQueue: Queue<OneLabelling> = {
  name: 'label',
  retryLimit,
  expireInSeconds: 2 * 3600,
  parse: (data) => oneLabelling.parse(data),
};

const someBlobs = z.object({ addresses: z.array(z.string()) });

export const dropLabelledQueue: Queue<z.infer<typeof someBlobs>> = {
  name: 'label-drop-blobs',
  retryLimit,
  expireInSeconds: 600,
  parse: (data) => someBlobs.parse(data),
};

export const labellingQueues = [labelQueue, dropLabelledQueue];
