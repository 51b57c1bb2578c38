import type { Rate, Trial } from '../../contract/assessment.ts';
import { wilsonInterval } from './wilson.ts';

/** One rate for everything that was looked at, in the order in which it first came up. */
export function ratesOf(trials: readonly Trial[]): Rate[] {
  return [...Map.groupBy(trials, ({ subject }) => subject)].map(([subject, ofIt]) => {
    const kept = count(ofIt, 'kept');
    const tried = kept + count(ofIt, 'lost');
    return { subject, kept, tried, unclear: ofIt.length - tried, ...wilsonInterval(kept, tried) };
  });
}

export function count(trials: readonly Trial[], outcome: Trial['outcome']): number {
  return trials.filter((trial) => trial.outcome === outcome).length;
}

const order = { lost: 0, unclear: 1, kept: 2 } as const;

/** What went wrong is what one wants to see first. */
export function worstFirst(trials: readonly Trial[]): Trial[] {
  return trials.toSorted((one, other) => order[one.outcome] - order[other.outcome]);
}
