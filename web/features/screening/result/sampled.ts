import type { Say } from '../../../words/words.ts';
import { clockTick, count } from '../figures.ts';
import type { Shown } from './shown.ts';

/** What was really looked at, in words: nobody must read more into a screening than was screened. */
export function sampledWords({ record: { media } }: Shown, say: Say, lang: 'en' | 'zh'): string | null {
  if (media === null) return null;
  const { frames, framePick, audioMs, whole } = media.sampled;
  const parts: string[] = [];
  if (framePick === 'whole-image') parts.push(say('report.sampled.whole-image'));
  else if (frames > 0) {
    const what = framePick === 'key-frames' ? 'key-frame' : 'frame';
    parts.push(
      say(frames === 1 ? `report.sampled.one-${what}` : `report.sampled.${what}s`, { number: count(lang, frames) }),
    );
  }
  if (audioMs > 0) {
    const all = whole || (media.durationMs !== null && audioMs >= media.durationMs - 100);
    const length =
      audioMs < 120_000
        ? say('report.seconds', { number: (audioMs / 1000).toFixed(audioMs < 10_000 ? 1 : 0) })
        : say('report.minutes', { clock: clockTick(audioMs, 1000) });
    parts.push(say(all ? 'report.sampled.all-audio' : 'report.sampled.audio', { length }));
  }
  if (parts.length === 0) return say('report.sampled.nothing');
  return say('report.sampled', { what: parts.join(say('report.list.and')) });
}
