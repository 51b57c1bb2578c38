import { MultiBar, type SingleBar } from 'cli-progress';
import type { Lang } from '../contract/lang.ts';
import { say } from '../contract/words.ts';
import type { Progress } from '../features/assessments/assessments.ts';
import { barOptions } from './progress-bar.ts';

/** Which probe is at work and how far; nothing at all when nobody watches. */
export function showAssessProgress(wanted: boolean, lang: Lang) {
  if (!wanted || process.stderr.isTTY !== true) return { show: (_progress: Progress) => {}, stop: () => {} };
  const bars = new MultiBar({ ...barOptions, format: ' {bar} {name}  {value}/{total}' });
  let bar: SingleBar | null = null;
  const begin = (total: number, name: string) => {
    bar?.stop();
    if (bar) bars.remove(bar);
    bar = bars.create(Math.max(1, total), 0, { name });
  };
  return {
    show: (progress: Progress) => {
      if (progress.step === 'probe') begin(progress.samples, say(lang, `probe.${progress.probe}`));
      if (progress.step === 'search') begin(progress.publications, say(lang, 'cli.assess.searching'));
      if (progress.step === 'trials' || progress.step === 'searched') bar?.increment(1);
    },
    stop: () => bars.stop(),
  };
}
