import { z } from 'zod';
import type { Queue } from '../../../platform/jobs.ts';

const oneRun = z.object({ run: z.uuid() });
export type OneRun = z.infer<typeof oneRun>;

export const runQueue: Queue<OneRun> = {
  name: 'assess',
  // More than `mostStarts`: the last word is ours, not the queue's, or a run would hang for ever.
  retryLimit: 20,
  expireInSeconds: 4 * 3600,
  parse: (data) => oneRun.parse(data),
};
