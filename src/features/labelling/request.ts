import type { Limits } from '../../box/pool.ts';
import type { Isolation } from '../../box/sandbox.ts';
import type { Workshop } from '../../box/workshop.ts';
import type { Labelling, LabelPlan } from '../../contract/labelling.ts';
import type { Say } from '../../contract/words.ts';
import type { SealKey } from '../../engine/labels/aigc/sealing.ts';
import type { SigningTools } from './credentials.ts';

/** What labelling stands on. */
export interface LabellingTools {
  workshop: Workshop;
  isolation: Isolation;
  versions: Labelling['versions'];
  /** Draws a content number for a label that was given none. */
  newProduceId: () => string;
  /** Draws an identifier of 16 hex digits for a picture. */
  newIdentifier: () => string;
  /** Asked only when a label is to be sealed: it may need a passphrase. */
  sealKey: (say: Say) => SealKey | null;
  /** Null where no certificate was given. */
  signing: SigningTools | null;
  now: () => Date;
}

export interface LabelRequest {
  input: string;
  output: string;
  /** An existing output may be replaced; never the input. */
  overwrite: boolean;
  plan: LabelPlan;
  limits: Limits;
  /** Outputs above this many bytes are not hashed. */
  hashLimit: number;
  say: Say;
  onProgress?: (step: string, fraction: number) => void;
}
