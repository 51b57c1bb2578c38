import { findBrowser } from '../../src/box/browser.ts';

/** The Chromium of this machine, the one without a window where it is there: a third of the work. */
export function browserPath(): string {
  const found = findBrowser();
  if (found === null) throw new Error('no Chromium: ./clearmirror test brings one');
  return found;
}
