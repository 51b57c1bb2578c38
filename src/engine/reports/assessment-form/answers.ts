import { type Answer, type FormField, isEmpty, isTable, type TableAnswer } from './form.ts';
import { blank, both, boxed, type Edition, type Line, line, text } from './sheet.ts';
import { say } from './words.ts';

/** What stands in the cell of a field. Nothing that was answered is left out, whether or not the form foresaw it. */
export function answerLines(edition: Edition, field: FormField, answer: Answer): Line[] {
  if (field.options !== undefined) return optionLines(edition, field.options, answer);
  if (isEmpty(answer)) return blank(edition.lang, field.kind === 'long-text' ? 3 : 1);
  return looseLines(answer);
}

/** An answer of which nobody knows the kind. */
export function looseLines(answer: Answer): Line[] {
  if (answer === null) return [];
  if (typeof answer === 'string') return text(answer);
  return isTable(answer) ? tableLines(answer) : answer.flatMap((one) => text(one));
}

function optionLines(edition: Edition, options: NonNullable<FormField['options']>, answer: Answer): Line[] {
  const chosen = typeof answer === 'string' ? [answer] : answer === null || isTable(answer) ? [] : answer;
  const offered = options.flatMap(({ id, label }) => boxed(both(edition, label), chosen.includes(id)));
  const others = chosen.filter((id) => id.trim() !== '' && !options.some((option) => option.id === id));
  return [
    ...offered,
    ...others.map((id) => line(`${id}${say(edition.lang, 'unknown-option')}`, 'plain', 'ticked')),
    ...(answer !== null && isTable(answer) ? tableLines(answer) : []),
    ...(isEmpty(answer) ? blank(edition.lang) : []),
  ];
}

/** Where a table was given to a field that is none: one line a row. */
function tableLines({ columns, rows }: TableAnswer): Line[] {
  const separator = ' ｜ ';
  return [line(columns.join(separator), 'strong'), ...rows.map((row) => line(row.join(separator)))];
}
