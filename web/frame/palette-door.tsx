import { useEffect, useSyncExternalStore } from 'react';
import type { SignedIn } from '../api/me.ts';
import { usePart } from './use-part.ts';

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
  const close = () => change(false);
  const Palette = usePart(open, async () => (await import('./palette.tsx')).Palette, close);
  return Palette && <Palette me={me} onClose={close} />;
}

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
