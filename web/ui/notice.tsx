import { CheckCircleOutlined, CloseOutlined, ExclamationCircleOutlined } from '@ant-design/icons';
import { useMemo, useSyncExternalStore } from 'react';
import { useWords } from '../words/words.ts';
import './notice.css';
import { explainProblem } from './problem-note.tsx';

/** Short words at the edge of the page that go by themselves, and are read aloud. */
export interface Notice {
  done: (text: string) => void;
  failed: (textOrError: unknown) => void;
  /** Only read aloud: the page itself already shows it. */
  announce: (text: string) => void;
}

export function useNotice(): Notice {
  const say = useWords();
  return useMemo(
    () => ({
      done: (text) => show('done', text, 3500),
      failed: (what) => {
        const { title, next } = typeof what === 'string' ? { title: what, next: null } : explainProblem(what, say);
        show('failed', next === null ? title : `${title} ${next}`, 10_000);
      },
      announce,
    }),
    [say],
  );
}

/** Where they appear, and the region that screen readers watch; once on the page. */
export function Notices() {
  const say = useWords();
  const shown = useSyncExternalStore(watch, () => notes);
  return (
    <>
      <div id={regionId} className="unseen" aria-live="polite" aria-atomic="true" />
      <div className="notices">
        {shown.map(({ id, kind, text }) => (
          <div key={id} className={`notice notice-${kind}`}>
            {kind === 'done' ? <CheckCircleOutlined /> : <ExclamationCircleOutlined />}
            <span>{text}</span>
            <button
              type="button"
              className="quiet-button quiet-small"
              aria-label={say('ui.notice.close')}
              onClick={() => drop(id)}
            >
              <CloseOutlined />
            </button>
          </div>
        ))}
      </div>
    </>
  );
}

interface Note {
  id: number;
  kind: 'done' | 'failed';
  text: string;
}

const regionId = 'read-aloud';
const atMost = 3;
let notes: Note[] = [];
let count = 0;
const listeners = new Set<() => void>();

function show(kind: Note['kind'], text: string, durationMs: number): void {
  count += 1;
  const id = count;
  change([...notes, { id, kind, text }].slice(-atMost));
  setTimeout(() => drop(id), durationMs);
  announce(text);
}

function drop(id: number): void {
  change(notes.filter((note) => note.id !== id));
}

function change(to: Note[]): void {
  notes = to;
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function announce(text: string): void {
  const region = document.getElementById(regionId);
  if (!region) return;
  // The same text twice would not be read twice.
  region.textContent = '';
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
