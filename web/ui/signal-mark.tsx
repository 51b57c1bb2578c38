import type { ReactNode } from 'react';
import './signal-mark.css';

export type SignalShape = 'strong' | 'some' | 'declared' | 'little' | 'not-applicable' | 'unexaminable';

/** A shape and its colour, never without a word beside it: colour is not the only thing that tells them apart. */
export function SignalMark({ of, children }: { of: SignalShape; children: ReactNode }) {
  return (
    <span className="signal">
      <svg
        className={`glyph glyph-${of}`}
        viewBox="0 0 16 16"
        width="13"
        height="13"
        aria-hidden="true"
        focusable="false"
      >
        {shapes[of]}
      </svg>
      <span>{children}</span>
    </span>
  );
}

/** The same drawings as in the screening report. */
const shapes: Record<SignalShape, ReactNode> = {
  strong: <path d="M8 1 15 8 8 15 1 8Z" fill="currentColor" />,
  some: <path d="M8 2 15 14H1Z" fill="currentColor" />,
  declared: <path d="M2 2h12v12H2Z" fill="currentColor" />,
  little: <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="2" />,
  'not-applicable': <path d="M3 8h10" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  unexaminable: (
    <>
      <path d="M2 6 6 2M2 10 10 2M2 14 14 2M6 14 14 6M10 14 14 10" stroke="currentColor" strokeWidth="1.4" />
      <path d="M1.5 1.5h13v13h-13Z" fill="none" stroke="currentColor" />
    </>
  ),
};
