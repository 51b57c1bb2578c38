import { useEffect, useState, useSyncExternalStore } from 'react';
import { type SignedIn, useSetPreferences } from '../api/me.ts';
import { usePart } from './use-part.ts';

/** Shows the tour again. */
export function openTour(): void {
  change(true);
}

/** The tour opens by itself once in a person's life here. */
export function TourDoor({ me }: { me: SignedIn }) {
  const asked = useSyncExternalStore(watch, () => wanted);
  const [first, setFirst] = useState(false);
  const remember = useSetPreferences();
  const { tourSeen } = me.preferences;
  useEffect(() => {
    if (tourSeen) return;
    // After the page has settled, so that the tour points at things that no longer move.
    const timer = setTimeout(() => setFirst(true), 600);
    return () => clearTimeout(timer);
  }, [tourSeen]);
  const hide = () => {
    change(false);
    setFirst(false);
  };
  const close = () => {
    hide();
    if (!tourSeen) remember.mutate({ tourSeen: true });
  };
  const GuidedTour = usePart(asked || first, async () => (await import('./tour.tsx')).GuidedTour, hide);
  return GuidedTour && <GuidedTour onClose={close} />;
}

let wanted = false;
const listeners = new Set<() => void>();

function change(to: boolean): void {
  wanted = to;
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
