import type { MouseEvent } from 'react';
import { useWords } from '../../../words/words.ts';
import { numberOf, type Shown, signalAnchor } from './shown.ts';

/** A small number that leads to its signal. */
export function Badge({ number }: { number: number }) {
  const say = useWords();
  return (
    <a
      className="badge"
      href={`#${signalAnchor(number)}`}
      aria-label={say('screening.signal.number', { number })}
      onClick={(event: MouseEvent) => {
        event.preventDefault();
        showSignal(number);
      }}
    >
      {number}
    </a>
  );
}

export function Badges({ shown, ids }: { shown: Shown; ids: readonly string[] }) {
  const numbers = ids.map((id) => numberOf(shown, id)).filter((number) => number !== null);
  return numbers.map((number) => <Badge key={number} number={number} />);
}

/** Brings a signal into view and gives it the focus. */
export function showSignal(number: number): void {
  const card = document.getElementById(signalAnchor(number));
  card?.scrollIntoView({ block: 'center' });
  card?.focus({ preventScroll: true });
}
