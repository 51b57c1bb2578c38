import { MultiBar, type SingleBar } from 'cli-progress';
import type { FoundFile } from '../features/screening/walk.ts';
import { barOptions, printAbove } from './progress-bar.ts';
import { plain } from './screen-text.ts';

export interface Progress {
  counting: (files: AsyncIterable<FoundFile>) => AsyncIterable<FoundFile>;
  settled: (file: FoundFile) => void;
  print: (out: (text: string) => void, text: string) => void;
  stop: () => void;
}

/** One line on the terminal's error stream; nothing at all when nobody watches. */
export function showProgress(wanted: boolean): Progress {
  const watched = wanted && process.stderr.isTTY === true;
  if (!watched)
    return { counting: (files) => files, settled: () => {}, print: (out, text) => out(text), stop: () => {} };
  const bars = new MultiBar({ ...barOptions, format: ' {bar} {value}/{total} {name}' });
  const bar: SingleBar = bars.create(0, 0, { name: '' });
  let total = 0;
  return {
    async *counting(files) {
      for await (const file of files) {
        total += 1;
        bar.setTotal(total);
        yield file;
      }
    },
    settled: (file) => bar.increment(1, { name: plain(file.name, 'text').slice(-40) }),
    print: (out, text) => printAbove(bars, out, text),
    stop: () => bars.stop(),
  };
}
