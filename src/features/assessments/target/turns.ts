import { setTimeout as wait } from 'node:timers/promises';

/** Lets nobody through more often than `perSecond`, evenly spread, in the order in which they came. */
export function turns(perSecond: number, now: () => number = performance.now.bind(performance)) {
  const everyMs = 1000 / perSecond;
  let next = 0;
  return async (signal: AbortSignal): Promise<void> => {
    const at = Math.max(next, now());
    next = at + everyMs;
    const left = at - now();
    if (left > 0) await wait(left, undefined, { signal });
  };
}
