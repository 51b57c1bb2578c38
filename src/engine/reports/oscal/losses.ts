import type { AssessmentRecord, ProbeId, Trial } from '../../../contract/assessment.ts';

/** What was lost in one way in one place, as one hazard has it: every such trial, with its place in the record. */
export interface Loss {
  /** Number of the probe's run in the record. */
  run: number;
  /** Number among the losses of that run. */
  no: number;
  probe: ProbeId;
  subject: string;
  code: string;
  first: Trial;
  trials: readonly { trial: Trial; no: number }[];
}

/** Every lost trial of the record is in exactly one of these. */
export function lossesOf({ probes }: AssessmentRecord): Loss[] {
  return probes.flatMap(({ probe, trials }, run) => {
    const lost = trials.map((trial, no) => ({ trial, no })).filter(({ trial }) => trial.outcome === 'lost');
    const groups = Map.groupBy(lost, ({ trial }) => JSON.stringify([trial.subject, trial.code]));
    return [...groups.values()].flatMap((group, no) => {
      const first = group[0]?.trial;
      if (!first) return [];
      return { run, no, probe, subject: first.subject, code: first.code, first, trials: group };
    });
  });
}
