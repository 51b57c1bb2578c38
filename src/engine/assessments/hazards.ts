import type { FoundHazard, ProbeRun, Trial } from '../../contract/assessment.ts';
import { hazardKey } from './gone.ts';
import { type Impact, severityOf } from './severity.ts';

/** What was lost becomes hazards, one for each way of losing it in each place, whatever the number of samples. */
export function hazardsOf(
  { probe, trials }: ProbeRun,
  { impact, verified }: { impact: Impact; verified: ReadonlySet<string> },
): FoundHazard[] {
  const lost = trials.filter(({ outcome }) => outcome === 'lost');
  return [...Map.groupBy(lost, ({ subject, code }) => `${subject} ${code}`).values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { subject, code } = first;
    const requirements = [...new Set(group.flatMap((trial) => trial.requirements))];
    const tried = trials.filter((trial) => trial.subject === subject && trial.outcome !== 'unclear').length;
    return {
      id: hazardKey({ probe, subject, code, search: false }),
      ...{ probe, subject, code },
      requirements,
      severity: severityOf(impact, group.length, tried),
      verified: requirements.some((id) => verified.has(id)),
      lost: group.length,
      tried,
      reproduce: stepsFor(first),
    };
  });
}

/** From the first sample that showed it: what a person does to see it again. */
function stepsFor({ sample, subject, url, code, params }: Trial): FoundHazard['reproduce'] {
  const { of, edit } = params;
  return [
    // A copy of something that the service knows.
    ...(of === undefined || edit === undefined
      ? []
      : [
          { code: 'publish', params: { sample: of } },
          { code: 'list-known', params: {} },
          { code: `edit.${edit}`, params: {} },
        ]),
    ...(sample === null ? [] : [{ code: 'publish', params: { sample } }]),
    ...(url === null ? [] : [{ code: 'fetch', params: { url, subject } }]),
    { code: `seen.${code}`, params },
  ];
}
