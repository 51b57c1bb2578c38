import { Link, useLocation } from 'react-router';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';
import { useWords } from '../words/words.ts';

export function NotFound() {
  const say = useWords();
  const { pathname } = useLocation();
  return (
    <Page title={say('frame.not-found.title')} width="text">
      <EmptyState
        title={say('frame.not-found.what', { path: pathname })}
        text={say('frame.not-found.next')}
        action={<Link to="/">{say('frame.not-found.home')}</Link>}
      />
    </Page>
  );
}
