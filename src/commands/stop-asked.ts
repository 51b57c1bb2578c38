import { constants } from 'node:os';

/** Until Ctrl-C or SIGTERM. A second signal, the same or another, ends at once: what is not acknowledged is not promised. */
export function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(128 + constants.signals[signal]);
        asked = true;
        resolve();
      });
    }
  });
}
