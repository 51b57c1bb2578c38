import type { MultiBar, Options } from 'cli-progress';

export const barOptions: Options = {
  stream: process.stderr,
  hideCursor: true,
  clearOnComplete: true,
  barsize: 24,
  barCompleteChar: '█',
  barIncompleteChar: '░',
  gracefulExit: false,
  forceRedraw: true,
};

/** Lines that shall stay go above the bar when both are on the terminal. */
export function printAbove(bars: MultiBar, out: (text: string) => void, text: string): void {
  if (process.stdout.isTTY) printOnBar(bars, text);
  else out(text);
}

/** The bar is drawn anew below. */
export function printOnBar(bars: MultiBar, text: string): void {
  bars.log(text.endsWith('\n') ? text : `${text}\n`);
}
