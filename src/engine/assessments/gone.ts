import type { ProbeRun, Trial } from '../../contract/assessment.ts';

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
