import { SignalMark } from '../../ui/signal-mark.tsx';
import { useWords } from '../../words/words.ts';
import { isVerdict, type RowWord } from './verdict-words.ts';

/** A verdict with its shape, or how far the examination is. */
export function VerdictMark({ word }: { word: RowWord }) {
  const say = useWords();
  if (isVerdict(word)) return <SignalMark of={word}>{say(`screening.word.${word}`)}</SignalMark>;
  return <span className={`under-way under-way-${word}`}>{say(`screening.state.${word}`)}</span>;
}
