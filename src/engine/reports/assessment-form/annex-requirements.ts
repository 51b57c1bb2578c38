import { sharesOfResults } from './chart-shares.ts';
import { numberList, resultLine } from './findings.ts';
import type { FilledForm, RequirementResult } from './form.ts';
import { type Block, blank, both, type Cell, cell, heading, heads, line, text } from './sheet.ts';
import { words } from './words.ts';

/** 附件一: every requirement with its result, why, and on what evidence. */
export function annexRequirements(filled: FilledForm): Block[] {
  const { results } = filled;
  if (results.length === 0) return [heading(filled, 'annex1'), { kind: 'lines', lines: both(filled, words.none) }];
  return [
    heading(filled, 'annex1'),
    sharesOfResults(filled),
    {
      kind: 'table',
      columns: [15, 34, 14, 25, 12],
      head: heads(filled, ['clause', 'requirement', 'finding', 'reason', 'evidence']),
      rows: results.map((result) => resultRow(filled, result)),
      dense: true,
      together: false,
    },
  ];
}

function resultRow(filled: FilledForm, { requirement, result, reason, evidence }: RequirementResult): Cell[] {
  const { lang } = filled;
  const unread = requirement.verified ? [] : both(filled, words.unverified, 'warns');
  return [
    cell([...text(requirement.clause[lang]), line(requirement.id, 'quiet')]),
    cell([...both(filled, requirement.title, 'strong'), ...both(filled, requirement.text), ...unread]),
    cell([resultLine(lang, result)]),
    cell(reason?.trim() ? text(reason) : blank(lang)),
    cell([line(numberList(lang, evidence))]),
  ];
}
