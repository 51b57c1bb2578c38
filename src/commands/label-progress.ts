import { basename } from 'node:path';
import { MultiBar } from 'cli-progress';
import { barOptions, printAbove, printOnBar } from './progress-bar.ts';
import { plain } from './screen-text.ts';

export interface LabelProgress {
  /** How far one of the files is, 0…1. */
  reached: (input: string, share: number) => void;
  settled: (input: string) => void;
  print: (out: (text: string) => void, text: string) => void;
  complain: (err: (text: string) => void, text: string) => void;
  stop: () => void;
}

/** One line on the terminal's error stream over all files, by what their encoders say; nothing at all when nobody watches. */
export function showLabelProgress(wanted: boolean, files: number): LabelProgress {
  if (!wanted || process.stderr.isTTY !== true) {
    const plainly: LabelProgress['print'] = (out, text) => out(text);
    return { reached: () => {}, settled: () => {}, print: plainly, complain: plainly, stop: () => {} };
  }
  const bars = new MultiBar({ ...barOptions, format: ' {bar} {percentage} % {name}' });
  const bar = bars.create(files, 0, { name: '' });
  const under = new Map<string, number>();
  let settled = 0;
  const draw = (input: string) => {
    const shares = [...under.values()].reduce((sum, share) => sum + share, 0);
    bar.update(settled + shares, { name: plain(basename(input), 'text').slice(-40) });
  };
  return {
    reached: (input, share) => {
      under.set(input, share);
      draw(input);
    },
    settled: (input) => {
      under.delete(input);
      settled += 1;
      draw(input);
    },
    print: (out, text) => printAbove(bars, out, text),
    // It is the bar's own stream.
    complain: (_err, text) => printOnBar(bars, text),
    stop: () => bars.stop(),
  };
}
