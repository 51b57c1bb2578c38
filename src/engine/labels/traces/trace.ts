import type { Claim, Place, Strength } from '../../../contract/screening.ts';
import type { Fact } from './facts.ts';

/** What one recogniser found, before it is numbered as a signal. */
export interface Trace {
  /** `trace.<name>`; the code of its sentence is `trace-<name>` unless given. */
  method: string;
  code?: string;
  claim: Claim;
  strength: Strength;
  /** Name and version of the tool as the metadata gives it. */
  tool: string;
  place: Place;
  /** Short technical values only, never a prompt. */
  evidence: Record<string, string | number | boolean | string[]>;
  /** Carriers (see `Fact.carrier`) that this trace explains: weaker recognisers leave them alone. */
  carriers: number[];
}

/** Looks through all facts of a file and says what one generator left. Never throws for any text. */
export type Recogniser = (facts: readonly Fact[]) => Trace[];
