import { useState } from 'react';

/**
 * The secret part of a one-time link, `/link#secret`. What stands behind `#` is never sent to a server, so it is in no log; it
 * is taken out of the address bar at once, so that it stays in no history and on no screenshot. Null when there was none.
 */
export function useSecretInAddress(): string | null {
  const [secret] = useState(takeSecret);
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
