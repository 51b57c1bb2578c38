import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useMe } from '../../../api/me.ts';

/** What the parts of one result share: whether the media is uncovered, and the moment that is looked at. */
export interface Viewing {
  /** The person asked to see and hear it. */
  revealed: boolean;
  toggle: () => void;
  /** CSS filter that covers pictures now; `none` once uncovered, or where the person's own setting says so. */
  filter: string;
  blurred: boolean;
  muted: boolean;
  positionMs: number | null;
  seek: (ms: number) => void;
  /** The player that follows `seek`. */
  attach: (player: HTMLMediaElement | null) => void;
  moved: (ms: number) => void;
}

export function ViewingProvider({ children }: { children: ReactNode }) {
  const { preferences } = useMe();
  const [revealed, setRevealed] = useState(false);
  const [positionMs, setPositionMs] = useState<number | null>(null);
  const player = useRef<HTMLMediaElement | null>(null);
  const toggle = useCallback(() => setRevealed((was) => !was), []);
  const seek = useCallback((ms: number) => {
    setPositionMs(ms);
    if (player.current) player.current.currentTime = ms / 1000;
  }, []);
  const attach = useCallback((element: HTMLMediaElement | null) => {
    player.current = element;
  }, []);
  useRevealKey(toggle);
  const { blur, grey, muted } = preferences;
  const viewing = useMemo((): Viewing => {
    const blurred = blur && !revealed;
    const filter = [blurred && 'blur(18px)', grey && !revealed && 'grayscale(1)'].filter(Boolean).join(' ') || 'none';
    return { revealed, toggle, filter, blurred, muted, positionMs, seek, attach, moved: setPositionMs };
  }, [revealed, toggle, blur, grey, muted, positionMs, seek, attach]);
  return <ViewingContext value={viewing}>{children}</ViewingContext>;
}

export function useViewing(): Viewing {
  const viewing = useContext(ViewingContext);
  if (!viewing) throw new Error('useViewing is for parts of a result');
  return viewing;
}

/** A time that leads there. */
export function SeekLink({ toMs, words }: { toMs: number; words: string }) {
  const { seek } = useViewing();
  return (
    <button type="button" className="seek" onClick={() => seek(toMs)}>
      {words}
    </button>
  );
}

const ViewingContext = createContext<Viewing | null>(null);

/** R uncovers and covers again, unless somebody is writing. */
function useRevealKey(toggle: () => void): void {
  useEffect(() => {
    const press = ({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent) => {
      if (key.toLowerCase() !== 'r' || ctrlKey || metaKey || altKey) return;
      if (target instanceof HTMLElement && target.closest('input, textarea, select, [role="dialog"]')) return;
      toggle();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [toggle]);
}
