import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'react-router';
import './page.css';

/**
 * The head of every page: one h1, at most a line under it, at most one primary action. Names the window, and takes the
 * focus when somebody arrives from another page, so that a screen reader begins here.
 */
export function Page(props: {
  title: string;
  /** One or two plain sentences: what this page is for. */
  lead?: ReactNode;
  /** The one primary action. */
  action?: ReactNode;
  /** Where this page belongs: a link back to its list, a filter. Quiet. */
  above?: ReactNode;
  /** `text` keeps lines readable; `wide` is for tables and pictures. */
  width?: 'text' | 'wide';
  children: ReactNode;
}) {
  const { title, lead, action, above, width = 'wide', children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();

  useEffect(() => {
    document.title = `${title} · Clearmirror 明鉴`;
  }, [title]);

  useEffect(() => {
    if (arrivedAt !== null && arrivedAt !== pathname) {
      heading.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    arrivedAt = pathname;
  }, [pathname]);

  return (
    <div className={`page page-${width}`}>
      <header className="page-head">
        <div>
          {above && <div className="page-above">{above}</div>}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p className="page-lead">{lead}</p>}
        </div>
        {action && <div className="page-action">{action}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  lead,
  side,
  children,
}: {
  title: string;
  lead?: ReactNode;
  side?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="section">
      <header className="section-head">
        <div>
          <h2>{title}</h2>
          {lead && <p className="quiet">{lead}</p>}
        </div>
        {side}
      </header>
      {children}
    </section>
  );
}

/** The page on which somebody arrived last; the first one of a visit leaves the focus alone. */
let arrivedAt: string | null = null;
