import { useCallback, useState } from 'react';
import type { Facts } from '../../../src/contract/facts.ts';

/** What was said on the page, kept in this tab: a reload or a look at a rulebook loses nothing. */
export function useDraft(name: string, first: Facts) {
  const key = `clearmirror.question.${name}`;
  const [facts, setFacts] = useState(() => read(key) ?? first);
  const change = useCallback(
    (changed: Facts) => {
      sessionStorage.setItem(key, JSON.stringify(changed));
      setFacts(changed);
    },
    [key],
  );
  const clear = useCallback(() => {
    sessionStorage.removeItem(key);
    setFacts(first);
  }, [key, first]);
  return { facts, change, clear, touched: JSON.stringify(facts) !== JSON.stringify(first) };
}

function read(key: string): Facts | null {
  const kept = sessionStorage.getItem(key);
  return kept === null ? null : JSON.parse(kept);
}
