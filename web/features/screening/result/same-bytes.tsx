import { Link } from 'react-router';
import type { Screening } from '../../../../src/contract/screenings.ts';
import { Time } from '../../../ui/time.tsx';
import { useWords } from '../../../words/words.ts';
import { Foreign } from '../sentence.tsx';

/** Other screenings of the very same bytes in this organisation. */
export function SameBytes({ screening: { sameBytes } }: { screening: Screening }) {
  const say = useWords();
  if (sameBytes.length === 0) return null;
  return (
    <section className="same">
      <h2>{say('screening.same', { count: sameBytes.length })}</h2>
      <ul className="lines">
        {sameBytes.map(({ id, name, createdAt }) => (
          <li key={id}>
            <Link to={`/screen/${id}`}>
              <Foreign text={name} most={120} />
            </Link>{' '}
            <span className="quiet">
              <Time at={createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
