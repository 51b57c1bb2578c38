import type { FunctionState } from '../../../src/contract/register.ts';
import { useWords } from '../../words/words.ts';

/** Where something is in its life: a filled disc runs, a hollow one is planned, a half one changes, a struck one is gone. */
export function StateMark({ state }: { state: FunctionState }) {
  const say = useWords();
  return (
    <span className={`life life-${state}`}>
      <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true" focusable="false">
        <circle
          cx="6"
          cy="6"
          r="4.5"
          fill={state === 'launched' ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth="1.5"
        />
        {state === 'changed' && <path d="M6 1.5a4.5 4.5 0 0 1 0 9Z" fill="currentColor" />}
        {state === 'withdrawn' && <path d="M2.5 9.5 9.5 2.5" stroke="currentColor" strokeWidth="1.5" />}
      </svg>
      {say(`register.state.${state}`)}
    </span>
  );
}
