import { Link as PageLink } from 'react-router';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { Door } from './door.tsx';

/** A link that was used, ran out, was withdrawn, or came without its secret part. */
export function SpentLink({ error }: { error: unknown }) {
  const say = useWords();
  return (
    <Door title={say('accounts.link.spent')} lead={say('accounts.link.spent.lead')}>
      {error !== null && <ProblemNote error={error} />}
      <PageLink to="/sign-in">{say('accounts.link.sign-in')}</PageLink>
    </Door>
  );
}
