import type { HazardSearch, ProbeRun, Trial } from '../../contract/assessment.ts';

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

/** Whether another search shows that the safeguard holds now: it tried every chain as long as the one that defeated it, and none did. */
export function isHeld(
  { probe, subject, reproduce }: { probe: string; subject: string; reproduce: readonly { code: string }[] },
  searches: readonly HazardSearch[],
): boolean {
  const edits = reproduce.filter(({ code }) => code.startsWith('edit.')).length;
  return searches.some(
    (search) =>
      search.subject === subject &&
      search.probes.some((one) => one === probe) &&
      (search.outcome === 'held' ? search.length >= edits : search.outcome === 'budget-spent' && search.length > edits),
  );
}
