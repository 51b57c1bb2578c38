import type { LabellingTools } from '../../src/features/labelling/request.ts';
import type { Complaints } from './complaints.ts';
import type { Credentials } from './credentials.ts';
import type { Gaps } from './gaps.ts';
import type { Items } from './items.ts';
import type { Jobs } from './jobs.ts';
import type { KnownFakes } from './known-fakes.ts';
import type { Log } from './logs.ts';

/** What the routes of the sample platform stand on. */
export interface Shimmer {
  /** Its own temporary folder. */
  folder: string;
  gaps: Gaps;
  tools: LabellingTools;
  jobs: Jobs;
  items: Items;
  complaints: Complaints;
  credentials: Credentials;
  knownFakes: KnownFakes;
  log: Log;
  now: () => Date;
}
