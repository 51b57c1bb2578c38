import type { Rulebook } from '../../contract/rulebook.ts';
import type { Report } from './mistakes.ts';

/** Fields have names of their own, choices have options, and what a field is about exists. */
export function checkForm({ form, requirements, triggers }: Rulebook, report: Report): void {
  const rules = new Set([...requirements, ...triggers].map(({ id }) => id));
  const sections = form?.sections ?? [];
  for (const [index, { id, fields }] of sections.entries()) {
    const path = ['form', 'sections', index];
    if (sections.findIndex((other) => other.id === id) !== index) report('id-twice', [...path, 'id'], { id });
    for (const [place, field] of fields.entries()) {
      const at = [...path, 'fields', place];
      if (fields.findIndex((other) => other.id === field.id) !== place)
        report('id-twice', [...at, 'id'], { id: field.id });
      const isChoice = field.kind === 'choice' || field.kind === 'choices';
      if (isChoice && !field.options?.length) report('choice-without-options', at, { id: field.id });
      if (field.about !== undefined && !rules.has(field.about)) {
        report('unknown-about', [...at, 'about'], { id: field.id, name: field.about });
      }
    }
  }
}

/** Moves lead from and to states that exist, by rules and clocks that exist. */
export function checkFiling({ filing, requirements, clocks }: Rulebook, report: Report): void {
  if (!filing) return;
  const states = new Set<string>();
  for (const [index, { id }] of filing.states.entries()) {
    if (states.has(id)) report('id-twice', ['filing', 'states', index, 'id'], { id });
    states.add(id);
  }
  for (const [index, move] of filing.moves.entries()) {
    const path = ['filing', 'moves', index];
    for (const end of ['from', 'to'] as const) {
      if (!states.has(move[end])) report('unknown-state', [...path, end], { state: move[end] });
    }
    const id = `${move.from} → ${move.to}`;
    if (move.rule !== undefined && !requirements.some((rule) => rule.id === move.rule)) {
      report('unknown-requirement', [...path, 'rule'], { id, name: move.rule });
    }
    if (move.clock !== undefined && !clocks.some((clock) => clock.id === move.clock)) {
      report('unknown-clock', [...path, 'clock'], { id, name: move.clock });
    }
  }
  for (const [index, { id }] of filing.states.entries()) {
    if (!filing.moves.some(({ from, to }) => from === id || to === id)) {
      report('unreachable-state', ['filing', 'states', index], { state: id });
    }
  }
}
