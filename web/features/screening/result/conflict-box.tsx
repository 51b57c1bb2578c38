import type { Conflict } from '../../../../src/contract/screening.ts';
import { SignalMark } from '../../../ui/signal-mark.tsx';
import { useWords } from '../../../words/words.ts';
import { Foreign, Sentence } from '../sentence.tsx';
import { Badge } from './badge.tsx';
import { numberOf, type Shown } from './shown.ts';

/** Both statements side by side: the reader sees the contradiction, not our summary of it. */
export function ConflictBox({ shown, conflict }: { shown: Shown; conflict: Conflict }) {
  const say = useWords();
  return (
    <section className="conflict" aria-label={say('screening.conflict')}>
      <h2>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
          <path
            d="M6.5 3 1.5 8l5 5M9.5 3l5 5-5 5"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinejoin="round"
            strokeLinecap="round"
          />
        </svg>
        {say('screening.conflict')}
      </h2>
      <p>
        <Sentence of={`conflict.${conflict.code}`} />
      </p>
      <div className="statements">
        {conflict.signals.map((id) => (
          <Statement key={id} shown={shown} id={id} />
        ))}
      </div>
    </section>
  );
}

function Statement({ shown, id }: { shown: Shown; id: string }) {
  const say = useWords();
  const number = numberOf(shown, id);
  const signal = number === null ? undefined : shown.signals[number - 1];
  if (number === null || !signal) return null;
  const where = signal.place?.path ?? signal.place?.location;
  return (
    <div className="statement">
      <p className="statement-says">
        <Badge number={number} /> {say(`report.claim.${signal.claim}`)}
      </p>
      <p>
        <Sentence of={`signal.${signal.code}`} params={signal.params} />
      </p>
      <p className="quiet">
        <SignalMark of={signal.strength}>{say(`screening.word.${signal.strength}`)}</SignalMark>
        {where !== undefined && (
          <code className="statement-where">
            <Foreign text={where} most={80} />
          </code>
        )}
      </p>
    </div>
  );
}
