import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import type { SignedIn } from '../api/me.ts';

/** Opens the palette from anywhere. */
export function openPalette(): void {
  change(true);
}

/** Listens for Ctrl-K; the palette itself comes when it is first wanted. */
export function PaletteDoor({ me }: { me: SignedIn }) {
  const open = useSyncExternalStore(watch, isOpen);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        change(!isOpen());
      }
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return <Suspense>{open && <Palette me={me} onClose={() => change(false)} />}</Suspense>;
}

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

let opened = false;
const listeners = new Set<() => void>();

function isOpen(): boolean {
  return opened;
}

function change(to: boolean): void {
  opened = to;
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
