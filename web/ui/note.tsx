import type { ReactNode } from 'react';
import './notes.css';

/** A quiet box: a thing to know (`plain`), to be careful with (`care`), or that went well (`good`). */
export function Note({
  kind = 'plain',
  title,
  children,
}: {
  kind?: 'plain' | 'care' | 'good';
  title?: string;
  children?: ReactNode;
}) {
  return (
    <div className={`note note-${kind}`} role={kind === 'plain' ? undefined : 'status'}>
      {title && <p className="note-title">{title}</p>}
      {children}
    </div>
  );
}
