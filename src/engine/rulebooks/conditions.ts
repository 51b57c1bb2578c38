import { DateTime } from 'luxon';
import { type FactName, type Facts, isFactName } from '../../contract/facts.ts';
import type { FactValue, Reason } from '../../contract/question.ts';
import type { Both, Definition, Rulebook } from '../../contract/rulebook.ts';
import type { Condition, FactCondition } from '../../contract/rulebook-condition.ts';
import { readFact } from './facts.ts';

/** Three-valued logic after Kleene: a condition is unknown only when some completion of the facts makes it so and another does not. */
export type Truth = 'yes' | 'no' | 'unknown';

export interface Judgement {
  truth: Truth;
  /** What it rests on was read by somebody: of an `any`, one way that holds is enough. */
  verified: boolean;
  /** The facts that decided. */
  because: Reason[];
  /** The facts without which it cannot be decided. Empty unless unknown. */
  missing: FactName[];
}

/** Who asks: the rule whose condition it is. */
export interface Asker {
  id: string;
  clause: Both;
  verified: boolean;
}

export interface ConditionContext {
  facts: Facts;
  rulebook: Rulebook;
  /** Values of the rulebook's parameters by id. */
  parameters: ReadonlyMap<string, number>;
  /** Judges a definition: its condition, and whether it is in force. */
  judgeDefinition: (definition: Definition) => Judgement;
}

/** Judges a condition. Throws an Error for a name that does not exist: `clearmirror rulebook check` finds those. */
export function judgeCondition(condition: Condition, asker: Asker, context: ConditionContext): Judgement {
  if ('fact' in condition) return judgeFact(condition, asker, context);
  if ('always' in condition) return { truth: 'yes', verified: asker.verified, because: [], missing: [] };
  if ('not' in condition) return negate(judgeCondition(condition.not, asker, context));
  if ('all' in condition) return both(condition.all.map((part) => judgeCondition(part, asker, context)));
  // An `any` is a denied `all` of the denied parts.
  if ('any' in condition)
    return negate(both(condition.any.map((part) => negate(judgeCondition(part, asker, context)))));
  const definition = context.rulebook.definitions.find(({ id }) => id === condition.definition);
  if (!definition) throw new Error(`${context.rulebook.id}: no definition ${condition.definition}`);
  return context.judgeDefinition(definition);
}

/** All of them: what decided is every part when it holds, the parts that fail when it does not. */
export function both(parts: Judgement[]): Judgement {
  const truth = parts.some((part) => part.truth === 'no')
    ? 'no'
    : parts.every((part) => part.truth === 'yes')
      ? 'yes'
      : 'unknown';
  const deciding = parts.filter((part) => part.truth === truth);
  return {
    truth,
    verified: truth === 'no' ? deciding.some(({ verified }) => verified) : deciding.every(({ verified }) => verified),
    because: deciding.flatMap(({ because }) => because),
    missing: [...new Set(deciding.flatMap(({ missing }) => missing))],
  };
}

function negate(judgement: Judgement): Judgement {
  const opposite = { yes: 'no', no: 'yes', unknown: 'unknown' } as const;
  return { ...judgement, truth: opposite[judgement.truth] };
}

function judgeFact(condition: FactCondition, asker: Asker, context: ConditionContext): Judgement {
  const { fact } = condition;
  if (!isFactName(fact)) throw new Error(`${context.rulebook.id}, ${asker.id}: no fact ${fact}`);
  const value = readFact(context.facts, fact);
  const { verified } = asker;
  if (value === null) return { truth: 'unknown', verified, because: [], missing: [fact] };
  const { holds, asks } = compare(condition, value, context);
  const reason = { fact, value, asks, holds, rule: asker.id, clause: asker.clause, verified };
  return { truth: holds ? 'yes' : 'no', verified, because: [reason], missing: [] };
}

type Compared = Pick<Reason, 'holds' | 'asks'>;

function compare(condition: FactCondition, value: FactValue, context: ConditionContext): Compared {
  if ('is' in condition) return { holds: value === condition.is, asks: { how: 'is', of: condition.is } };
  if ('isOneOf' in condition) {
    const of = condition.isOneOf;
    return { holds: typeof value === 'string' && of.includes(value), asks: { how: 'isOneOf', of } };
  }
  if ('has' in condition)
    return { holds: words(value).includes(condition.has), asks: { how: 'has', of: condition.has } };
  if ('hasAny' in condition) {
    const of = condition.hasAny;
    return { holds: of.some((word) => words(value).includes(word)), asks: { how: 'hasAny', of } };
  }
  if ('hasAll' in condition) {
    const of = condition.hasAll;
    return { holds: of.every((word) => words(value).includes(word)), asks: { how: 'hasAll', of } };
  }
  if ('atLeast' in condition) {
    const of = threshold(condition.atLeast, context);
    return { holds: number(value) >= of, asks: { how: 'atLeast', of } };
  }
  if ('moreThan' in condition) {
    const of = threshold(condition.moreThan, context);
    return { holds: number(value) > of, asks: { how: 'moreThan', of } };
  }
  const day = dayIn(value, context.rulebook.timeZone);
  if ('onOrAfter' in condition) {
    return { holds: day >= condition.onOrAfter, asks: { how: 'onOrAfter', of: condition.onOrAfter } };
  }
  return { holds: day < condition.before, asks: { how: 'before', of: condition.before } };
}

function words(value: FactValue): string[] {
  return Array.isArray(value) ? value : [];
}

function number(value: FactValue): number {
  return typeof value === 'object' && 'value' in value ? value.value : Number.NaN;
}

function threshold(of: number | { parameter: string }, { parameters, rulebook }: ConditionContext): number {
  if (typeof of === 'number') return of;
  const value = parameters.get(of.parameter);
  if (value === undefined) throw new Error(`${rulebook.id}: no parameter ${of.parameter}`);
  return value;
}

/** ISO days compare as text. */
function dayIn(value: FactValue, timeZone: string): string {
  return typeof value === 'string' ? (DateTime.fromISO(value, { zone: timeZone }).toISODate() ?? '') : '';
}
