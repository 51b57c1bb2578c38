import { Button } from 'antd';
import { useEffect } from 'react';
import { useRouteError } from 'react-router';
import { Page } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useWords } from '../words/words.ts';

/** A page that fell over. What the server keeps is untouched; the rest of the application still works. */
export function Broken() {
  const say = useWords();
  const error = useRouteError();
  const outdated = error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);
  useEffect(() => console.error(error), [error]);
  return (
    <Page
      width="text"
      title={say(outdated ? 'frame.outdated.title' : 'frame.broken.title')}
      lead={say(outdated ? 'frame.outdated.lead' : 'frame.broken.lead')}
      action={
        <Button type="primary" onClick={() => location.reload()}>
          {say('frame.broken.reload')}
        </Button>
      }
    >
      {!outdated && (
        <ProblemNote error={error}>
          <code>{error instanceof Error ? error.message : String(error)}</code>
        </ProblemNote>
      )}
      <p>
        <a href="/">{say('frame.not-found.home')}</a>
      </p>
    </Page>
  );
}
