import type { LabellingItem } from '../../../src/contract/labellings.ts';
import { useWords, words } from '../../words/words.ts';
import { Sentence, sentenceText } from '../screening/sentence.tsx';

type Failure = NonNullable<LabellingItem['failure']>;

/** Why there is no labelled file. */
export function Why({ failure }: { failure: Failure }) {
  return <Sentence of={`problem.${failure.code}`} params={failure.params} />;
}

/** What to do, in the words of this page: the catalogue's own speak of the command line. */
export function WhatToDo({ failure: { code, params } }: { failure: Failure }) {
  const say = useWords();
  const own = `labelling.next.${code}`;
  if (words.exists(own)) return say(own);
  return sentenceText(`next.${code}`, params) === code ? null : <Sentence of={`next.${code}`} params={params} />;
}
