import type { AssessedRequirement, ProbeId, ProbeRun } from '../../contract/assessment.ts';
import type { Requirement } from '../../contract/rulebook.ts';
import { count } from './rates.ts';

/** What a probe can say of a requirement: all of it, or a part that does not settle it. */
export type Reach = 'settles' | 'supports';
/** Of each probe, the requirements it speaks about. */
export type Reaches = (probe: ProbeId) => Readonly<Record<string, Reach>>;

/**
 * The result of one requirement from what the probes saw. What fails once fails, but a rule whose text nobody has read only warns.
 * A test that could not run, or was unclear, settles nothing.
 */
export function resultOf(
  rulebook: string,
  {
    id,
    clause,
    title,
    verified,
    provenance,
    method,
  }: Pick<Requirement, 'id' | 'clause' | 'title' | 'verified' | 'provenance' | 'method'>,
  { runs, reaches }: { runs: readonly ProbeRun[]; reaches: Reaches },
): AssessedRequirement {
  const own = runs.filter(({ probe }) => reaches(probe)[id] !== undefined);
  const trials = own.flatMap((run) => run.trials.filter(({ requirements }) => requirements.includes(id)));
  const [kept, lost, unclear] = [count(trials, 'kept'), count(trials, 'lost'), count(trials, 'unclear')];
  const notRun = own.filter((run) => run.state === 'not-run');
  const settled = own.some(({ probe }) => reaches(probe)[id] === 'settles');
  return {
    ...{ rulebook, id, clause, title, verified, provenance, method },
    ...decide({ verified, kept, lost, unclear, settled, notRun: notRun.length, probes: own.length, method }),
    probes: own.map(({ probe }) => probe),
    ...{ kept, lost, unclear },
  };
}

interface Known {
  verified: boolean;
  kept: number;
  lost: number;
  unclear: number;
  settled: boolean;
  notRun: number;
  probes: number;
  method: Requirement['method'];
}

function decide(known: Known): Pick<AssessedRequirement, 'result' | 'reason'> {
  const { verified, kept, lost, unclear, settled, notRun, probes, method } = known;
  const reason = (code: string) => ({ code, params: { kept, lost, unclear, tried: kept + lost } });
  if (lost > 0 && verified) return { result: 'fails', reason: reason('lost') };
  if (lost > 0) return { result: 'open', reason: reason('lost-unverified') };
  if (probes === 0) return { result: 'open', reason: reason(method.includes('test') ? 'no-probe' : 'for-people') };
  if (notRun > 0 || kept + unclear === 0) return { result: 'open', reason: reason('not-run') };
  if (unclear > 0) return { result: 'open', reason: reason('unclear') };
  return settled ? { result: 'conforms', reason: reason('kept') } : { result: 'open', reason: reason('supported') };
}
