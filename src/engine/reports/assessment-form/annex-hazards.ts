import type { FilledForm } from './form.ts';
import { day } from './moments.ts';
import { type Block, blank, both, cell, heading, heads, line, text } from './sheet.ts';
import { words } from './words.ts';

/** 附件三: what was found unsafe, how far its rectification is, and how anyone can see it again. */
export function annexHazards({ lang, hazards, document }: FilledForm): Block[] {
  if (hazards.length === 0) return [heading(lang, 'annex3'), { kind: 'lines', lines: both(lang, words.none) }];
  return [
    heading(lang, 'annex3'),
    {
      kind: 'table',
      columns: [8, 28, 12, 12, 14, 26],
      head: heads(lang, ['no', 'hazard', 'severity', 'state', 'due', 'reproduce']),
      rows: hazards.map(({ no, title, severity, state, due, reproduce }) => [
        cell([line(String(no))]),
        cell(text(title)),
        cell(both(lang, severity)),
        cell(both(lang, state)),
        cell(due === null ? blank(lang) : [line(day(due, document.timeZone))]),
        cell(reproduce.length === 0 ? blank(lang) : reproduce.flatMap((step, index) => text(`${index + 1}. ${step}`))),
      ]),
      dense: true,
      together: false,
    },
  ];
}
