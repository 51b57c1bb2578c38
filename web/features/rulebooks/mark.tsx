import type { ReactNode } from 'react';
import './mark.css';

/** What a line says about doing something: the launch waits, it is due, it may be due, nothing is due, it is done. */
export type MarkKind = 'waits' | 'due' | 'open' | 'none' | 'done';

/** A shape and its colour, never without a word beside it. */
export function Mark({ of, children }: { of: MarkKind; children?: ReactNode }) {
  return (
    <span className={`mark mark-${of}`}>
      <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true" focusable="false">
        {shapes[of]}
      </svg>
      {children !== undefined && <span>{children}</span>}
    </span>
  );
}

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 2 } as const;
const shapes: Record<MarkKind, ReactNode> = {
  waits: <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" fill="currentColor" />,
  due: <path d="M8 2 15 14H1Z" fill="currentColor" />,
  open: <circle cx="8" cy="8" r="5.5" {...stroke} strokeDasharray="3 2.2" />,
  none: <path d="M3 8h10" {...stroke} strokeLinecap="round" />,
  done: <path d="m2.5 8.5 3.5 4 7.5-9" {...stroke} strokeLinecap="round" strokeLinejoin="round" />,
};
