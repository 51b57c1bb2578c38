import { z } from 'zod';
import type { Queue } from '../../platform/jobs.ts';

const oneScreening = z.object({ screening: z.uuid() });
export type OneScreening = z.infer<typeof oneScreening>;

/** More than `mostStarts`: the last word is ours, not the queue's, or a screening would hang for ever. */
const retryLimit = 20;

export const screenQueue: Queue<OneScreening> = {
  name: 'screen',
  retryLimit,
  expireInSeconds: 3600,
  parse: (data) => oneScreening.parse(data),
};

export const fetchQueue: Queue<OneScreening> = {
  name: 'screen-fetch',
  retryLimit,
  expireInSeconds: 3600,
  parse: (data) => oneScreening.parse(data),
};

const someBlobs = z.object({ addresses: z.array(z.string()) });

export const dropQueue: Queue<z.infer<typeof someBlobs>> = {
  name: 'screen-drop-blobs',
  retryLimit,
  expireInSeconds: 600,
  parse: (data) => someBlobs.parse(data),
};

export const screeningQueues = [screenQueue, fetchQueue, dropQueue];
