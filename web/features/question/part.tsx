import type { ReactNode } from 'react';
import type { FactName } from '../../../src/contract/facts.ts';

/** One part of the questions, with its heading. */
export function Part(props: { title: string; lead?: string; fact?: FactName; children: ReactNode }) {
  const { title, lead, fact, children } = props;
  return (
    <section className="part" {...(fact !== undefined && { id: `fact-${fact}` })}>
      <header>
        <h2>{title}</h2>
        {lead !== undefined && <p className="quiet">{lead}</p>}
      </header>
      {children}
    </section>
  );
}
