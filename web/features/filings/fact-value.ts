import type { FactValue } from '../../../src/contract/question.ts';

/** The value of a fact out of an answer that describes it as anything; null for what no fact can be. */
export function factValue(value: unknown): FactValue | null {
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.filter((word) => typeof word === 'string');
  if (typeof value !== 'object' || value === null || !('value' in value) || !('asOf' in value)) return null;
  const { value: number, asOf } = value;
  return typeof number === 'number' && typeof asOf === 'string' ? { value: number, asOf } : null;
}
