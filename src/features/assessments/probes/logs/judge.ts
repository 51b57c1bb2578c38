import { type LogField, logFields } from '../../../../contract/target.ts';
import type { Seeing } from '../probe.ts';

/** One entry, field by field; a field that the target does not place is left out. */
export type LogEntry = Partial<Record<LogField, string | null>>;

/** Which of the fields of CN18-E3 each entry holds. */
export function judgeFields(entries: readonly LogEntry[]): Seeing[] {
  if (entries.length === 0)
    return [{ subject: 'entries', requirements: ['CN18-E3'], outcome: 'unclear', code: 'log-empty' }];
  return logFields.flatMap((field): Seeing[] => {
    const about = { subject: field, requirements: ['CN18-E3'] };
    if (entries.every((entry) => entry[field] === undefined))
      return [{ ...about, outcome: 'unclear', code: 'log-field-not-placed' }];
    return entries.map((entry) => {
      const isThere = (entry[field] ?? '').trim() !== '';
      return isThere
        ? { ...about, outcome: 'kept' as const, code: 'log-field-held' }
        : { ...about, outcome: 'lost' as const, code: 'log-field-missing' };
    });
  });
}

/** How far back the entries reach. */
export function judgeReach(oldest: number | null, days: number, now: number): Seeing {
  const about = { subject: 'reach', requirements: ['CN18-E3-min'] };
  if (oldest === null) return { ...about, outcome: 'unclear', code: 'log-without-time' };
  const reached = Math.floor((now - oldest) / 86_400_000);
  const params = { reached, days };
  return reached >= days
    ? { ...about, outcome: 'kept', code: 'log-reaches-back', params }
    : { ...about, outcome: 'lost', code: 'log-too-short', params };
}
