import { type FactKind, factKinds, isFactName } from '../../contract/facts.ts';
import type { Rulebook } from '../../contract/rulebook.ts';
import type { Condition, FactCondition } from '../../contract/rulebook-condition.ts';
import type { Report } from './mistakes.ts';

/** Every condition names facts, words, definitions and parameters that exist, and asks of a fact what it can answer. */
export function checkConditions(rulebook: Rulebook, report: Report): void {
  for (const { condition, path } of conditionsOf(rulebook)) checkCondition(condition, path, rulebook, report);
  for (const [index, { id }] of rulebook.definitions.entries()) {
    if (reaches(id, id, rulebook, new Set())) report('definition-circle', ['definitions', index, 'when'], { id });
  }
}

/** The conditions of a rulebook with their places. */
export function conditionsOf(rulebook: Rulebook): { condition: Condition; path: (string | number)[] }[] {
  const { scope, definitions, triggers, requirements } = rulebook;
  return [
    { condition: scope.when, path: ['scope', 'when'] },
    ...definitions.map(({ when }, index) => ({ condition: when, path: ['definitions', index, 'when'] })),
    ...triggers.map(({ when }, index) => ({ condition: when, path: ['triggers', index, 'when'] })),
    ...requirements.flatMap(({ when }, index) =>
      when ? [{ condition: when, path: ['requirements', index, 'when'] }] : [],
    ),
  ];
}

/** Ids of the definitions that a condition names. */
export function definitionsIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(definitionsIn);
  if ('any' in condition) return condition.any.flatMap(definitionsIn);
  if ('not' in condition) return definitionsIn(condition.not);
  return 'definition' in condition ? [condition.definition] : [];
}

function checkCondition(condition: Condition, path: (string | number)[], rulebook: Rulebook, report: Report): void {
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : [];
  const word = 'all' in condition ? 'all' : 'any';
  for (const [index, part] of parts.entries()) checkCondition(part, [...path, word, index], rulebook, report);
  if ('not' in condition) checkCondition(condition.not, [...path, 'not'], rulebook, report);
  if ('definition' in condition && !rulebook.definitions.some(({ id }) => id === condition.definition)) {
    report('unknown-definition', [...path, 'definition'], { id: condition.definition });
  }
  if ('fact' in condition) checkFact(condition, path, rulebook, report);
}

const questions: Record<FactKind['kind'], string[]> = {
  flag: ['is'],
  choice: ['is', 'isOneOf'],
  list: ['has', 'hasAny', 'hasAll'],
  figure: ['atLeast', 'moreThan'],
  day: ['onOrAfter', 'before'],
};

function checkFact(condition: FactCondition, path: (string | number)[], rulebook: Rulebook, report: Report): void {
  const { fact, ...rest } = condition;
  const [[question, asked] = ['', null]]: [string, unknown][] = Object.entries(rest);
  if (!isFactName(fact)) {
    report('unknown-fact', [...path, 'fact'], { fact });
    return;
  }
  const kind: FactKind = factKinds[fact];
  const can = questions[kind.kind];
  if (!can.includes(question) || (kind.kind === 'flag' && typeof asked !== 'boolean')) {
    report('wrong-question', [...path, question], { fact, question, can: can.join(', ') });
  } else if (kind.kind === 'choice' || kind.kind === 'list') {
    for (const word of [asked].flat()) {
      if (typeof word === 'string' && kind.of.includes(word)) continue;
      report('unknown-word', [...path, question], { fact, word: String(word), known: kind.of.join(', ') });
    }
  } else if (typeof asked === 'object' && asked !== null && 'parameter' in asked) {
    const id = String(asked.parameter);
    if (rulebook.parameters.some((parameter) => parameter.id === id)) return;
    report('unknown-parameter', [...path, question], { id });
  }
}

function reaches(from: string, to: string, rulebook: Rulebook, seen: Set<string>): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const definition = rulebook.definitions.find(({ id }) => id === from);
  const next = definition ? definitionsIn(definition.when) : [];
  return next.some((id) => id === to || reaches(id, to, rulebook, seen));
}
