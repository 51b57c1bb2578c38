import { Button } from 'antd';
import { useEffect, useSyncExternalStore } from 'react';
import { useRouteError } from 'react-router';
import { currentParts, isMissingPart, watchParts } from '../api/parts.ts';
import { Page } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useWords } from '../words/words.ts';

/** A page that fell over, or that did not come. What the server keeps is untouched; the rest of the application still works. */
export function Broken() {
  const say = useWords();
  const error = useRouteError();
  const parts = useSyncExternalStore(watchParts, currentParts);
  const missing = isMissingPart(error);
  const why = !missing ? 'broken' : parts === 'renewed' ? 'outdated' : 'missing';
  useEffect(() => {
    if (!missing) console.error(error);
  }, [error, missing]);
  return (
    <Page
      width="text"
      title={say(`frame.${why}.title`)}
      lead={say(`frame.${why}.lead`)}
      action={
        <Button type="primary" onClick={() => location.reload()}>
          {say('frame.broken.reload')}
        </Button>
      }
    >
      {!missing && (
        <ProblemNote error={error}>
          <code>{error instanceof Error ? error.message : String(error)}</code>
        </ProblemNote>
      )}
      <p className={missing ? 'told-here' : undefined}>
        <a href="/">{say('frame.not-found.home')}</a>
      </p>
    </Page>
  );
}
