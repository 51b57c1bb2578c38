import type { FoundHazard, ProbeId, ProbeRun, Trial } from '../../../contract/assessment.ts';
import type { Attempt } from '../../../engine/assessments/search.ts';
import type { ProbeBench } from '../probes/probe.ts';
import type { Copy } from '../samples/copies.ts';
import type { Edit } from '../samples/edits.ts';
import type { Sample } from '../samples/sample.ts';

/** One thing that is hunted: a safeguard, for one kind of media. */
export interface Hunting {
  /** Whose safeguard it is; the first keeps what was done in its name. */
  probes: [ProbeId, ...ProbeId[]];
  /** `image/jpeg` */
  subject: string;
  /** What the chains begin with. */
  sample: Sample;
  /** Codes of trials. */
  sought: readonly string[];
  probeFor(code: string): ProbeId;
  /** Hazards of the probe itself that settle it without a search. */
  known: string[];
  /** Steps before the edits. */
  before: FoundHazard['reproduce'];
  /** What the probe saw of such a chain; null for nothing. */
  seenBefore(chain: readonly string[]): Attempt | null;
  attempt(bench: ProbeBench, chain: readonly Edit[], folder: string): Promise<Attempted>;
}

export interface Attempted {
  attempt: Attempt;
  /** Null where the chain does not exist for this file. */
  copy: Copy | null;
  seen: readonly Trial[];
}

/** A probe that ran, with what it published. */
export interface Ran {
  run: ProbeRun;
  samples: readonly Sample[];
}

export function ranIn(ran: readonly Ran[], probe: ProbeId): Ran | null {
  return ran.find((one) => one.run.probe === probe && one.run.state === 'ran') ?? null;
}

/** For a chain that leads nowhere. */
export const impossible: Attempted = {
  attempt: { published: false, clear: [], unclear: [], failures: [], grows: false },
  copy: null,
  seen: [],
};

type SeenTrial = Pick<Trial, 'outcome' | 'code' | 'params'>;

interface Sought {
  sought: readonly string[];
  /** The ways of failing of which an unclear trial says nothing. */
  leftOpen(trial: SeenTrial): readonly string[];
  /** Whether more edits may follow. */
  grows(trial: SeenTrial): boolean;
}

/**
 * What was seen of one chain, for each way of failing that is sought. One that failed is clear, whatever was unclear beside it.
 */
export function attemptOf(seen: readonly SeenTrial[], { sought, leftOpen, grows }: Sought): Attempt {
  const lost = seen.filter(({ outcome }) => outcome === 'lost').map(({ code }) => code);
  const failures = sought.filter((code) => lost.includes(code));
  const open = new Set(seen.filter(({ outcome }) => outcome === 'unclear').flatMap(leftOpen));
  const unclear = sought.filter((code) => seen.length === 0 || (open.has(code) && !failures.includes(code)));
  return {
    published: true,
    clear: sought.filter((code) => !unclear.includes(code)),
    ...{ unclear, failures },
    grows: seen.length > 0 && seen.every(grows),
  };
}
