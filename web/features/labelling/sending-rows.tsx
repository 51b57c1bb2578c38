import { useWords } from '../../words/words.ts';
import { Actions, OnItsWay, Word } from '../screening/drop/batch-row.tsx';
import type { Sending } from '../screening/drop/sending.ts';
import { Foreign } from '../screening/sentence.tsx';

/** The files that are on their way; once they are labelled, or being labelled, they stand in the list below. */
export function SendingRows({ sendings }: { sendings: readonly Sending[] }) {
  const say = useWords();
  const open = sendings.filter(({ way }) => way.is !== 'sent');
  if (open.length === 0) return null;
  return (
    <section aria-label={say('labelling.sending')}>
      <ol className="drop-rows">
        {open.map((sending) => (
          <li key={sending.key} className="drop-row">
            <span className="drop-word">
              <Word sending={sending} item={null} />
            </span>
            <span className="drop-name">
              <Foreign text={sending.name} most={160} />
            </span>
            <span className="drop-what">
              <OnItsWay sending={sending} />
            </span>
            <span className="drop-size" />
            <span className="drop-actions">
              <Actions sending={sending} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
