import type { ReactNode } from 'react';
import './notes.css';

/** Nothing here yet: says what will stand here and teaches the first step, with one real example if there is one. */
export function EmptyState(props: { title: string; text: ReactNode; action?: ReactNode; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{props.title}</p>
      <p className="quiet">{props.text}</p>
      {props.children}
      {props.action && <div className="empty-action">{props.action}</div>}
    </div>
  );
}
