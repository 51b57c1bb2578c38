import { numberList, resultLine } from './findings.ts';
import type { FilledForm, RequirementResult } from './form.ts';
import { type Block, blank, both, type Cell, cell, heading, heads, line, text } from './sheet.ts';
import { words } from './words.ts';

/** 附件一: every requirement with its result, why, and on what evidence. */
export function annexRequirements(filled: FilledForm): Block[] {
  const { lang, results } = filled;
  if (results.length === 0) return [heading(lang, 'annex1'), { kind: 'lines', lines: both(lang, words.none) }];
  return [
    heading(lang, 'annex1'),
    {
      kind: 'table',
      columns: [15, 34, 14, 25, 12],
      head: heads(lang, ['clause', 'requirement', 'finding', 'reason', 'evidence']),
      rows: results.map((result) => resultRow(filled, result)),
      dense: true,
      together: false,
    },
  ];
}

function resultRow({ lang }: FilledForm, { requirement, result, reason, evidence }: RequirementResult): Cell[] {
  const unread = requirement.verified ? [] : both(lang, words.unverified, 'warns');
  return [
    cell([...text(requirement.clause[lang]), line(requirement.id, 'quiet')]),
    cell([...both(lang, requirement.title, 'strong'), ...both(lang, requirement.text), ...unread]),
    cell([resultLine(lang, result)]),
    cell(reason?.trim() ? text(reason) : blank(lang)),
    cell([line(numberList(lang, evidence))]),
  ];
}
