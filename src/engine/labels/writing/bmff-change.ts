import type { Box } from '../containers/boxes.ts';
import type { Edit } from './pieces.ts';

/** A change of bytes inside boxes, which are told from the outermost to the innermost: all of them change their size. */
export interface BoxChange extends Edit {
  within: readonly Box[];
}
