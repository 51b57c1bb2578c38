import { answerKey, type FilledForm, isTable } from './form.ts';
import { printable } from './printable.ts';
import { visibleLines } from './visible.ts';

/** Every string that a Chinese report must say. For tests only. */
export function said(filled: FilledForm): string[] {
  const { form, results, evidence, probes, hazards, signatories } = filled;
  const subjectsLeft = new Set(form.sections.flatMap((one) => one.fields.map((field) => answerKey(one, field))));
  const options = new Set(form.sections.flatMap(({ fields }) => fields.flatMap((field) => field.options ?? [])));
  const ids = new Set([...options].map(({ id }) => id));
  const answers = Object.entries(filled.answers).flatMap(([key, answer]) => [
    ...(subjectsLeft.has(key) ? [] : [key]),
    ...(answer === null ? [] : typeof answer === 'string' ? [answer] : isTable(answer) ? answer.rows.flat() : answer),
  ]);
  return [
    form.title.zh,
    filled.title,
    filled.document.id,
    ...form.sections.flatMap(({ label, fields }) => [label.zh, ...fields.map((field) => field.label.zh)]),
    ...[...options].map(({ label }) => label.zh),
    ...answers.filter((answer) => !ids.has(answer)),
    ...results.flatMap((one) => [
      one.requirement.id,
      one.requirement.title.zh,
      one.requirement.text.zh,
      one.reason ?? '',
    ]),
    ...evidence.flatMap((one) => [`${one.no}${one.title}${one.kind.zh}来源：${one.source}`, one.sha256 ?? '']),
    ...probes.flatMap((one) => [one.title, one.id, ...one.failing.flatMap(({ sample, what }) => [sample, what])]),
    ...hazards.flatMap((one) => [`${one.no}${one.title}`, one.severity.zh, one.state.zh, ...one.reproduce]),
    filled.conclusion ?? '',
    ...signatories.flatMap(({ name, role }) => [name, role]),
  ];
}

/** Without what a layout may change: spaces, places to break, and characters that are written out. */
export function squeezed(text: string): string {
  return visibleLines(text)
    .map(printable)
    .join('')
    .replace(/[\s\u200b]|〔U\+200B〕/g, '');
}
