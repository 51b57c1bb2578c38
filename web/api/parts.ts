import { reachServer } from './reach.ts';

/**
 * Whether the files came that this tab asked for. An update of Clearmirror replaces them all, so a tab from before it asks for files that
 * are gone (`renewed`); anything else that keeps one back is `missing`.
 */
export type Parts = 'whole' | 'missing' | 'renewed';

/** Hears of every part that did not come. Called once. */
export function followParts(): void {
  addEventListener('vite:preloadError', ({ payload }) => {
    failures.add(payload);
    void look();
  });
}

/** Whether this was thrown because a part did not come, and not by a part that did. */
export function isMissingPart(error: unknown): boolean {
  return error instanceof Error && failures.has(error);
}

export function watchParts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentParts(): Parts {
  return parts;
}

let parts: Parts = 'whole';
const failures = new WeakSet<Error>();
const listeners = new Set<() => void>();

/** The file with which this tab began is gone after an update, like all others. A silent server is told of by itself. */
async function look(): Promise<void> {
  const first = document.querySelector<HTMLScriptElement>('script[type=module][src]');
  if (parts === 'renewed' || !first) return;
  try {
    const { status } = await reachServer(new Request(first.src, { method: 'HEAD', cache: 'no-store' }));
    parts = status === 404 ? 'renewed' : 'missing';
  } catch {
    return;
  }
  for (const listener of listeners) listener();
}
