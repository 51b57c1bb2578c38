import type { LabellingItem } from '../../../src/contract/labellings.ts';
import { useWords } from '../../words/words.ts';
import { Mark } from '../rulebooks/mark.tsx';

/** Where a labelling stands, with its shape. */
export function StateMark({ state }: { state: LabellingItem['state'] }) {
  const say = useWords();
  if (state === 'done') return <Mark of="done">{say('labelling.state.done')}</Mark>;
  const look = { queued: 'queued', working: 'sending', refused: 'refused', failed: 'failed' }[state];
  return <span className={`under-way under-way-${look}`}>{say(`labelling.state.${state}`)}</span>;
}
