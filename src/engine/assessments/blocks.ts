import type { Evidence } from '../../contract/assessment-evidence.ts';
import type { Run } from '../../contract/assessment-runs.ts';
import type { Block, RequirementItem } from '../../contract/assessments.ts';
import type { Hazard } from '../../contract/hazards.ts';

/** What an assessment holds, as far as its conclusion waits for it. */
export interface Whole {
  requirements: readonly Pick<RequirementItem, 'rulebook' | 'id' | 'result' | 'evidence'>[];
  evidence: readonly Pick<Evidence, 'id' | 'lapsed'>[];
  hazards: readonly Pick<Hazard, 'id' | 'state' | 'verifiedRule'>[];
  runs: readonly Pick<Run, 'state'>[];
  conclusion: string | null;
  signatories: readonly unknown[];
}

/**
 * Everything for which an assessment cannot be concluded yet: an open requirement, an answer without evidence or with none that still
 * holds, a hazard that is not rectified (CN18-R0: until it is eliminated; no rulebook states a tolerance, so none is left), a run that may
 * still find something. A hazard that breaks only rules whose text nobody has read warns, and holds nothing up.
 */
export function blocksOf({ requirements, evidence, hazards, runs, conclusion, signatories }: Whole): Block[] {
  const lapsed = new Set(evidence.filter((one) => one.lapsed).map(({ id }) => id));
  return [
    ...requirements.flatMap(({ rulebook, id, result, evidence: own }) => {
      const requirement = { rulebook, id };
      if (result === 'open') return [block('requirement-open', { requirement })];
      const [first] = own;
      if (first === undefined) return [block('no-evidence', { requirement })];
      return own.every((one) => lapsed.has(one)) ? [block('evidence-lapsed', { requirement, evidence: first })] : [];
    }),
    ...hazards
      .filter(({ state, verifiedRule }) => verifiedRule && state !== 'verified')
      .map(({ id }) => block('hazard-open', { hazard: id })),
    ...(runs.some(({ state }) => state === 'queued' || state === 'working') ? [block('run-under-way', {})] : []),
    ...(conclusion === null ? [block('conclusion-missing', {})] : []),
    ...(signatories.length === 0 ? [block('signatory-missing', {})] : []),
  ];
}

function block(code: Block['code'], about: Partial<Omit<Block, 'code'>>): Block {
  return { code, requirement: null, hazard: null, evidence: null, ...about };
}
