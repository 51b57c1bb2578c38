import { useEffect, useState } from 'react';

/**
 * The secret part of a one-time link, `/link#secret`. What stands behind `#` is never sent to a server, so it is in no log; it
 * is taken out of the address bar at once, so that it stays in no history and on no screenshot. Null when there was none. Another link
 * that is opened in the same tab changes only this part of the address, and no page is loaded for it.
 */
export function useSecretInAddress(): string | null {
  const [secret, setSecret] = useState(takeSecret);
  useEffect(() => {
    const look = () => setSecret(takeSecret());
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  return secret;
}

/** Kept for this page's life: React may build a component twice, and the address has it only once. */
let taken: string | null = null;

function takeSecret(): string | null {
  const fragment = location.hash.slice(1);
  if (fragment !== '') {
    taken = fragment;
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return taken;
}
