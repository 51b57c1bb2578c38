import { daysOf, daysOfHazards } from './chart-days.ts';
import type { FilledForm, Hazard } from './form.ts';
import { type Block, blank, both, type Cell, cell, heading, heads, line, text } from './sheet.ts';
import { say, words } from './words.ts';

/** 附件三: what was found unsafe, how far its rectification is, and how anyone can see it again. */
export function annexHazards(filled: FilledForm): Block[] {
  const { hazards } = filled;
  if (hazards.length === 0) return [heading(filled, 'annex3'), { kind: 'lines', lines: both(filled, words.none) }];
  const onlyDue = hazards.every((one) => [one.planned, one.extended, one.done, one.verified].every((at) => at == null));
  return [
    heading(filled, 'annex3'),
    ...daysOfHazards(filled),
    {
      kind: 'table',
      columns: onlyDue ? [8, 28, 12, 12, 14, 26] : [7, 25, 10, 11, 22, 25],
      head: heads(filled, ['no', 'hazard', 'severity', 'state', onlyDue ? 'due' : 'dates', 'reproduce']),
      rows: hazards.map((hazard) => hazardRow(filled, hazard, onlyDue)),
      dense: true,
      together: false,
    },
  ];
}

function hazardRow(filled: FilledForm, hazard: Hazard, onlyDue: boolean): Cell[] {
  const { lang, document } = filled;
  const { no, title, severity, state, reproduce } = hazard;
  const days = daysOf(hazard, document.timeZone).map(({ shape, word, day }) =>
    line(onlyDue ? day : `${shape} ${say(lang, word)} ${day}`),
  );
  return [
    cell([line(String(no))]),
    cell(text(title)),
    cell(both(filled, severity)),
    cell(both(filled, state)),
    cell(days.length === 0 ? blank(lang) : days),
    cell(reproduce.length === 0 ? blank(lang) : reproduce.flatMap((step, index) => text(`${index + 1}. ${step}`))),
  ];
}
