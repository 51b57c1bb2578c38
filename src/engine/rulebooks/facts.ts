import { type FactName, type Facts, factKinds, figureSchema } from '../../contract/facts.ts';
import type { FactValue } from '../../contract/question.ts';

/** The value of a fact by its dotted name, or null when it is not known. */
export function readFact(facts: Facts, name: FactName): FactValue | null {
  let value: unknown = facts;
  for (const part of name.split('.')) {
    value = isRecord(value) ? value[part] : undefined;
  }
  switch (factKinds[name].kind) {
    case 'flag':
      return typeof value === 'boolean' ? value : null;
    case 'choice':
    case 'day':
      return typeof value === 'string' ? value : null;
    case 'list':
      return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : null;
    case 'figure':
      return figureSchema.safeParse(value).data ?? null;
  }
}

/** The day or moment that a fact holds: of a figure, the day it was counted. */
export function dayOf(facts: Facts, name: FactName): string | null {
  const value = readFact(facts, name);
  if (typeof value === 'string') return value;
  return isRecord(value) && typeof value['asOf'] === 'string' ? value['asOf'] : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
