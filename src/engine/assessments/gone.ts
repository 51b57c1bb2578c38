import type { FoundHazard, HazardSearch, ProbeRun, Trial } from '../../contract/assessment.ts';

/**
 * Whether a run of the same probe shows that a hazard is gone: the same subject was looked at at least as often as when it was found, and
 * never lost that way, nor unclear. Fewer looks, or one that saw nothing, show nothing.
 */
export function isGone(
  { subject, code, tried }: { subject: string; code: string; tried: number },
  { state, trials }: Pick<ProbeRun, 'state'> & { trials: readonly Pick<Trial, 'subject' | 'outcome' | 'code'>[] },
): boolean {
  if (state !== 'ran') return false;
  const looks = trials.filter((trial) => trial.subject === subject);
  if (looks.some((look) => look.outcome === 'unclear')) return false;
  if (looks.some((look) => look.outcome === 'lost' && look.code === code)) return false;
  return looks.length > 0 && looks.length >= tried;
}

/** What a hazard is called: seen again, it is the same. Those of a search are its own. */
export function hazardKey({
  probe,
  subject,
  code,
  search,
}: {
  probe: string;
  subject: string;
  code: string;
  search: boolean;
}): string {
  return `${search ? ofSearch : ''}${probe}/${subject}/${code}`;
}

const ofSearch = 'search/';

export function isFromSearch(id: string): boolean {
  return id.startsWith(ofSearch);
}

/**
 * Whether another search shows that a hazard is gone: it sought that way of failing, tried the chain that showed it, and of all chains as long
 * none failed so, nor was unclear. What a search did not seek, or a record of before does not say, shows nothing.
 */
export function isHeld(
  { probe, subject, code, reproduce }: Pick<FoundHazard, 'probe' | 'subject' | 'code' | 'reproduce'>,
  searches: readonly HazardSearch[],
): boolean {
  const edits = reproduce.flatMap((step) => (step.code.startsWith('edit.') ? [step.code.split('.').at(-1)] : []));
  return searches.some(
    (search) =>
      search.subject === subject &&
      search.probes.includes(probe) &&
      search.chains?.includes(edits.join('+')) === true &&
      search.sought?.some((one) => one.code === code && one.held >= edits.length) === true,
  );
}
