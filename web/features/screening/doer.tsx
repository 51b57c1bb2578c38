import type { Doer as DoerData } from '../../../src/contract/screenings.ts';
import { useWords } from '../../words/words.ts';

/** Who did something: a person by name, a program by the name of its key. */
export function Doer({ doer }: { doer: DoerData | null }) {
  const say = useWords();
  if (doer === null) return say('screening.by.nobody');
  return doer.type === 'key' ? say('screening.by.key', { name: doer.name }) : doer.name;
}
