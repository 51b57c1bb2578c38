import { useCallback, useEffect, useState } from 'react';
import type { FactName } from '../../../src/contract/facts.ts';

/** Leads to the place of a fact on the page, also when its question comes onto the page only now. */
export function useTell(): { wanted: FactName | null; tell: (fact: FactName) => void } {
  const [asked, setAsked] = useState<{ fact: FactName; time: number } | null>(null);
  const tell = useCallback((fact: FactName) => setAsked((before) => ({ fact, time: (before?.time ?? 0) + 1 })), []);
  useEffect(() => {
    if (asked) goTo(asked.fact);
  }, [asked]);
  return { wanted: asked?.fact ?? null, tell };
}

function goTo(fact: FactName): void {
  const place = document.getElementById(`fact-${fact}`);
  if (!place) return;
  place.closest('details')?.setAttribute('open', '');
  place.scrollIntoView({ block: 'center' });
  place.querySelector<HTMLElement>('input:checked, input, button')?.focus({ preventScroll: true });
  place.classList.remove('is-wanted');
  // Read, so that the mark begins anew when the same place is asked for twice.
  void place.offsetWidth;
  place.classList.add('is-wanted');
}
