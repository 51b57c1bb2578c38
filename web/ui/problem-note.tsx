import { Button } from 'antd';
import type { ReactNode } from 'react';
import { ApiProblem, Unreachable } from '../api/problem.ts';
import { currentLang, type Say, useWords, words } from '../words/words.ts';
import './notes.css';
import { sayMoment } from './time.tsx';

/**
 * What went wrong, in words: what happened, then what to do. Takes anything that was thrown: a problem of the server, silence,
 * or a mistake of ours.
 */
export function ProblemNote({
  error,
  onRetry,
  children,
}: {
  error: unknown;
  onRetry?: () => void;
  children?: ReactNode;
}) {
  const say = useWords();
  const { title, next } = explainProblem(error, say);
  return (
    <div className="note note-problem" role="alert">
      <p className="note-title">{title}</p>
      {next !== null && <p>{next}</p>}
      {children}
      {onRetry && (
        <Button size="small" onClick={onRetry}>
          {say('ui.problem.retry')}
        </Button>
      )}
      {error instanceof ApiProblem && error.requestId !== null && error.status >= 500 && (
        <p className="quiet note-small">{say('ui.problem.request', { id: error.requestId })}</p>
      )}
    </div>
  );
}

/** The same as plain text, for a toast or under a field. */
export function explainProblem(error: unknown, say: Say): { title: string; next: string | null } {
  if (error instanceof Unreachable)
    return { title: say('ui.problem.unreachable'), next: say('ui.problem.unreachable.next') };
  if (!(error instanceof ApiProblem)) return { title: say('ui.problem.ours'), next: say('ui.problem.ours.next') };
  const own = `ui.problem.code.${error.code}`;
  if (words.exists(own)) {
    const retry =
      error.retryAfterS === null ? null : say('ui.problem.retry-after', { count: Math.ceil(error.retryAfterS) });
    const until = error.lockedUntil === null ? undefined : { until: sayMoment(error.lockedUntil, currentLang()) };
    const next = words.exists(`${own}.next`) ? say(`${own}.next`, until) : error.next;
    return { title: say(own), next: retry ?? next };
  }
  if (error.title !== null) return { title: error.title, next: error.next ?? fieldsOf(error) };
  return { title: say('ui.problem.ours'), next: say('ui.problem.ours.next') };
}

function fieldsOf(error: ApiProblem): string | null {
  return error.fields.length === 0 ? null : error.fields.map(({ path, message }) => `${path}: ${message}`).join(' · ');
}
