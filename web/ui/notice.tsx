import { App } from 'antd';
import { useMemo } from 'react';
import { useWords } from '../words/words.ts';
import { explainProblem } from './problem-note.tsx';

/** Short words at the edge of the page that go by themselves, and are read aloud. */
export interface Notice {
  done: (text: string) => void;
  failed: (textOrError: unknown) => void;
  /** Only read aloud: the page itself already shows it. */
  announce: (text: string) => void;
}

export function useNotice(): Notice {
  const { message } = App.useApp();
  const say = useWords();
  return useMemo(
    () => ({
      done: (text) => {
        void message.success(text, 3);
        announce(text);
      },
      failed: (what) => {
        const { title, next } = typeof what === 'string' ? { title: what, next: null } : explainProblem(what, say);
        const text = next === null ? title : `${title} ${next}`;
        void message.error(text, 8);
        announce(text);
      },
      announce,
    }),
    [message, say],
  );
}

/** The region that screen readers watch; the frame puts it on the page once. */
export function LiveRegion() {
  return <div id={regionId} className="unseen" aria-live="polite" aria-atomic="true" />;
}

const regionId = 'read-aloud';

function announce(text: string): void {
  const region = document.getElementById(regionId);
  if (!region) return;
  // The same text twice would not be read twice.
  region.textContent = '';
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
