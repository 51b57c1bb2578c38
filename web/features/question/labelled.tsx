import { type ReactNode, useId } from 'react';

/** A field with its label above it. `children` gives the field the id that the label names. */
export function Labelled(props: { label: string; fact?: string | null; children: (id: string) => ReactNode }) {
  const { label, fact, children } = props;
  const id = useId();
  return (
    <div className="labelled" {...(fact && { id: `fact-${fact}` })}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
