import { Link as PageLink } from 'react-router';
import { ApiProblem } from '../../api/problem.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/words.ts';
import { Door } from './door.tsx';

/** A link that was used, ran out, was withdrawn, or came without its secret part; or one that could not be looked at just now. */
export function SpentLink({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const say = useWords();
  const spent = error === null || (error instanceof ApiProblem && (error.status === 404 || error.status === 400));
  return (
    <Door
      title={say(spent ? 'accounts.link.spent' : 'accounts.link.unread')}
      lead={spent && say('accounts.link.spent.lead')}
    >
      {!spent && <ProblemNote error={error} onRetry={onRetry} />}
      <PageLink to="/sign-in">{say('accounts.link.sign-in')}</PageLink>
    </Door>
  );
}
