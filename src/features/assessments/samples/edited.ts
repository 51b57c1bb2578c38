import type { SampleFormat } from '../../../contract/target.ts';

/** A file on its way through a chain of edits. */
export interface Edited {
  path: string;
  format: SampleFormat;
}
