import type { ServiceFunction } from '../../../src/contract/register.ts';
import { useLang, useWords } from '../../words/words.ts';
import { sayDate } from '../rulebooks/days.tsx';

interface Stop {
  word: string;
  day: string | null;
  /** Reached, where it is now, or still ahead. */
  at: 'past' | 'now' | 'ahead';
}

/** Planned, launched, changed, withdrawn: a quiet line with the days that are known. */
export function LifeLine({ one }: { one: ServiceFunction }) {
  const say = useWords();
  const lang = useLang();
  return (
    <ol className="life-line">
      {stopsOf(one).map(({ word, day, at }) => (
        <li key={word} className={`life-stop life-stop-${at}`} aria-current={at === 'now' ? 'step' : undefined}>
          <span className="life-word">{say(`register.life.${word}`)}</span>
          <span className="life-day">{day === null ? (at === 'ahead' ? '' : '–') : sayDate(day, lang)}</span>
        </li>
      ))}
    </ol>
  );
}

/** The stops of its present version: what was, what is, what comes. */
function stopsOf({ state, version, plannedLaunch, launchedOn, withdrawnOn }: ServiceFunction): Stop[] {
  const planned = version > 1 ? 'change-planned' : 'planned';
  const launched = version > 1 ? 'change-launched' : 'launched';
  const stops: Stop[] = [
    { word: planned, day: plannedLaunch, at: state === 'planned' || state === 'changed' ? 'now' : 'past' },
    { word: launched, day: launchedOn, at: state === 'launched' ? 'now' : launchedOn === null ? 'ahead' : 'past' },
  ];
  if (state !== 'withdrawn') return stops;
  const reached = stops.filter(({ at, day }) => at === 'past' && (day !== null || launchedOn !== null));
  return [...reached, { word: 'withdrawn', day: withdrawnOn, at: 'now' }];
}
