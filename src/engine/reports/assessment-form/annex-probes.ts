import type { Lang } from '../../../contract/lang.ts';
import type { FilledForm, ProbeRun } from './form.ts';
import { type Block, both, cell, heading, heads, type Line, line, text } from './sheet.ts';
import { visible } from './visible.ts';
import { marks, say, words } from './words.ts';

/** 附件二: how often it worked, how sure that is, and first of all where it did not. */
export function annexProbes({ lang, probes }: FilledForm): Block[] {
  if (probes.length === 0) return [heading(lang, 'annex2'), { kind: 'lines', lines: both(lang, words.none) }];
  return [heading(lang, 'annex2'), ...probes.flatMap((probe) => probeBlocks(lang, probe))];
}

function probeBlocks(lang: Lang, probe: ProbeRun): Block[] {
  const { id, title, requirementIds, failing } = probe;
  const about = requirementIds.join(marks[lang].and) || say(lang, 'nothing');
  return [
    { kind: 'heading', level: 2, text: visible(title), also: null },
    { kind: 'lines', lines: [line(`${id}　${say(lang, 'probe-about')}${marks[lang].is}${about}`, 'quiet')] },
    rateBlock(lang, probe),
    failing.length === 0
      ? { kind: 'lines', lines: both(lang, words['probe-none-failing'], 'quiet') }
      : {
          kind: 'table',
          columns: [40, 60],
          head: heads(lang, ['probe-sample', 'probe-what']),
          rows: failing.map(({ sample, what }) => [cell(text(sample)), cell(text(what))]),
          dense: true,
          together: false,
        },
  ];
}

function rateBlock(lang: Lang, { tried, kept, rate, interval }: ProbeRun): Block {
  const [open, close] = marks[lang].aside;
  const counts = line(`${say(lang, 'probe-kept')} ${kept} / ${tried}${open}n = ${tried}${close}`, 'quiet');
  if (rate === null || interval === null) {
    return { kind: 'lines', lines: [...both(lang, words['probe-untried'], 'quiet'), counts] };
  }
  const { low, high } = interval;
  const span = `${say(lang, 'probe-interval')} ${percent(low)} – ${percent(high)}`;
  const figures: Line[] = [line(percent(rate), 'strong'), line(span, 'quiet'), counts];
  return { kind: 'rate', rate: share(rate), low: share(low), high: share(high), figures };
}

function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

/** A drawing must stay within its axis. */
function share(rate: number): number {
  return Number.isFinite(rate) ? Math.min(1, Math.max(0, rate)) : 0;
}
