import { answerLines, looseLines } from './answers.ts';
import { findingLines } from './findings.ts';
import {
  answerKey,
  type FilledForm,
  type FormField,
  type FormSection,
  isEmpty,
  isTable,
  type TableAnswer,
} from './form.ts';
import { type Block, blank, both, boxed, type Cell, cell, type Line, line, nameCell, text } from './sheet.ts';
import { say } from './words.ts';

const columns = [30, 70] as const;

/** The authority's form: its sections and fields, in its order and by its names. */
export function officialPart(filled: FilledForm): Block[] {
  return [...filled.form.sections.flatMap((section) => sectionBlocks(filled, section)), ...beyondForm(filled)];
}

/** One table a section; a field that is a table itself gets its own, under the same heading. */
function sectionBlocks(filled: FilledForm, section: FormSection): Block[] {
  const { lang, answers } = filled;
  const subject = subjectOf(filled, section);
  const head = [[nameCell(headOf(filled, section, subject), 2)]];
  const blocks: Block[] = [];
  let rows: Cell[][] = [];
  const close = () => {
    if (rows.length > 0) blocks.push({ kind: 'table', columns, head, rows, dense: false, together: false });
    rows = [];
  };
  for (const field of section.fields) {
    const answer = answers[answerKey(section, field)] ?? null;
    if (isTable(answer) && field.kind === 'table' && !isEmpty(answer)) {
      close();
      blocks.push(tableBlock(filled, headOf(filled, section, subject), field, answer));
      continue;
    }
    const lines =
      subject === 'other' ? [line(say(lang, 'other-subject'), 'quiet')] : answerLines(filled, field, answer);
    rows.push([nameCell(both(filled, field.label)), cell([...lines, ...findingLines(filled, field)])]);
  }
  close();
  return blocks;
}

/** Sections that exclude each other: the one that was filled in, the others, or not known yet. */
function subjectOf({ form, answers }: FilledForm, section: FormSection): 'this' | 'other' | 'unknown' | 'only' {
  if (section.oneOf === undefined) return 'only';
  const filledIn = form.sections
    .filter(({ oneOf }) => oneOf === section.oneOf)
    .filter((one) => one.fields.some((field) => !isEmpty(answers[answerKey(one, field)] ?? null)));
  if (filledIn.includes(section)) return 'this';
  return filledIn.length > 0 ? 'other' : 'unknown';
}

function headOf(filled: FilledForm, { label }: FormSection, subject: ReturnType<typeof subjectOf>): Line[] {
  const lines = both(filled, label, 'strong');
  return subject === 'only' ? lines : boxed(lines, subject === 'this');
}

function tableBlock(
  filled: FilledForm,
  section: Line[],
  field: FormField,
  { columns: names, rows }: TableAnswer,
): Block {
  const width = Math.max(1, names.length, ...rows.map((row) => row.length));
  const places = Array.from({ length: width }, (_, index) => index);
  const label = nameCell([...both(filled, field.label), ...findingLines(filled, field)], width);
  return {
    kind: 'table',
    columns: places.map(() => 100 / width),
    head: [[nameCell(section, width)], [label], places.map((index) => nameCell(text(names[index] ?? '', 'strong')))],
    rows: rows.map((row) => places.map((index) => cell(row[index]?.trim() ? text(row[index]) : blank(filled.lang)))),
    dense: true,
    together: rows.length <= 6 && rows.flat().join('').length < 1_000,
  };
}

/** Answers to which the form has no field, such as those to an older edition of it. */
function beyondForm({ lang, form, answers }: FilledForm): Block[] {
  const known = new Set(form.sections.flatMap((section) => section.fields.map((field) => answerKey(section, field))));
  const rows = Object.entries(answers)
    .filter(([key, answer]) => !known.has(key) && !isEmpty(answer))
    .map(([key, answer]) => [nameCell(text(key)), cell(looseLines(answer))]);
  if (rows.length === 0) return [];
  const head = [[nameCell([line(say(lang, 'beyond-form'), 'strong')], 2)]];
  return [{ kind: 'table', columns, head, rows, dense: false, together: false }];
}
