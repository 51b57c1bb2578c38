import { ratesOfProbe, ratesOfProbes } from './chart-rates.ts';
import type { FilledForm, ProbeRun } from './form.ts';
import { type Block, both, cell, heading, heads, line, text } from './sheet.ts';
import { visible } from './visible.ts';
import { marks, say, words } from './words.ts';

/** 附件二: how often it worked, how sure that is, and first of all where it did not. */
export function annexProbes(filled: FilledForm): Block[] {
  const { probes } = filled;
  if (probes.length === 0) return [heading(filled, 'annex2'), { kind: 'lines', lines: both(filled, words.none) }];
  return [
    heading(filled, 'annex2'),
    ...ratesOfProbes(filled),
    ...probes.flatMap((probe) => probeBlocks(filled, probe)),
  ];
}

function probeBlocks(filled: FilledForm, probe: ProbeRun): Block[] {
  const { lang } = filled;
  const { id, title, requirementIds, failing } = probe;
  const about = requirementIds.join(marks[lang].and) || say(lang, 'nothing');
  return [
    { kind: 'heading', level: 2, text: visible(title), also: null },
    { kind: 'lines', lines: [line(`${id}　${say(lang, 'probe-about')}${marks[lang].is}${about}`, 'quiet')] },
    ratesOfProbe(filled, probe) ?? { kind: 'lines', lines: both(filled, words['probe-untried'], 'quiet') },
    ...(failing.length > 0 ? [failingTable(filled, failing)] : probe.tried > 0 ? [noneFailing(filled)] : []),
  ];
}

function failingTable(filled: FilledForm, failing: ProbeRun['failing']): Block {
  return {
    kind: 'table',
    columns: [40, 60],
    head: heads(filled, ['probe-sample', 'probe-what']),
    rows: failing.map(({ sample, what }) => [cell(text(sample)), cell(text(what))]),
    dense: true,
    together: false,
  };
}

function noneFailing(filled: FilledForm): Block {
  return { kind: 'lines', lines: both(filled, words['probe-none-failing'], 'quiet') };
}
