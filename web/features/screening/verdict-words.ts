import type { ScreeningItem } from '../../../src/contract/screenings.ts';
import type { SignalShape } from '../../ui/signal-mark.tsx';
import { sayNow } from '../../words/words.ts';

/** Strongest statement first, as every list and every total shows them. */
export const verdictWords = ['strong', 'some', 'declared', 'little', 'not-applicable', 'unexaminable'] as const;

/** The word of a screening's row: what the machine said, or how far it is. */
export type RowWord = SignalShape | 'queued' | 'examining' | 'failed';

export function wordOf({ state, verdict }: Pick<ScreeningItem, 'state' | 'verdict'>): RowWord {
  if (state !== 'done' || !verdict) return state === 'done' ? 'failed' : state;
  return verdict.code === 'unexaminable' ? 'unexaminable' : verdict.word;
}

export function isVerdict(word: RowWord): word is SignalShape {
  return word !== 'queued' && word !== 'examining' && word !== 'failed';
}

/** In the language of this moment. */
export function sayWord(word: RowWord): string {
  return isVerdict(word) ? sayNow(`screening.word.${word}`) : sayNow(`screening.state.${word}`);
}
